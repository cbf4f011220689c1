package asm

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
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
	for i := range v.parts {
		v.parts[i] = v.parts[0]
	}
	return v
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
	pairs := func(x value, i int) reg.Register { // sums of two products, then of four
		words, fours := c.vector(a.bytes), c.vector(a.bytes)
		c.Emit(three(x86.VPMADDUBSW)(b.op(i), x.op(i), words))
		c.Emit(three(x86.VPMADDWD)(c.data.lanes(i32, repeated(0x00010001, c.isa.bytes/4)...), words, fours))
		return fours
	}
	add := func(x operand.Op, i int) { c.Emit(three(x86.VPADDD)(x, sum.op(i), sum.op(i))) }
	if 2*most*magnitude < 1<<15 { // no pair saturates
		for i := range sum.parts {
			add(widthOf(pairs(a, i), a.bytes), i)
		}
		return
	}
	low := c.each(c.bitwise(loop.And), c.byteMask(15, a.lanes), a)
	high := c.each(c.bitwise(loop.And), c.byteMask(15, a.lanes), c.shiftWords(loop.Shr, a, 4))
	for i := range sum.parts {
		add(widthOf(pairs(low, i), a.bytes), i)
		h := widthOf(pairs(high, i), a.bytes)
		c.Emit(three(x86.VPSLLD)(operand.U8(4), h, h))
		add(h, i)
	}
}

// accumulates emits v = v + dot, or what wraps that to 32 bits, in v's own registers.
func (c *compiler) accumulates(v *loop.Var, e loop.Expr, own *variable) bool {
	if w, ok := e.(*loop.Wrap); ok && w.Mem.Bytes() == 4 {
		e = w.A
	}
	b, ok := e.(*loop.Binary)
	if !ok || b.Op != loop.Add || v.Lanes == 1 || own.elem != i32 {
		return false
	}
	r, isRef := b.A.(*loop.Ref)
	d, isDot := b.B.(*loop.Dot)
	if !isRef || !isDot || r.Var != v {
		return false
	}
	mentioned := false
	loop.Walk(d, func(e loop.Expr) {
		if r, ok := e.(*loop.Ref); ok && r.Var == v {
			mentioned = true
		}
	})
	if mentioned {
		return false
	}
	c.dot(d, &own.value)
	return true
}
