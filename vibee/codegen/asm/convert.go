package asm

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
	"github.com/mmcloughlin/avo/x86"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// toFloat converts to a float.
func (c *compiler) toFloat(e *loop.Convert) value {
	switch {
	case e.A.Type() == loop.Int && e.Lanes() == 1:
		return c.oneToFloat(e)
	case e.A.Type() == loop.Int:
		return c.lanesToFloat(e)
	case e.A.Type() == e.To:
		return c.float(e.A)
	}
	a := c.float(e.A)
	v := c.fresh(e.To, elemOf(e.To), e.Lanes())
	if e.Lanes() == 1 {
		if e.To == loop.F32 {
			c.Emit(x86.VCVTSD2SS(a.op(0), a.op(0), v.op(0)))
		} else {
			c.Emit(x86.VCVTSS2SD(a.op(0), a.op(0), v.op(0)))
		}
		return v
	}
	c.resizeFloats(a, v)
	return v
}

// resizeFloats converts lanes between f32 and f64.
func (c *compiler) resizeFloats(a, v value) {
	narrow := func(from operand.Op, bytes int, to reg.Register) {
		switch bytes {
		case 64:
			c.Emit(two(x86.VCVTPD2PS)(from, widthOf(to, 32)))
		case 32:
			c.Emit(two(x86.VCVTPD2PSY)(from, widthOf(to, 16)))
		default:
			unsupported("two lanes of f64")
		}
	}
	switch {
	case v.elem == f64:
		per := len(v.parts) / len(a.parts)
		for i := range v.parts {
			from := c.piece(a.parts[i/per], a.bytes, i%per, a.bytes/per)
			c.Emit(two(x86.VCVTPS2PD)(widthOf(from, v.bytes/2), v.op(i)))
		}
	case len(a.parts) == len(v.parts):
		for i := range v.parts {
			narrow(a.op(i), a.bytes, v.parts[i])
		}
	default:
		for i := range v.parts {
			low, high := c.vector(v.bytes/2), c.vector(v.bytes/2)
			narrow(a.op(2*i), a.bytes, low)
			narrow(a.op(2*i+1), a.bytes, high)
			c.join2(low, high, v.parts[i], v.bytes)
		}
	}
}

// oneToFloat converts a 64-bit integer, rounding once.
func (c *compiler) oneToFloat(e *loop.Convert) value {
	a := c.int(e.A)
	if a.isConst() {
		return c.constant(&loop.ConstFloat{T: e.To, V: float64(a.constant)}, 1)
	}
	zero := c.zero()
	emit := func() value {
		v := c.fresh(e.To, elemOf(e.To), 1)
		if e.To == loop.F32 {
			c.Emit(x86.VCVTSI2SSQ(a.reg, zero, v.op(0)))
		} else {
			c.Emit(x86.VCVTSI2SDQ(a.reg, zero, v.op(0)))
		}
		v.key = e.To.String() + " of " + a.key
		return v
	}
	return c.once(e.To.String()+" of "+a.key, a.level, emit)
}

// lanesToFloat converts integers in lanes.
func (c *compiler) lanesToFloat(e *loop.Convert) value {
	s := c.ranges.Int(e.A)
	v := c.fresh(e.To, elemOf(e.To), e.Lanes())
	if !s.Within(signed32.Lo, signed32.Hi) {
		if !c.isa.masks || e.To != loop.F32 {
			unsupported("floats of lanes of 64 bits")
		}
		a := c.integers(e.A, i64)
		if len(a.parts) == len(v.parts) {
			unsupported("floats of few lanes of 64 bits")
		}
		for i := range v.parts {
			low, high := c.vector(v.bytes/2), c.vector(v.bytes/2)
			c.Emit(two(x86.VCVTQQ2PS)(a.op(2*i), low))
			c.Emit(two(x86.VCVTQQ2PS)(a.op(2*i+1), high))
			c.join2(low, high, v.parts[i], v.bytes)
		}
		return v
	}
	a := c.integers(e.A, i32)
	if e.To == loop.F64 {
		per := len(v.parts) / len(a.parts)
		for i := range v.parts {
			from := c.piece(a.parts[i/per], a.bytes, i%per, a.bytes/per)
			c.Emit(two(x86.VCVTDQ2PD)(widthOf(from, v.bytes/2), v.op(i)))
		}
		return v
	}
	for i := range v.parts {
		c.Emit(two(x86.VCVTDQ2PS)(a.op(i), v.op(i)))
	}
	return v
}

