package bind

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trinity-engine/trinity/runtime/eval"
	"github.com/trinity-engine/trinity/runtime/plan"
)

// program makes steps that each write one buffer and read others, each in a pass of its own: steps[i] reads the
// buffers listed and writes buffer i.
func program(reads [][]int, bytes []int) *Program {
	p := steps(reads, bytes)
	for i := range p.Steps {
		p.Passes = append(p.Passes, Pass{{i}})
	}
	p.lifetimes()
	return p
}

func steps(reads [][]int, bytes []int) *Program {
	p := &Program{Model: &plan.Model{Name: "p"}}
	for i := range reads {
		p.Buffers = append(p.Buffers, Buffer{Name: fmt.Sprint(i), First: -1, Last: -1, size: 1, shape: []Size{{value: bytes[i]}}})
		s := Step{Operands: []Operand{{Kind: InBuffer, Index: i, Write: true}}}
		for _, r := range reads[i] {
			s.Operands = append(s.Operands, Operand{Kind: InBuffer, Index: r})
		}
		p.Steps = append(p.Steps, s)
	}
	p.Outputs = []Output{{"last", len(reads) - 1}}
	return p
}

func TestLayoutReusesMemory(t *testing.T) {
	var reads [][]int
	var bytes []int
	for i := range 100 { // a chain
		reads, bytes = append(reads, nil), append(bytes, 1000)
		if i > 0 {
			reads[i] = []int{i - 1}
		}
	}
	p := program(reads, bytes)
	offsets, size, err := p.Layout(eval.Batch{T: 1})
	if err != nil || size != 2*1024 {
		t.Errorf("%d bytes, %v", size, err)
	}
	if diff := cmp.Diff([]int{0, 1024, 0, 1024}, offsets[:4]); diff != "" {
		t.Error(diff)
	}
}

func TestLayoutKeepsTheLivingApart(t *testing.T) {
	const seed = 3
	random := rand.New(rand.NewPCG(seed, seed))
	for range 300 {
		n := 1 + random.IntN(40)
		reads, bytes := make([][]int, n), make([]int, n)
		for i := range reads {
			bytes[i] = random.IntN(5) * random.IntN(1000)
			for range random.IntN(3) * min(i, 1) {
				reads[i] = append(reads[i], random.IntN(i))
			}
		}
		p := steps(reads, bytes)
		at := make([]int, n) // of each step: its pass
		for i := range p.Steps {
			if i == 0 || random.IntN(2) == 0 {
				p.Passes = append(p.Passes, Pass{})
			}
			at[i] = len(p.Passes) - 1
			p.Passes[at[i]] = append(p.Passes[at[i]], Chain{i})
		}
		p.lifetimes()
		first, last := make([]int, n), make([]int, n)
		last[n-1] = n
		for i := range reads {
			first[i] = at[i]
			for _, j := range append(reads[i], i) {
				last[j] = max(last[j], at[i])
			}
		}
		offsets, size, err := p.Layout(eval.Batch{})
		if err != nil {
			t.Fatal(err)
		}
		for i := range p.Buffers {
			if offsets[i]%64 != 0 || offsets[i]+bytes[i] > size {
				t.Fatalf("seed %d: buffer %d of %d bytes at %d of %d", seed, i, bytes[i], offsets[i], size)
			}
			for j := range i {
				together := first[i] <= last[j] && first[j] <= last[i] && bytes[i] > 0 && bytes[j] > 0
				if together && offsets[i] < offsets[j]+bytes[j] && offsets[j] < offsets[i]+bytes[i] {
					t.Fatalf("seed %d: buffers %d and %d overlap", seed, i, j)
				}
			}
		}
	}
}

func TestLayoutOfTooMuch(t *testing.T) {
	p := program([][]int{nil}, []int{1 << 40})
	p.Buffers[0].shape = append(p.Buffers[0].shape, Size{expr: plan.BatchRows})
	if _, _, err := p.Layout(eval.Batch{T: 1 << 30}); err == nil {
		t.Error("2^70 bytes are possible")
	}
}

func TestSlice(t *testing.T) {
	p := program([][]int{nil, {0}, nil, {2}, {3}}, make([]int, 5))
	p.Outputs = []Output{{"a", 1}, {"b", 4}}
	p.Steps = append(p.Steps, Step{Operands: []Operand{{Kind: InBuffer, Index: 2}, {Kind: Pool, Write: true}}})
	for want, steps := range map[Outputs][]int{0: {2, 5}, 1: {0, 1, 2, 5}, 2: {2, 3, 4, 5}, 3: {0, 1, 2, 3, 4, 5}} {
		if diff := cmp.Diff(steps, p.Slice(want)); diff != "" {
			t.Errorf("%b: %s", want, diff)
		}
	}
	set, err := p.Want("b", "a", "b")
	if err != nil || set != 3 {
		t.Errorf("%b, %v", set, err)
	}
	if _, err := p.Want("c"); err == nil || err.Error() != `model p has no output "c", it has a, b` {
		t.Errorf("%v", err)
	}
}
