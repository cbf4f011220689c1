package amxemu

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// multiplied is C after a product of one row of A by one column of B.
func multiplied(t *testing.T, c float32, a, b []float32) float32 {
	t.Helper()
	mem := make(ram, 4096)
	copy(mem, config([2]int{1, 4}, [2]int{1, 2 * len(a)}, [2]int{len(a) / 2, 4}))
	const atC, atA, atB = 1024, 2048, 3072
	binary.LittleEndian.PutUint32(mem[atC:], math.Float32bits(c))
	for i := range a {
		for at, v := range map[int]float32{atA + 2*i: a[i], atB + 64*(i/2) + 2*(i%2): b[i]} {
			if bits := math.Float32bits(v); bits<<16 != 0 {
				t.Fatalf("%v is no bf16", v)
			}
			binary.LittleEndian.PutUint16(mem[at:], uint16(math.Float32bits(v)>>16))
		}
	}
	var u unit
	for _, step := range []struct {
		i  instruction
		at uint64
	}{{instruction{kind: loadConfig}, 0}, {instruction{kind: load, dst: 0}, atC}, {instruction{kind: load, dst: 1}, atA},
		{instruction{kind: load, dst: 2}, atB}, {instruction{kind: pairs, dst: 0, a: 1, b: 2}, 0}, {instruction{kind: store, dst: 0}, atC}} {
		if err := u.run(step.i, mem, step.at, 64); err != nil {
			t.Fatal(err)
		}
	}
	return math.Float32frombits(binary.LittleEndian.Uint32(mem[atC:]))
}

// TestPairs: values that only the manual's order, its roundings and its flushing give.
func TestPairs(t *testing.T) {
	big, inf := float32(0x1p100), float32(math.Inf(1))
	minus := float32(math.Copysign(0, -1))
	for _, test := range []struct {
		name string
		c    float32
		a, b []float32
		want float32
	}{
		{"two products", 1, []float32{2, 3}, []float32{5, 7}, 32},
		{"even and odd columns are summed apart", 0, []float32{1, big, 1, -big}, []float32{1, 1, 1, 1}, 2},
		{"k ascends", 0, []float32{big, 0, 1, 0, -big, 0, 2, 0}, []float32{1, 1, 1, 1, 1, 1, 1, 1}, 2},
		{"the two are added before the third", -big, []float32{1, big}, []float32{1, 1}, 0},
		{"a tie is rounded to even", 1, []float32{0x1p-12, 0}, []float32{0x1p-12, 0}, 1},
		{"a tie is rounded to even above", 1 + 0x1p-23, []float32{0x1p-12, 0}, []float32{0x1p-12, 0}, 1 + 0x1p-22},
		{"a product beyond f32 is not infinite", 0, []float32{-big, 0, big, 0}, []float32{0x1p27, 0, 0x1p28, 0}, 0x1p127},
		{"its sum is", 0, []float32{big, 0, -big, 0}, []float32{0x1p28, 0, 0x1p28, 0}, inf},
		{"a product too small for f32 counts in a sum", 0, []float32{0x1p-126, 0, 0x1p-100, 0}, []float32{1, 0, 0x1p-49, 0}, 0x1p-126 + 0x1p-149},
		{"a subnormal factor is 0", 0, []float32{0x1p-127, 0}, []float32{0x1p100, 0}, 0},
		{"a subnormal sum is 0", 0x1p-127, []float32{0x1p-126, 0}, []float32{1, 0}, 0x1p-126},
		{"a subnormal result is 0", 0, []float32{0x1p-100, 0}, []float32{0x1p-40, 0}, 0},
		{"a product that is lost before the next", 0, []float32{0x1p-63, 0, 0x1p-63, 0}, []float32{0x1p-64, 0, 0x1p-64, 0}, 0},
		{"with its sign", minus, []float32{-0x1p-126, -0x1p-126}, []float32{0x1p-1, 0x1p-1}, minus},
		{"what rounds to the smallest stays", 0x1p-126, []float32{-0x1p-126, 0}, []float32{0x1p-26, 0}, 0x1p-126},
		{"infinity", 1, []float32{inf, 0}, []float32{1, 0}, inf},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := multiplied(t, test.c, test.a, test.b)
			if math.Float32bits(got) != math.Float32bits(test.want) && (got == got || test.want == test.want) {
				t.Errorf("%g (%08x), want %g (%08x)", got, math.Float32bits(got), test.want, math.Float32bits(test.want))
			}
		})
	}
}

// TestPairsExact: small integers give what they do in any order, in tiles of all depths.
func TestPairsExact(t *testing.T) {
	const seed = 1
	r := rand.New(rand.NewPCG(seed, 0))
	for depth := 2; depth <= 32; depth += 2 {
		t.Run(fmt.Sprint(depth), func(t *testing.T) {
			a, b, want := make([]float32, depth), make([]float32, depth), float32(3)
			for i := range a {
				a[i], b[i] = float32(r.IntN(17)-8), float32(r.IntN(17)-8)
				want += a[i] * b[i]
			}
			if got := multiplied(t, 3, a, b); got != want {
				t.Errorf("%v, want %v", got, want)
			}
		})
	}
}
