package asm

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/x86"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// gather reads lanes at an index of each lane's own.
func (c *compiler) gather(e *loop.Load, v value) value {
	if v.typ == loop.Int {
		if out, ok := c.lookup(e, v.elem); ok {
			return out
		}
	}
	index := c.indices(e.Index)
	per := v.perPart()
	for i := range v.parts {
		c.widen(e.Mem, c.collect(e.Mem, per, func(l int) operand.Mem {
			return c.element(e.Buf, e.Mem, atom(index[i*per+l]))
		}), v, i)
	}
	return v
}

// indices takes the lanes of an index apart.
func (c *compiler) indices(e loop.Expr) []integer {
	v := c.integers(e, i64)
	out := make([]integer, v.lanes)
	per := v.perPart()
	for l := range out {
		x := widthOf(c.piece(v.parts[l/per], v.bytes, l%per/2, 16), 16)
		r := c.Regs.GP64()
		if l%2 == 0 {
			c.Emit(two(x86.VMOVQ)(x, r))
		} else {
			c.Emit(x86.VPEXTRQ(operand.U8(1), x, r))
		}
		out[l] = c.computed(r)
	}
	return out
}