// floatOfBits reinterprets an integer's low bits.
func (c *compiler) floatOfBits(e *loop.Bits) value {
	if e.A.Type() != loop.Int {
		return c.float(e.A)
	}
	if e.Lanes() > 1 {
		el := i32
		if e.To == loop.F64 {
			el = i64
		}
		v := c.integers(e.A, el)
		v.typ, v.elem, v.key = e.To, elemOf(e.To), ""
		return v
	}
	a := c.gp(c.int(e.A))
	v := c.fresh(e.To, elemOf(e.To), 1)
	if e.To == loop.F32 {
		c.Emit(two(x86.VMOVD)(a.As32(), v.op(0)))
	} else {
		c.Emit(two(x86.VMOVQ)(a, v.op(0)))
	}
	return v
}

// round rounds to a float of 16 bits and widens it again.
func (c *compiler) round(e *loop.Round) value {
	a := c.float(e.A)
	v := c.fresh(loop.F32, f32, e.Lanes())
	for i := range v.parts {
		part := value{typ: loop.F32, lanes: a.perPart(), elem: f32, parts: a.parts[i : i+1], bytes: a.bytes}
		if e.Mem == loop.MemF16 {
			half := c.vector(16)
			if v.bytes == 64 {
				half = c.vector(32)
			}
			c.Emit(three(x86.VCVTPS2PH)(operand.U8(0), a.op(i), half))
			c.Emit(two(x86.VCVTPH2PS)(half, v.op(i)))
			continue
		}
		h := c.halves(e.Mem, part)
		c.Emit(three(x86.VPSLLD)(operand.U8(16), h.op(0), v.op(i)))
	}
	return v
}

// halves rounds f32 lanes to 16 bits, which lie in the low half of each lane; f16 lie side by side.
func (c *compiler) halves(m loop.Mem, a value) value {
	lanes := a.bytes / 4
	out := value{typ: loop.Int, lanes: lanes, elem: i32, parts: []reg.Register{c.vector(a.bytes)}, bytes: a.bytes}
	if m == loop.MemF16 {
		half := max(a.bytes/2, 16)
		c.Emit(three(x86.VCVTPS2PH)(operand.U8(0), a.op(0), widthOf(out.parts[0], half)))
		return out
	}
	// u + 0x7fff + bit 16, then the high half; a NaN keeps its high half and becomes quiet.
	constant := func(v int64) value { return c.splatInt(&loop.Splat{A: &loop.ConstInt{V: v}, N: lanes}, i32) }
	and, or, add := intForms[loop.And][0], intForms[loop.Or][0], intForms[loop.Add][0]
	if !c.isa.masks {
		and, or = avx2Forms[loop.And], avx2Forms[loop.Or]
	}
	bitsOf := a
	bitsOf.elem, bitsOf.lanes = i32, lanes
	high := c.shiftBy(loop.Shr, bitsOf, 16)
	odd := c.each(and, constant(1), high)
	up := c.each(add, odd, c.each(add, constant(0x7fff), bitsOf))
	rounded := c.shiftBy(loop.Shr, up, 16)
	quiet := c.each(or, constant(0x40), high)
	nan := c.freshMask(f32, lanes)
	if c.isa.masks {
		c.Emit(x86.VCMPPS(operand.U8(3), a.op(0), a.op(0), nan.op(0))) // unordered
	} else {
		c.Emit(x86.VCMPPS(operand.U8(3), a.op(0), a.op(0), nan.op(0)))
	}
	return c.blend(nan, quiet, rounded)
}
