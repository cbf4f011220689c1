package vm

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// y[w] = sum over k of W[w, k]*x[k], 4-bit codes with a scale for each row, four rows a strip.
const matmul = `
program matmul 4
dim M
dim K
const %4 int 0
const %5 int 1
const %6 int 4
const %7 f32 0
const %8 int 15
const %9 int 16
const %10 int 2
local %11 int 1      ; row
local %12 int 1
local %13 int 1      ; byte of the row
local %14 f32 4
local %15 int 1
local %16 f32 1
local %17 f32 4
local %18 int 1
local %19 int 1      ; rest
in w u8 bytes size {
  mul %12 $M %9
} %12
in x f32 size {
  mul %12 $K %5
} %12
out y f32 size {
  mul %12 $M %5
} %12
view row w 4 16
view xs x 1 28
map @0 u8 %12 {
  and %12 %12 %8
  convert %16 %12
} %16
map @1 u8 %12 {
  div %12 %12 %9
  convert %16 %12
} %16
work {
  mul %12 $M %5
} %12
code
  whole %11 %19 $lo $hi 4
    mul %12 %11 %9
    open_s row %12 %9
    open xs %4
    copy %14 %7
    for %13 %4 $K 1
      add %15 %13 %10
      peek f32 %16 xs %13
      map_muladd @0 %14 %14 row %15 %16
      map_muladd @1 %14 %14 row %15 %16
    end
    peek f16 %17 row %4
    mul %14 %14 %17
    store_s f32 y %11 %5 %14
  end
`

func f32s(v ...float32) []byte {
	var b []byte
	for _, x := range v {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(x))
	}
	return b
}

func TestMatmul(t *testing.T) {
	p, err := Assemble(matmul)
	if err != nil {
		t.Fatal(err)
	}
	const M, K = 8, 14
	w := make([]byte, M*16)
	for i := range w {
		w[i] = byte(i * 37)
	}
	for r := range M {
		binary.LittleEndian.PutUint16(w[16*r:], toHalf(float32(r)+0.5))
	}
	x := make([]float32, K)
	want := make([]float32, M)
	for k := range x {
		x[k] = float32(k) - 3.25
	}
	for r := range want {
		for k := range x {
			c := w[16*r+2+k]
			want[r] += float32(float32(c&15) * x[k])
			want[r] += float32(float32(c>>4) * x[k])
		}
		want[r] *= float32(r) + 0.5
	}
	xb := f32s(append(x, make([]float32, 14)...)...)
	y := make([]byte, 4*M)
	var m Machine
	a := Args{Bufs: [][]byte{w, xb, y}, Dims: []int{M, K}}
	if err := m.Run(p, &a, 0, M, Limits{}); err == nil {
		t.Error("a view outside of x was allowed")
	} else {
		t.Log(err)
	}
	p.Bufs[1].Size = nil
	if err := p.Verify(); err != nil {
		t.Fatal(err)
	}
	if err := m.Run(p, &a, 0, M, Limits{}); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(f32s(want...), y); d != "" {
		t.Error(d)
	}
	q, err := Decode(p.Encode())
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(Disassemble(p), Disassemble(q)); d != "" {
		t.Error(d)
	}
	q, err = Assemble(Disassemble(p))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(p.Encode(), q.Encode()); d != "" {
		t.Error(d)
	}
	if n := testing.AllocsPerRun(10, func() { _ = m.Run(p, &a, 0, M, Limits{}) }); n != 0 {
		t.Errorf("%v allocations a run", n)
	}
}
