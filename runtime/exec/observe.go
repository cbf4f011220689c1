package exec

import (
	"github.com/trinity-engine/trinity/runtime/bind"
	"github.com/trinity-engine/trinity/runtime/memory"
	"github.com/trinity-engine/trinity/runtime/plan"
)

// Copy gives a call that computes the same and leaves the step's results alone: what the step
// writes is copied to fresh memory, what it only reads is shared. Of a state the pages are
// copied that were ever used. release gives the memory back.
func (o *Observation) Copy() (c *plan.Call, release func(), err error) {
	c = &plan.Call{Buf: append([]plan.Buf(nil), o.Call.Buf...), Dim: o.Call.Dim, F: o.Call.F}
	var regions []memory.Region
	release = func() {
		for i := range regions {
			_ = regions[i].Release()
		}
	}
	for i, operand := range o.Step.Operands {
		if !operand.Write {
			continue
		}
		from := o.Written(i)
		r, err := memory.Reserve(len(from), len(from))
		if err != nil {
			release()
			return nil, nil, err
		}
		regions = append(regions, r)
		copy(r.Bytes, from)
		c.Buf[i] = plan.Of(r.Bytes)
	}
	return c, release, nil
}

// Written gives the memory of operand i as far as it may hold values.
func (o *Observation) Written(i int) []byte {
	b := plan.View[byte](o.Call.Buf[i])
	if operand := o.Step.Operands[i]; operand.Kind == bind.Pool {
		b = b[:min(len(b), o.pages*operand.Bytes)]
	}
	return b
}
