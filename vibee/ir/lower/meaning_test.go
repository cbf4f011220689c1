package lower_test

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/check"
	"github.com/trinity-engine/trinity/vibee/ir/loop/looptest"
	"github.com/trinity-engine/trinity/vibee/ir/lower"
)

// meaning is an op, its inputs, and what hand-written loops make of them.
type meaning struct {
	name   string
	source string
	dims   []int64
	first  [][]byte  // inputs before x: weights, or indices
	x      []float32 // nil: there is none
	want   []float32
}

// TestMeaning runs scheduled programs: their results are those of hand-written loops bit for bit, sums in the
// order that the op states, whatever the schedule and the ranges of work.
func TestMeaning(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, c := range slices.Concat(sums(r), layouts(r), parts(r), blocks(r), dots(r), inPairs(r)) {
		t.Run(c.name, func(t *testing.T) {
			file, err := grammar.Parse("meaning.vibee", []byte("vibee 1\npackage p\n"+c.source))
			if err != nil {
				t.Fatal(err)
			}
			prog, err := check.Check([]*grammar.File{file})
			if err != nil {
				t.Fatal(err)
			}
			for _, target := range []string{"go", "vm"} {
				c.compare(t, prog, target)
			}
		})
	}
}

func (c *meaning) compare(t *testing.T, prog *check.Program, target string) {
	p, err := lower.Op(prog.Ops[0], lower.Options{Target: target, Formats: prog.Formats})
	if err != nil {
		t.Fatal(err)
	}
	in := slices.Clone(c.first)
	if c.x != nil {
		in = append(in, floats(c.x))
	}
	work := looptest.Value(p, p.Work, c.dims)
	for _, step := range []int64{1, max(work, 1)} {
		mem, y := looptest.Memory{}, make([]byte, 4*len(c.want))
		for i, data := range append(slices.Clone(in), y) {
			mem[p.Bufs[i]] = data
		}
		for lo := int64(0); lo < work; lo += step {
			if err := looptest.Run(p, mem, c.dims, nil, lo, min(lo+step, work)); err != nil {
				t.Fatal(err)
			}
		}
		for i, want := range c.want {
			if got := math.Float32frombits(binary.LittleEndian.Uint32(y[4*i:])); math.Float32bits(got) != math.Float32bits(want) {
				t.Fatalf("%s, %d items at a time: y[%d] = %v, want %v", target, step, i, got, want)
			}
		}
	}
}

func floats(x []float32) (data []byte) {
	for _, v := range x {
		data = binary.LittleEndian.AppendUint32(data, math.Float32bits(v))
	}
	return data
}

func normal(r *rand.Rand, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.NormFloat64())
	}
	return x
}

// layouts are ops that move values, in loops of every kind.
func layouts(r *rand.Rand) (list []meaning) {
	const T, D = 2, 9
	x := normal(r, T*D)
	shifted, signed, turned := make([]float32, T*D), make([]float32, T*D), make([]float32, T*D)
	for i := range x {
		t, d := i/D, i%D
		if shifted[i] = 7; d > 0 {
			shifted[i] = x[i-1]
		}
		if signed[i] = -x[i]; d < 4 {
			signed[i] = x[i]
		}
		turned[i] = x[d*T+t]
	}
	for _, schedule := range []string{"", "schedule f for go, vm { loop t, d lanes d by 4 }", "schedule f for go, vm { loop t, d parallel t, d }"} {
		list = append(list,
			meaning{"neighbour " + schedule, "op f(x: f32[T, D]) -> y: f32[T, D] { y[t, d] = if d > 0 { x[t, d - 1] } else { 7 } }\n" + schedule, []int64{T, D}, nil, x, shifted},
			meaning{"condition " + schedule, "op f(x: f32[T, 9]) -> y: f32[T, 9] { y[t, d] = if d < 4 { x[t, d] } else { -x[t, d] } }\n" + schedule, []int64{T}, nil, x, signed},
			meaning{"transposed " + schedule, "op f(x: f32[D, T]) -> y: f32[T, D] { y[t, d] = x[d, t] }\n" + schedule, []int64{D, T}, nil, x, turned},
		)
	}
	const picks = "op f(p: i32[T], x: f32[D]) -> y: f32[T] { y[t] = if t > 0 { x[p[t - 1]] } else { 7 } }"
	inf := float32(math.Inf(1))
	return append(list,
		meaning{"guarded index", picks, []int64{3, 4}, [][]byte{{3, 0, 0, 0, 1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff}}, []float32{10, 11, 12, 13}, []float32{7, 13, 11}},
		meaning{"max", "op f(x: f32[T, D]) -> y: f32[T] { y[t] = max[d](x[t, d]) }", []int64{3, 2}, nil, []float32{-3, -2, -inf, -1e30, -inf, -inf}, []float32{-2, -1e30, -inf}},
		meaning{"min", "op f(x: f32[T, D]) -> y: f32[T] { y[t] = min[d](x[t, d]) }", []int64{3, 2}, nil, []float32{3, 2, inf, 1e30, inf, inf}, []float32{2, 1e30, inf}},
	)
}
