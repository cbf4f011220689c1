package asm

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/x86"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// dot adds products of bytes by fours to the i32 lanes of sum, in its own registers; nil: to zero.
// One instruction multiplies unsigned bytes by signed ones. Other pairs are moved there: a*b = (a+n)*b - n*b.
func (c *compiler) dot(e *loop.Dot, sum *value) value {
	a, b := e.A, e.B
	ra, rb := c.ranges.Int(a), c.ranges.Int(b)
	if !within(ra, unsigned8) && within(rb, unsigned8) && a.Lanes() == b.Lanes() {
		a, b, ra, rb = b, a, rb, ra
	}
	if !inByte(ra) || !inByte(rb) {
		unsupported("products of what are not bytes")
	}
	if sum == nil {
		own := c.copied(c.splatInt(&loop.Splat{A: &loop.ConstInt{}, N: e.Lanes()}, i32))
		sum = &own
	}
	if within(ra, unsigned8) && within(rb, signed8) && c.isa.masks && b.Lanes() < a.Lanes() {
		x := c.integers(a, i8)
		at := c.four(b)
		for i := range sum.parts {
			c.Emit(x86.VPDPBUSD_BCST(at, x.op(i), sum.op(i)))
		}
		return *sum
	}
	y := c.fours(b, e)
	switch {
	case within(ra, unsigned8) && within(rb, signed8):
		c.products(c.integers(a, i8), y, *sum, ra.Hi, max(-rb.Lo, rb.Hi))
	case within(ra, unsigned8): // both unsigned: a*b = a*(b-128) + 64*a + 64*a
		x := c.integers(a, i8)
		c.products(x, c.each(c.bitwise(loop.Xor), c.byteMask(0x80, a.Lanes()), y), *sum, ra.Hi, 128)
		half := c.byteMask(64, a.Lanes())
		c.products(x, half, *sum, ra.Hi, 64)
		c.products(x, half, *sum, ra.Hi, 64)
	case within(rb, signed8): // both signed
		n, magnitude := -ra.Lo, max(-rb.Lo, rb.Hi)
		own := c.copied(c.splatInt(&loop.Splat{A: &loop.ConstInt{}, N: e.Lanes()}, i32))
		c.products(c.byteMask(n, a.Lanes()), y, own, n, magnitude)
		c.products(c.raised(a, n), y, *sum, ra.Hi+n, magnitude)
		for i := range sum.parts {
			c.Emit(three(x86.VPSUBD)(own.op(i), sum.op(i), sum.op(i)))
		}
	default: // signed by unsigned, which all lanes share
		c.products(y, c.integers(a, i8), *sum, rb.Hi, max(-ra.Lo, ra.Hi))
	}
	return *sum
}

// raised is a + n in bytes.
func (c *compiler) raised(a loop.Expr, n int64) value {
	if b, ok := a.(*loop.Binary); ok && b.Op == loop.Sub {
		if k, ok := c.splatConst(b.B); ok && k == n {
			return c.integers(b.A, i8)
		}
	}
	return c.each(three(x86.VPADDB), c.byteMask(n, a.Lanes()), c.integers(a, i8))
}

// fours gives the second operand of a dot: four bytes that all lanes share are repeated.
func (c *compiler) fours(b loop.Expr, e *loop.Dot) value {
	if b.Lanes() == e.A.Lanes() {
		return c.integers(b, i8)
	}
	v := c.fresh(loop.Int, i8, e.A.Lanes())
	c.Emit(two(x86.VPBROADCASTD)(c.four(b), v.op(0)))
	return v.alike()
}

// four is the place of four bytes that all lanes share.
func (c *compiler) four(b loop.Expr) operand.Mem {
	l, ok := b.(*loop.Load)
	if !ok || l.Stride == nil || l.Mem.Bytes() != 1 || !c.contiguous(l.Buf, l.Mem, l.Stride) {
		unsupported("four bytes that all lanes share, and that do not lie side by side")
	}
	return c.run(l.Buf, l.Mem, l.Index, 4)
}

// products adds a*b, a of unsigned bytes up to most, b of signed ones of a magnitude, by fours to sum.
func (c *compiler) products(a, b, sum value, most, magnitude int64) {
	if c.isa.masks {
		for i := range sum.parts {
			c.Emit(x86.VPDPBUSD(b.op(i), a.op(i), sum.op(i)))
		}
		return
	}
	p := c.sums
	if p == nil || p.sum.parts[0].ID() != sum.parts[0].ID() {
		own := newPending(sum)
		p = &own
		defer c.flush(p)
	}
	if one := 2 * most * magnitude; one <= mostWord { // no pair saturates
		c.addPending(p, &p.shares[0], a, b, one)
		return
	}
	low := c.onceOf("low", a, func() value { return c.each(c.bitwise(loop.And), c.byteMask(15, a.lanes), a) })
	high := c.onceOf("high", a, func() value {
		return c.each(c.bitwise(loop.And), c.byteMask(15, a.lanes), c.shiftWords(loop.Shr, a, 4))
	})
	c.addPending(p, &p.shares[0], low, b, 2*15*magnitude)
	c.addPending(p, &p.shares[1], high, b, 2*15*magnitude)
}

// onceOf gives what is made of a: once where a is settled.
func (c *compiler) onceOf(what string, a value, emit func() value) value {
	if a.key == "" {
		return emit()
	}
	return c.once(what+" of "+a.key, a.level, emit)
}

// accumulates emits v = v + dot, or what wraps that to 32 bits, in v's own registers.
func (c *compiler) accumulates(s *loop.Set, own *variable) bool {
	d, ok := addedDot(s.Var, s)
	if !ok || own.elem != i32 {
		return false
	}
	if !c.isa.masks {
		c.sums = c.pendingOf(s.Var, own.value)
		defer func() { c.sums = nil }()
	}
	c.dot(d, &own.value)
	return true
}
