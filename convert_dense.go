package trinity

import (
	"fmt"
	"math"
	"slices"
	"sync/atomic"

	"github.com/trinity-engine/trinity/runtime/cpu"
	"github.com/trinity-engine/trinity/runtime/plan"
)

// densest finds the smallest uniform form of a tensor, which has rows in its type, that keeps each value; the one at hand
// where none is smaller.
func (c *conversion) densest(p *converting, rows []byte) (*plan.Format, error) {
	for _, f := range c.pack.Denser(p.packed, p.typ, rows, p.width()) {
		kept, err := c.keeps(p, f, rows)
		if err != nil {
			return nil, err
		}
		if kept {
			return f, nil
		}
	}
	return p.packed, nil
}

// keeps reports whether rows of a tensor have the same values in a format that packs them.
func (c *conversion) keeps(p *converting, f *plan.Format, rows []byte) (bool, error) {
	packed, err := c.repack(p, f, rows)
	if err != nil {
		return false, err
	}
	k := &keeping{rows: p.height(), width: p.width()}
	for i, x := range []struct {
		*plan.Format
		rows, tail []byte
	}{{p.typ, rows, p.tail}, {f, packed.Rows, packed.Tail}} {
		kernel := kernelOf("rows", x.Name)
		if kernel == nil {
			return false, fmt.Errorf("tensor %q: no kernel reads %s", p.Name, x.Name)
		}
		k.read[i] = reader{cpu.Kernel(kernel, c.variant), []plan.Buf{plan.Of(x.rows)}}
		if x.Tail > 0 {
			k.read[i].weight = append(k.read[i].weight, plan.Of(x.tail))
		}
	}
	err = c.pool.Do(k.rows, 16, k)
	return !k.differ.Load(), err
}

// keeping compares rows of two forms of a tensor, which workers decode.
type keeping struct {
	rows, width int
	read        [2]reader
	differ      atomic.Bool
}

// reader decodes rows of a weight.
type reader struct {
	kernel *plan.Kernel
	weight []plan.Buf
}

// Run compares some of the rows, one by one, until a value differs.
func (k *keeping) Run(_, lo, hi int) error {
	id := make([]int32, 1)
	var values [2][]float32
	var calls [2]plan.Call
	var scratch [2][]byte
	for i := range k.read {
		values[i] = make([]float32, k.width)
		calls[i] = plan.Call{Buf: append(slices.Clone(k.read[i].weight), plan.Of(id), plan.Of(values[i])), Dim: []int{k.rows, k.width, 1}}
		scratch[i] = plan.View[byte](plan.Of(make([][64]byte, k.read[i].kernel.Scratch(&calls[i])/64+1)))
	}
	for row := lo; row < hi && !k.differ.Load(); row++ {
		id[0] = int32(row)
		for i := range k.read {
			k.read[i].kernel.Run(&calls[i], 0, 1, scratch[i])
		}
		if !slices.EqualFunc(values[0], values[1], func(a, b float32) bool { return math.Float32bits(a) == math.Float32bits(b) }) {
			k.differ.Store(true)
		}
	}
	return nil
}
