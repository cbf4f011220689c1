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
		at := c.polynomial(rest)
		c.check(e.Buf, at.plus(atom(number(stride)), int64(v.lanes/4-1)), 3+reach(e.Buf, e.Mem))
		c.check(e.Buf, at, 3+reach(e.Buf, e.Mem))
		first := c.memory(atom(c.base(e.Buf)).plus(at, 1))
		for i := range v.parts {
			v.parts[i] = c.collect(loop.MemU32, per/4, func(l int) operand.Mem { return first.Offset((i*per/4 + l) * int(stride)) })
		}
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
func (c *compiler) byFours(e loop.Expr) (rest loop.Expr, stride int64, ok bool) {
	columns := false
	var walk func(e loop.Expr) bool
	walk = func(e loop.Expr) bool {
		switch e := e.(type) {
		case *loop.Splat:
			if rest != nil {
				rest = &loop.Binary{Op: loop.Add, A: rest, B: e.A}
			} else {
				rest = e.A
			}
			return true
		case *loop.Binary:
			by, constant := c.splatConst(e.B)
			switch {
			case e.Op == loop.Add:
				return walk(e.A) && walk(e.B)
			case e.Op == loop.Mod && constant && by == 4 && isIota(e.A) && !columns:
				columns = true
				return true
			case e.Op == loop.Mul && constant && stride == 0:
				if row, ok := e.A.(*loop.Binary); ok && row.Op == loop.Div && isIota(row.A) {
					four, constant := c.splatConst(row.B)
					stride = by
					return constant && four == 4 && by > 0
				}
			}
		}
		return false
	}
	if !walk(e) || !columns || stride == 0 || e.Lanes()%16 != 0 {
		return nil, 0, false
	}
	if rest == nil {
		rest = &loop.ConstInt{}
	}
	return rest, stride, true
}

func isIota(e loop.Expr) bool {
	_, ok := e.(*loop.Iota)
	return ok
}
