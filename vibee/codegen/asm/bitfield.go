package asm

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/x86"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// bitField is some bits of bytes at another place: (of >> right & m) << left as one shift of words, whose mask
// takes away what crosses between bytes.
type bitField struct {
	of   loop.Expr
	left int64 // negative: to the right
	mask int64
}

// bitField takes (of >> n & m) << k apart.
func (c *compiler) bitField(e loop.Expr) (f bitField, ok bool) {
	shl, ok := e.(*loop.Binary)
	if !ok || shl.Op != loop.Shl {
		return f, false
	}
	k, ok := c.splatConst(shl.B)
	and, is := shl.A.(*loop.Binary)
	if !ok || !is || and.Op != loop.And || k < 0 || k > 7 {
		return f, false
	}
	m, ok := c.splatConst(and.B)
	f = bitField{of: and.A, left: k}
	n := int64(0)
	if shr, is := and.A.(*loop.Binary); ok && is && shr.Op == loop.Shr {
		if n, ok = c.splatConst(shr.B); ok {
			f.of, f.left = shr.A, k-n
		}
	}
	if !ok || n < 0 || n > 7 || m < 0 || m > 255>>uint(n) || m<<uint(k) > 255 || !within(c.ranges.Int(f.of), unsigned8) {
		return f, false
	}
	f.mask = m << uint(k)
	return f, true
}

// shifted is the field at its place, with other bits around it.
func (f bitField) shifted(c *compiler) value {
	bits := c.integers(f.of, i8)
	switch {
	case f.left > 0:
		return c.shiftWords(loop.Shl, bits, f.left)
	case f.left < 0:
		return c.shiftWords(loop.Shr, bits, -f.left)
	}
	return bits
}

// mergeBits puts a field into other bits in one instruction: other | shifted & mask.
func (c *compiler) mergeBits(x *loop.Binary) (value, bool) {
	if x.Op != loop.Or || !c.isa.masks {
		return value{}, false
	}
	other := x.A
	f, ok := c.bitField(x.B)
	if !ok {
		if f, ok = c.bitField(x.A); !ok {
			return value{}, false
		}
		other = x.B
	}
	const orAnd = 0xf8 // of each three bits, the first or both of the others
	v := c.copied(c.integers(other, i8))
	bits, mask := f.shifted(c), c.byteMask(f.mask, x.Lanes())
	for i := range v.parts {
		c.Emit(x86.VPTERNLOGD(operand.U8(orAnd), mask.op(i), bits.op(i), v.op(i)))
	}
	return v, true
}

// fieldAt is x >> n & mask of bytes where all lanes share an n that is not constant.
func (c *compiler) fieldAt(and *loop.Binary) (value, bool) {
	mask, ok := c.splatConst(and.B)
	shr, is := and.A.(*loop.Binary)
	if !ok || !is || shr.Op != loop.Shr {
		return value{}, false
	}
	by, is := shr.B.(*loop.Splat)
	if !is {
		return value{}, false
	}
	n := c.ranges.Int(by.A)
	if !n.Within(0, 7) || mask < 0 || mask > 255>>uint(n.Hi) || !within(c.ranges.Int(shr.A), unsigned8) {
		return value{}, false
	}
	bits, count := c.integers(shr.A, i8), c.Regs.XMM()
	c.Emit(two(x86.VMOVQ)(c.gp(c.int(by.A)), count))
	v := c.fresh(loop.Int, i8, bits.lanes)
	for i := range v.parts {
		c.Emit(three(x86.VPSRLW)(count, bits.op(i), v.op(i)))
	}
	return c.each(c.bitwise(loop.And), c.byteMask(mask, v.lanes), v), true
}
