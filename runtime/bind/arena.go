package bind

import (
	"fmt"
	"math"
	"slices"

	"github.com/trinity-engine/trinity/runtime/eval"
)

// align is what arena offsets are a multiple of.
const align = 64

// lifetimes finds the first and last pass that uses each buffer: the steps of one run at the same time. Outputs live
// to the end.
func (p *Program) lifetimes() {
	use := func(i, pass int) {
		b := &p.Buffers[i]
		if b.First < 0 {
			b.First = pass
		}
		b.Last = pass
	}
	for i, pass := range p.Passes {
		for _, chain := range pass {
			for _, step := range chain {
				for _, o := range p.Steps[step].Operands {
					if o.Kind == InBuffer {
						use(o.Index, i)
					}
				}
			}
		}
	}
	for _, o := range p.Outputs {
		use(o.Buffer, len(p.Passes))
	}
}

// Values gives the number of a buffer's elements for a batch.
func (b *Buffer) Values(batch *eval.Batch) (int, error) {
	n := int64(1)
	for _, s := range b.shape {
		d, err := s.At(batch)
		if err != nil {
			return 0, fmt.Errorf("buffer %s: %w", b.Name, err)
		}
		ok := false
		if n, ok = eval.Mul(n, int64(d)); !ok || n > math.MaxInt/64 {
			return 0, fmt.Errorf("buffer %s: is too large", b.Name)
		}
	}
	return int(n), nil
}

// Bytes gives the size of a buffer for a batch.
func (b *Buffer) Bytes(batch *eval.Batch) (int, error) {
	n, err := b.Values(batch)
	if b.blocks == nil || err != nil {
		return n * b.size, err
	}
	width, err := b.shape[len(b.shape)-1].At(batch)
	if err != nil || width == 0 {
		return 0, err
	}
	if width%b.blocks.Block != 0 {
		return 0, fmt.Errorf("buffer %s: width %d is no multiple of the %d values of a block of %s", b.Name, width, b.blocks.Block, b.blocks.Name)
	}
	return b.blocks.Size(n/width, width), nil
}

// Layout places the buffers in one arena for batches up to most, by first fit: buffers that
// live at the same time do not overlap. Offsets are multiples of 64 bytes.
func (p *Program) Layout(most eval.Batch) (offsets []int, size int, err error) {
	order := make([]int, 0, len(p.Buffers))
	for i, b := range p.Buffers {
		if b.First >= 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return p.Buffers[a].First - p.Buffers[b].First })
	type block struct{ start, end, last int }
	var live []block // by start
	offsets = make([]int, len(p.Buffers))
	for _, i := range order {
		b := &p.Buffers[i]
		bytes, err := b.Bytes(&most)
		if err != nil {
			return nil, 0, err
		}
		bytes = (bytes + align - 1) &^ (align - 1)
		live = slices.DeleteFunc(live, func(x block) bool { return x.last < b.First })
		at, place := 0, 0
		for place < len(live) && live[place].start-at < bytes {
			at = live[place].end
			place++
		}
		if at > math.MaxInt-bytes {
			return nil, 0, fmt.Errorf("buffer %s: is too large", b.Name)
		}
		live = slices.Insert(live, place, block{at, at + bytes, b.Last})
		offsets[i], size = at, max(size, at+bytes)
	}
	return offsets, size, nil
}

// Check evaluates the guards that hold T or R.
func (p *Program) Check(batch *eval.Batch) error {
	for i := range p.Guards {
		g := &p.Guards[i]
		v, err := eval.Eval(g.cond, batch)
		if err != nil {
			return fmt.Errorf("%s: %w", g.message, err)
		}
		if ok, err := v.AsBool(); err != nil || !ok {
			return fmt.Errorf("%s (a batch of %d rows, %d outputs)", g.message, batch.T, batch.R)
		}
	}
	return nil
}
