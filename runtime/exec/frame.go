package exec

import (
	"fmt"

	"github.com/trinity-engine/trinity/runtime/bind"
	"github.com/trinity-engine/trinity/runtime/eval"
	"github.com/trinity-engine/trinity/runtime/plan"
)

// frame holds the calls of all steps for batches of one size. Its memory is made once.
type frame struct {
	batch  eval.Batch // T is 0 before the first
	number int        // counts the batches of other sizes
	calls  []call
}

// call is one step's arguments and how its work is shared out.
type call struct {
	plan.Call
	kernel       *plan.Kernel
	items, grain int
	split        int // indices that the items share
	touched      int // bytes
}

// small is how many bytes a pass may touch to be left to one worker: some microseconds of work.
const small = 32 << 10

func (f *frame) prepare(e *Engine) {
	steps := e.program.Steps
	f.calls = make([]call, len(steps))
	for i := range steps {
		s, c := &steps[i], &f.calls[i]
		c.Buf = make([]plan.Buf, len(s.Operands))
		c.Dim = make([]int, len(s.Dims))
		c.F = make([]float32, len(s.F))
	}
}

// fit makes the calls those of a batch of t rows, r of which reach the outputs.
func (f *frame) fit(e *Engine, t, r int) error {
	if f.batch.T == t && f.batch.R == r {
		return nil
	}
	f.batch = eval.Batch{} // unfit until all is done
	batch := eval.Batch{T: t, R: r, Sequences: e.table.Sequences(), Pages: e.table.Span()}
	if err := e.program.Check(&batch); err != nil {
		return err
	}
	scratch := 0
	for i := range f.calls {
		s, c := &e.program.Steps[i], &f.calls[i]
		c.kernel = e.kernels[i]
		if err := c.fit(e, s, &batch); err != nil {
			return stepError(s, err)
		}
		if k := e.kernels[i]; k.Scratch != nil {
			scratch = max(scratch, k.Scratch(&c.Call))
		}
	}
	for w := range e.scratch {
		if len(e.scratch[w]) < scratch {
			words := make([]uint64, scratch/8+16)
			e.scratch[w] = aligned(words)
		}
	}
	f.batch = batch
	f.number++
	return nil
}

// aligned gives the bytes of words from the first multiple of 64 on.
func aligned(words []uint64) []byte {
	b := plan.View[byte](plan.Of(words))
	return b[-int(uintptr(plan.Of(words).Ptr))&63:]
}

func (c *call) fit(e *Engine, s *bind.Step, batch *eval.Batch) (err error) {
	for i, d := range s.Dims {
		if c.Dim[i], err = d.At(batch); err != nil {
			return err
		}
	}
	for i, n := range s.F {
		if c.F[i], err = n.At(batch); err != nil {
			return err
		}
	}
	c.touched = 0
	for i := range s.Operands {
		if c.Buf[i], err = e.memory(&s.Operands[i], batch); err != nil {
			return err
		}
		c.touched += c.Buf[i].Len
	}
	if c.split, err = s.Split.At(batch); err != nil {
		return err
	}
	if c.items, c.grain, err = e.options.Runner.Work(c.kernel, &c.Call); err != nil {
		return err
	}
	if c.items < 0 {
		return fmt.Errorf("it has %d work items", c.items)
	}
	return nil
}

// memory gives an operand's memory for a batch.
func (e *Engine) memory(o *bind.Operand, batch *eval.Batch) (plan.Buf, error) {
	switch o.Kind {
	case bind.Weight:
		return o.Buf, nil
	case bind.InBuffer:
		n, err := e.program.Buffers[o.Index].Bytes(batch)
		if err != nil {
			return plan.Buf{}, err
		}
		if room := len(e.arena.Bytes) - e.offsets[o.Index]; n > room {
			return plan.Buf{}, fmt.Errorf("buffer %s: %d bytes are more than a larger batch has", e.program.Buffers[o.Index].Name, n)
		}
		return e.slot(o.Index, n), nil
	case bind.Tokens:
		return plan.Of(e.tokens[:batch.T]), nil
	case bind.Sequences:
		return plan.Of(e.seqs[:batch.T]), nil
	case bind.Positions:
		return plan.Of(e.poss[:batch.T]), nil
	case bind.Outs:
		return plan.Of(e.outs[:batch.R]), nil
	case bind.Pool:
		return plan.Of(e.pools[o.Index].Bytes), nil
	case bind.Pages:
		return plan.Of(e.table.Entries()), nil
	}
	return plan.Buf{}, fmt.Errorf("operand of kind %d", o.Kind)
}

func stepError(s *bind.Step, err error) error {
	where := ""
	if s.Where != "" {
		where = " (" + s.Where + ")"
	}
	return fmt.Errorf("exec: step %s, kernel %s%s: %w", s.Op.Name, s.Kernel.Name, where, err)
}
