package asm

import (
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
	"github.com/mmcloughlin/avo/x86"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/loop/ranges"
)

func three(f any) instruction {
	switch f := f.(type) {
	case func(...operand.Op) (*ir.Instruction, error):
		return f
	case func(a, b, c operand.Op) (*ir.Instruction, error):
		return func(ops ...operand.Op) (*ir.Instruction, error) { return f(ops[0], ops[1], ops[2]) }
	}
	panic("asm: no instruction of three operands")
}

func two(f any) instruction {
	switch f := f.(type) {
	case func(...operand.Op) (*ir.Instruction, error):
		return f
	case func(a, b operand.Op) (*ir.Instruction, error):
		return func(ops ...operand.Op) (*ir.Instruction, error) { return f(ops[0], ops[1]) }
	}
	panic("asm: no instruction of two operands")
}

// contiguous reports whether lanes at a stride lie side by side.
func (c *compiler) contiguous(b *loop.Buf, m loop.Mem, stride loop.Expr) bool {
	k, ok := c.constantInt(stride)
	return ok && k*unit(b) == int64(m.Bytes())
}

// run is the place of n elements side by side.
func (c *compiler) run(b *loop.Buf, m loop.Mem, index loop.Expr, n int) operand.Mem {
	p := c.polynomial(index)
	c.check(b, p, int64(n-1)*int64(m.Bytes())/unit(b)+reach(b, m))
	return c.memory(atom(c.base(b)).plus(p, unit(b)))
}

// load reads floats.
func (c *compiler) load(e *loop.Load) value {
	if e.Lanes() == 1 {
		return c.loadOne(e.Mem, c.element(e.Buf, e.Mem, c.polynomial(e.Index)))
	}
	return c.loadLanes(e.Buf, e.Mem, e, elemOf(e.Type()))
}

// loadOne reads one float.
func (c *compiler) loadOne(m loop.Mem, at operand.Mem) value {
	v := c.fresh(m.Type(), elemOf(m.Type()), 1)
	x := v.op(0)
	switch m {
	case loop.MemF32:
		c.Emit(x86.VMOVSS(at, x))
	case loop.MemF64:
		c.Emit(x86.VMOVSD(at, x))
	default:
		r := c.Regs.GP64()
		c.Emit(x86.MOVWQZX(at, r))
		if m == loop.MemBF16 {
			c.Emit(x86.SHLL(operand.U8(16), r.As32()))
		}
		c.Emit(x86.VMOVD(r.As32(), x))
		if m == loop.MemF16 {
			c.Emit(two(x86.VCVTPH2PS)(x, x))
		}
	}
	return v
}

// loadLanes reads lanes: side by side, or one by one.
func (c *compiler) loadLanes(b *loop.Buf, m loop.Mem, e *loop.Load, el elem) value {
	if m == loop.MemI64 && el == i32 {
		return c.resize(c.loadLanes(b, m, e, i64), i32, ranges.Unknown)
	}
	v := c.fresh(m.Type(), el, e.Lanes())
	if e.Stride == nil {
		return c.gather(e, v)
	}
	if c.contiguous(b, m, e.Stride) {
		at := c.run(b, m, e.Index, e.N)
		for i := range v.parts {
			c.widen(m, at.Offset(i*v.perPart()*m.Bytes()), v, i)
		}
		return v
	}
	index, stride := c.polynomial(e.Index), c.total(c.polynomial(e.Stride))
	c.check(b, index.plus(atom(stride), int64(e.N-1)), reach(b, m))
	c.check(b, index, reach(b, m))
	places := c.spread(atom(c.base(b)).plus(index, unit(b)), c.mulInt(stride, number(unit(b))), e.N)
	for i := range v.parts {
		c.widen(m, c.collect(m, len(places)/len(v.parts), func(l int) operand.Mem {
			return c.memory(places[i*v.perPart()+l].polynomial())
		}), v, i)
	}
	return v
}

