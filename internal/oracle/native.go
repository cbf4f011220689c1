package oracle

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"runtime/debug"
	"slices"

	"github.com/trinity-engine/trinity/runtime/plan"
)

// A Bench keeps the memory that cases run in.
type Bench struct {
	slabs   []slab
	scratch slab
}

// native runs a variant in memory beside closed pages, and gives what its buffers then hold. A
// fault, a panic and a byte written where it may not be are errors.
func (b *Bench) native(k *Kernel, v Variant, c *Case, atEnd bool, ranges [][2]int) (out [][]byte, err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("it panics: %v", r)
		}
	}()
	for len(b.slabs) < len(c.Bufs) {
		b.slabs = append(b.slabs, slab{})
	}
	call := &plan.Call{Dim: c.Dims, F: c.F}
	for i, m := range c.Bufs {
		used, err := b.slabs[i].lend(len(m.Data), atEnd)
		if err != nil {
			return nil, err
		}
		copy(used, m.Data)
		call.Buf = append(call.Buf, b.slabs[i].buf())
	}
	scratch, err := b.scratch.lend((v.Scratch(call)+63)&^63, atEnd)
	if err != nil {
		return nil, err
	}
	for i := range scratch {
		scratch[i] = 0xff // no result comes from what a worker left behind
	}
	for _, r := range ranges {
		v.Run(call, r[0], r[1], scratch)
	}
	if err := b.scratch.check(); err != nil {
		return nil, fmt.Errorf("scratch: %w", err)
	}
	for i, m := range c.Bufs {
		s := &b.slabs[i]
		if err := s.check(); err != nil {
			return nil, fmt.Errorf("%s: %w", m.Name, err)
		}
		if !m.Write && !bytes.Equal(s.used, m.Data) {
			return nil, fmt.Errorf("%s is an input and was written", m.Name)
		}
		out = append(out, slices.Clone(s.used))
	}
	return out, nil
}

// split cuts 0..n into ranges, in no order.
func split(r *rand.Rand, n int) (ranges [][2]int) {
	cuts := []int{0, n}
	for range r.IntN(4) {
		cuts = append(cuts, r.IntN(n+1))
	}
	slices.Sort(cuts)
	for i := range len(cuts) - 1 {
		ranges = append(ranges, [2]int{cuts[i], cuts[i+1]})
	}
	r.Shuffle(len(ranges), func(i, j int) { ranges[i], ranges[j] = ranges[j], ranges[i] })
	return ranges
}
