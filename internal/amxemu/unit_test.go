package amxemu

import (
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
)

// ram is memory from address 0 on.
type ram []byte

func (m ram) read(at uint64, b []byte) error {
	if at+uint64(len(b)) > uint64(len(m)) {
		return &fault{at}
	}
	copy(b, m[at:])
	return nil
}

func (m ram) write(at uint64, b []byte) error {
	if at+uint64(len(b)) > uint64(len(m)) {
		return &fault{at}
	}
	copy(m[at:], b)
	return nil
}

// config is a configuration of rows and bytes a row.
func config(shapes ...[2]int) []byte {
	b := make([]byte, 64)
	b[0] = 1
	for t, s := range shapes {
		b[48+t], b[16+2*t] = byte(s[0]), byte(s[1])
	}
	return b
}

// TestProduct: tiles of any shape against sums written out, in all four pairs of signs; what lies beside a tile's rows
// is 0, and stays.
func TestProduct(t *testing.T) {
	const seed = 1
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	for range 200 {
		m, n, k := 1+r.IntN(16), 1+r.IntN(16), 1+r.IntN(16)
		mem := make(ram, 8192)
		for i := range mem {
			mem[i] = byte(r.Uint32())
		}
		copy(mem, config([2]int{m, 4 * n}, [2]int{m, 4 * k}, [2]int{k, 4 * n}))
		var u unit
		const c, a, b, stride = 1024, 2048, 4096, 68
		i := instruction{kind: product, dst: 0, a: 1, b: 2, signedA: r.IntN(2) == 0, signedB: r.IntN(2) == 0}
		want := make([]int32, m*n)
		at := func(base, row, column int) byte { return mem[base+stride*row+column] }
		for row := range m {
			for col := range n {
				sum := int64(int32(binary.LittleEndian.Uint32(mem[c+stride*row+4*col:])))
				for e := range 4 * k {
					x, y := int64(at(a, row, e)), int64(at(b, e/4, 4*col+e%4))
					if i.signedA {
						x = int64(int8(x))
					}
					if i.signedB {
						y = int64(int8(y))
					}
					sum += x * y
				}
				want[row*n+col] = int32(sum)
			}
		}
		do := func(i instruction, at uint64) {
			t.Helper()
			if err := u.run(i, mem, at, stride); err != nil {
				t.Fatal(err)
			}
		}
		do(instruction{kind: loadConfig}, 0)
		do(instruction{kind: load, dst: 0}, c)
		do(instruction{kind: load, dst: 1}, a)
		do(instruction{kind: load, dst: 2}, b)
		do(i, 0)
		if i.b == 2 && m < 16 && u.tile[0][m] != [maxBytes]byte{} {
			t.Errorf("%d x %d: a row beyond the tile's is not 0", m, n)
		}
		before := append(ram{}, mem...)
		do(instruction{kind: store, dst: 0}, c)
		for row := range m {
			for col := range n {
				if got := int32(binary.LittleEndian.Uint32(mem[c+stride*row+4*col:])); got != want[row*n+col] {
					t.Fatalf("%d x %d x %d, %+v: [%d, %d] is %d, want %d", m, n, k, i, row, col, got, want[row*n+col])
				}
				copy(before[c+stride*row+4*col:], mem[c+stride*row+4*col:][:4])
			}
		}
		if string(before) != string(mem) {
			t.Errorf("%d x %d: bytes beside the tile were written", m, n)
		}
	}
}

// TestRefused: what a processor refuses, and what code may not forget.
func TestRefused(t *testing.T) {
	ready := func(shapes ...[2]int) (u unit) {
		if err := u.configure(config(shapes...)); err != nil {
			t.Fatal(err)
		}
		return u
	}
	reserved, palette := config([2]int{1, 4}), config([2]int{1, 4})
	reserved[5], palette[0] = 1, 2
	square := [2]int{16, 64}
	for _, test := range []struct {
		name string
		u    unit
		i    instruction
		mem  ram
		at   uint64
		want string
	}{
		{"no configuration", unit{}, instruction{kind: zero}, nil, 0, "no configuration"},
		{"not released", ready(square), instruction{kind: loadConfig}, config(square), 0, "not released"},
		{"a palette", unit{}, instruction{kind: loadConfig}, palette, 0, "palette 2"},
		{"reserved bytes", unit{}, instruction{kind: loadConfig}, reserved, 0, "reserved"},
		{"a row too many", unit{}, instruction{kind: loadConfig}, config([2]int{17, 64}), 0, "17 rows"},
		{"a row too wide", unit{}, instruction{kind: loadConfig}, config([2]int{16, 68}), 0, "68 bytes"},
		{"rows of nothing", unit{}, instruction{kind: loadConfig}, config([2]int{1, 0}), 0, "1 rows of 0"},
		{"a tile without a shape", ready(square), instruction{kind: zero, dst: 1}, nil, 0, "tile 1"},
		{"shapes", ready(square, square, [2]int{8, 64}), instruction{kind: product, a: 1, b: 2}, nil, 0, "is no 16 x 64"},
		{"one tile twice", ready(square, square), instruction{kind: product, a: 1, b: 1}, nil, 0, "not three"},
		{"memory", ready(square), instruction{kind: load}, make(ram, 1023), 0, "0x3c0"},
	} {
		err := test.u.run(test.i, test.mem, test.at, 64)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.name, err, test.want)
		}
	}
	var f *fault
	u := ready(square)
	mem := make(ram, 1023)
	if err := u.run(instruction{kind: load}, mem, 0, 64); !errors.As(err, &f) || u.start != 15 {
		t.Errorf("a load that fails at its last row: %v, to go on at row %d", err, u.start)
	}
}