// loadPeek reads through the views of lanes.
func (c *compiler) loadPeek(e *loop.Peek, el elem) value {
	if e.Lanes() == 1 {
		return c.loadOne(e.Mem, c.peek(e, 0))
	}
	v := c.fresh(e.Type(), el, e.Lanes())
	per := v.perPart()
	for i := range v.parts {
		c.widen(e.Mem, c.collect(e.Mem, per, func(l int) operand.Mem { return c.peek(e, i*per+l) }), v, i)
	}
	return v
}

// widen makes part i of v of elements of m that lie side by side.
func (c *compiler) widen(m loop.Mem, from operand.Op, v value, i int) {
	if r, ok := from.(reg.Register); ok {
		if m.Bytes() == v.elem.bytes() && m != loop.MemBF16 && m != loop.MemF16 {
			v.parts[i] = r
			return
		}
		from = widthOf(r, max(16, v.perPart()*m.Bytes()))
	}
	to := v.op(i)
	switch {
	case m == loop.MemF16:
		c.Emit(two(x86.VCVTPH2PS)(from, to))
	case m == loop.MemBF16:
		wide := c.vector(v.bytes)
		c.Emit(two(x86.VPMOVZXWD)(from, wide))
		c.Emit(three(x86.VPSLLD)(operand.U8(16), wide, to))
	case m.Bytes() == v.elem.bytes():
		c.Emit(x86.VMOVUPS(from, to))
	default:
		op, ok := extensions[extension{m, v.elem}]
		if !ok {
			unsupported("%v as lanes of %d bytes", m, v.elem.bytes())
		}
		c.Emit(op(from, to))
	}
}

type extension struct {
	from loop.Mem
	to   elem
}

var extensions = map[extension]instruction{
	{loop.MemU8, i32}: two(x86.VPMOVZXBD), {loop.MemI8, i32}: two(x86.VPMOVSXBD), {loop.MemU16, i32}: two(x86.VPMOVZXWD), {loop.MemI16, i32}: two(x86.VPMOVSXWD),
	{loop.MemU8, i64}: two(x86.VPMOVZXBQ), {loop.MemI8, i64}: two(x86.VPMOVSXBQ), {loop.MemU16, i64}: two(x86.VPMOVZXWQ), {loop.MemI16, i64}: two(x86.VPMOVSXWQ),
	{loop.MemU32, i64}: two(x86.VPMOVZXDQ), {loop.MemI32, i64}: two(x86.VPMOVSXDQ),
}

// collect puts n elements from different places side by side.
func (c *compiler) collect(m loop.Mem, n int, at func(l int) operand.Mem) reg.Register {
	per := 16 / m.Bytes() // in an XMM register
	if n <= per {
		x := c.zero()
		for l := range n {
			next := c.vector(16)
			place, k := at(l), operand.U8(l)
			switch m.Bytes() {
			case 1:
				c.Emit(x86.VPINSRB(k, place, x, next))
			case 2:
				c.Emit(x86.VPINSRW(k, place, x, next))
			case 4:
				if l == 0 {
					c.Emit(two(x86.VMOVD)(place, next))
				} else {
					c.Emit(x86.VPINSRD(k, place, x, next))
				}
			default:
				if l == 0 {
					c.Emit(two(x86.VMOVQ)(place, next))
				} else {
					c.Emit(x86.VPINSRQ(k, place, x, next))
				}
			}
			x = next
		}
		return x
	}
	low := c.collect(m, n/2, at)
	high := c.collect(m, n/2, func(l int) operand.Mem { return at(n/2 + l) })
	out := c.vector(n * m.Bytes())
	c.join2(low, high, out, n*m.Bytes())
	return out
}

// zero is a vector of zeros.
func (c *compiler) zero() reg.Register {
	return c.constant(&loop.ConstFloat{T: loop.F32}, 4).parts[0]
}
