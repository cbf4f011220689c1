package oracle

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"

	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/vm"
)

// Case is one call of a kernel: its dims, its f32 parameters and what its buffers hold
// before it.
type Case struct {
	Seed   uint64
	Number int
	Kind   Kind
	Wild   bool  // f32 parameters are any: no tolerance is meant for them
	Dims   []int // in the order of plan.Call.Dim
	F      []float32
	Bufs   []Memory

	split int        // indices that the work is shared out by
	rand  *rand.Rand // for how the case is run
}

// Memory is one buffer of a call.
type Memory struct {
	Name  string
	Elem  vm.Mem
	Write bool
	Data  []byte
	runs  int // of each a work item has its own part; 0: it may touch any
}

// Kind is a way to choose values.
type Kind int

const (
	Lattice     Kind = iota // small integers: sums of products are exact in any order
	OneHot                  // one tensor has one value a row that is not 0
	Random                  // normal, of a magnitude of its own for each tensor
	Adversarial             // NaN, infinities, subnormals, zeros, the largest and the smallest among random ones
	kinds
)

func (k Kind) String() string {
	return [...]string{"lattice", "one-hot", "random", "adversarial"}[k]
}

// Case makes the case of that number. Four in a row have the four kinds.
func (k *Kernel) Case(seed uint64, number int) (*Case, error) {
	h := fnv.New64a()
	fmt.Fprintf(h, "%s %d", k.Name(), number)
	r := rand.New(rand.NewPCG(seed, h.Sum64()))
	c := &Case{Seed: seed, Number: number, Kind: Kind(number % int(kinds)), rand: r}
	s, err := k.shape(r, number)
	if err != nil {
		return nil, err
	}
	c.Dims = s.dims(k.Op)
	if k.Op.Split != nil {
		c.split = s.eval(k.Op.Split)
	}
	fill := &filler{Rand: r, kind: c.Kind, hot: k.hot(r, c.Kind)}
	c.Wild = c.Kind == Adversarial && r.IntN(4) == 0
	weights := 0
	add := func(p *plan.Param, data []byte) {
		b := &k.Loop.Bufs[len(c.Bufs)]
		c.Bufs = append(c.Bufs, Memory{Name: b.Name, Elem: b.Elem, Write: p.Write, Data: data})
	}
	for i := range k.Op.Params {
		p := &k.Op.Params[i]
		fill.one = i == fill.hot
		first := len(c.Bufs)
		elem := k.Loop.Bufs[min(len(c.Bufs), len(k.Loop.Bufs)-1)].Elem
		switch p.Kind {
		case plan.ParamTensor:
			extents := s.extents(p.Shape)
			data := make([]byte, product(extents)*elem.Bytes())
			switch {
			case p.Write:
				fill.junk(data)
			case elem.Type() == vm.Int:
				fill.integers(elem, data, s.limit(p))
			default:
				fill.floats(elem, data, extents[len(extents)-1])
			}
			add(p, data)
		case plan.ParamWeight:
			e := s.extents(p.Shape)
			rows, tail, err := fill.weight(k.Formats[weights], k.encoders[weights], e[0], e[1])
			if err != nil {
				return nil, err
			}
			if p.Write {
				fill.junk(rows)
			}
			add(p, rows)
			if len(tail) > 0 && !p.Write {
				add(p, tail)
			}
			weights++
		case plan.ParamPlace:
			seq, pos := s.places()
			add(p, seq)
			add(p, pos)
		case plan.ParamState:
			pool, table := s.pages(r, s.eval(p.Shape[0]))
			fill.floats(elem, pool, len(pool)/elem.Bytes())
			add(p, pool)
			add(p, table)
		case plan.ParamF32:
			c.F = append(c.F, fill.scalar(c.Wild))
		}
		if p.Runs != nil && (p.Kind != plan.ParamWeight || k.Formats[weights-1].Rows == 1) { // else rows lie side by side
			c.Bufs[first].runs = s.eval(p.Runs)
		}
	}
	return c, nil
}

// hot chooses the parameter that is one-hot.
func (k *Kernel) hot(r *rand.Rand, kind Kind) int {
	var tensors []int
	for i, p := range k.Op.Params {
		if p.Kind == plan.ParamTensor && p.Elem == "f32" && !p.Write {
			tensors = append(tensors, i)
		}
	}
	if kind != OneHot || len(tensors) == 0 {
		return -1
	}
	return tensors[r.IntN(len(tensors))]
}

func (c *Case) String() string {
	return fmt.Sprintf("seed %d, case %d (%v): dims %v, f32 %v", c.Seed, c.Number, c.Kind, c.Dims, c.F)
}
