package vm

import (
	"bytes"
	"testing"
)

// exercise checks what holds for every verified program: its forms give each other, and
// it runs on small buffers without a panic.
func exercise(t *testing.T, p *Program) {
	q, err := Assemble(Disassemble(p))
	if err != nil {
		t.Fatalf("does not assemble: %v\n%s", err, Disassemble(p))
	}
	if !bytes.Equal(p.Encode(), q.Encode()) {
		t.Fatalf("assembles to another program:\n%s", Disassemble(p))
	}
	var m Machine
	a := Args{Dims: make([]int, len(p.Dims)), Scalars: make([]float32, len(p.Scalars))}
	for n := range 4 {
		for i := range a.Dims {
			a.Dims[i] = n * (i + 1)
		}
		a.Bufs = nil
		for i := range p.Bufs {
			if p.Bufs[i].Role.param() {
				a.Bufs = append(a.Bufs, bytes.Repeat([]byte{byte(n), 0x3c, 0x7f, 0xff}, n*n*n))
			}
		}
		if _, err := m.Work(p, a.Dims); err != nil {
			t.Log(err)
		}
		if err := m.Run(p, &a, 0, n*n, Limits{Steps: 5000, Memory: 1 << 16}); err != nil {
			t.Log(err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, text := range []string{matmul, frame, frame + "iota %14\nfor %9 %3 $hi 1\nadd %14 %14 %9\nend"} {
		p, err := Assemble(text)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(p.Encode())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		data = seal(data)
		p, err := Decode(data)
		if err != nil {
			return
		}
		if !bytes.Equal(p.Encode(), data) {
			t.Fatal("encodes to other bytes")
		}
		exercise(t, p)
	})
}

func FuzzAssemble(f *testing.F) {
	f.Add(matmul)
	f.Add(frame + "eq %13 %3 %3\nif %13\ncopy %9 %3\nelse\nopen one %3\nend")
	f.Fuzz(func(t *testing.T, text string) {
		if p, err := Assemble(text); err == nil {
			exercise(t, p)
		}
	})
}
