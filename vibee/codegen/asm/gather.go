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
	per := v.perPart()
	if rest, stride, ok := c.byFours(e.Index); ok && e.Mem.Bytes() == 1 && v.elem == i8 && unit(e.Buf) == 1 {
		c.check(e.Buf, rest.plus(atom(number(stride)), int64(v.lanes/4-1)), 3+reach(e.Buf, e.Mem))
		c.check(e.Buf, rest, 3+reach(e.Buf, e.Mem))
		first := c.memory(atom(c.base(e.Buf)).plus(rest, 1))
		for i := range v.parts {
			v.parts[i] = c.collect(loop.MemU32, per/4, func(l int) operand.Mem { return first.Offset((i*per/4 + l) * int(stride)) })
		}
		return v
	}
	if c.permuted(e, v) {
		return v
	}
	index := c.indices(e.Index)
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

// byFours takes an index apart that is rest + stride*(l/4) + l%4 in lane l: runs of four elements, of rows, say.
func (c *compiler) byFours(e loop.Expr) (rest polynomial, stride int64, ok bool) {
	shared, lanes, ok := c.pattern(e)
	if !ok || len(lanes)%16 != 0 {
		return rest, 0, false
	}
	stride = lanes[4] - lanes[0]
	for l, at := range lanes {
		ok = ok && at == lanes[0]+stride*int64(l/4)+int64(l%4)
	}
	rest = c.sum(shared)
	rest.rest += lanes[0]
	return rest, stride, ok && stride > 0
}
