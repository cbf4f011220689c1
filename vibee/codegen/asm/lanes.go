package asm

import (
	"fmt"
	"math/bits"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
	"github.com/mmcloughlin/avo/x86"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/loop/ranges"
)

// Integers in lanes are 64 bits wide in the IR. i32 lanes hold the low 32 bits, which is all that sums,
// products, and stores of them ask for; what asks for more must have a range that fits.

var (
	signed32   = ranges.Int{Lo: -1 << 31, Hi: 1<<31 - 1}
	unsigned32 = ranges.Int{Lo: 0, Hi: 1<<32 - 1}
)

// narrowest is what lanes an Int expression of several lanes is best kept in.
func (c *compiler) narrowest(s ranges.Int, lanes int) elem {
	if lanes >= byteLanes && inByte(s) {
		return i8
	}
	if s.Within(signed32.Lo, signed32.Hi) || s.Within(unsigned32.Lo, unsigned32.Hi) {
		return i32
	}
	return i64
}

// integers emits an Int expression of several lanes, as lanes of e.
func (c *compiler) integers(x loop.Expr, e elem) value {
	switch x := x.(type) {
	case *loop.Splat:
		return c.splatInt(x, e)
	case *loop.Iota:
		list := make([]int64, x.N)
		for i := range list {
			list[i] = int64(i)
		}
		return c.constantLanes(list, e)
	case *loop.Ref:
		return c.resize(c.read(x.Var), e, c.ranges.Int(x))
	case *loop.Load:
		return c.loadLanes(x.Buf, x.Mem, x, e)
	case *loop.Peek:
		return c.loadPeek(x, e)
	case *loop.Binary:
		if shared, list, ok := c.pattern(x); ok && len(shared) == 0 {
			return c.constantLanes(list, e)
		}
		return c.lanesBinary(x, e)
	case *loop.Unary:
		return c.lanesUnary(x, e)
	case *loop.Wrap:
		return c.wrapLanes(x, e)
	case *loop.Convert:
		return c.truncateLanes(x, e)
	case *loop.Dot:
		return c.resize(c.dot(x, nil), e, c.ranges.Int(x))
	case *loop.Bits:
		if x.A.Type() == loop.F32 {
			v := c.float(x.A)
			v.typ, v.elem, v.key = loop.Int, i32, ""
			return c.resize(v, e, unsigned32)
		}
		v := c.float(x.A)
		v.typ, v.elem, v.key = loop.Int, i64, ""
		return c.resize(v, e, ranges.Unknown)
	case *loop.Select:
		v := c.blend(c.boolean(x.Cond), c.integers(x.A, e), c.integers(x.B, e))
		v.typ = loop.Int
		return v
	}
	unsupported("%T of integers in lanes", x)
	return value{}
}

// constantLanes gives constants in registers.
func (c *compiler) constantLanes(list []int64, e elem) value {
	at := c.data.lanes(e, list...)
	v := c.fresh(loop.Int, e, len(list))
	for i := range v.parts {
		c.Emit(x86.VMOVUPS(at.Offset(i*v.bytes), v.op(i)))
	}
	return v
}

func (c *compiler) splatInt(x *loop.Splat, e elem) value {
	if l, ok := x.A.(*loop.Load); ok && e == i32 && l.Mem.Bytes() == 4 && l.Lanes() == 1 { // the low 32 bits are as they lie
		v := c.fresh(loop.Int, i32, x.N)
		c.Emit(x86.VPBROADCASTD(c.element(l.Buf, l.Mem, c.polynomial(l.Index)), v.op(0)))
		return v.alike()
	}
	a := c.int(x.A)
	if a.isConst() {
		at := c.data.lanes(e, a.constant)
		return c.repeat(fmt.Sprintf("constant %v %d", e, a.constant), 0, loop.Int, e, x.N, func(to reg.Register, bytes int) {
			c.Emit(broadcasts[e](at, widthOf(to, bytes)))
		})
	}
	return c.repeat(fmt.Sprintf("splat %v %s", e, a.key), a.level, loop.Int, e, x.N, func(to reg.Register, bytes int) {
		lane := c.Regs.XMM()
		c.Emit(x86.VMOVQ(a.reg, lane))
		c.Emit(broadcasts[e](lane, widthOf(to, bytes)))
	})
}

var broadcasts = map[elem]instruction{i8: two(x86.VPBROADCASTB), i32: two(x86.VPBROADCASTD), i64: two(x86.VPBROADCASTQ)}

// resize changes the width of lanes whose values lie in s.
func (c *compiler) resize(v value, e elem, s ranges.Int) value {
	if v.elem == e {
		return v
	}
	if v.elem == i8 || e == i8 {
		return c.resizeBytes(v, e, s)
	}
	out := c.fresh(loop.Int, e, v.lanes)
	if e == i32 { // the low halves
		if !c.isa.masks {
			return c.evenHalves(v, out)
		}
		if len(v.parts) != 2*len(out.parts) && len(v.parts) != len(out.parts) {
			unsupported("narrowing lanes of 64 bits")
		}
		if len(v.parts) == len(out.parts) {
			for i := range v.parts {
				c.Emit(x86.VPMOVQD(v.op(i), out.op(i)))
			}
			return out
		}
		for i := range out.parts {
			low, high := c.vector(out.bytes/2), c.vector(out.bytes/2)
			c.Emit(x86.VPMOVQD(v.op(2*i), low))
			c.Emit(x86.VPMOVQD(v.op(2*i+1), high))
			c.join2(low, high, out.parts[i], out.bytes)
		}
		return out
	}
	op := x86.VPMOVSXDQ
	switch {
	case s.Within(signed32.Lo, signed32.Hi):
	case s.Within(unsigned32.Lo, unsigned32.Hi):
		op = x86.VPMOVZXDQ
	default:
		unsupported("widening lanes of unknown range")
	}
	per := len(out.parts) / len(v.parts)
	for i := range out.parts {
		from := c.piece(v.parts[i/per], v.bytes, i%per, v.bytes/per)
		c.Emit(op(widthOf(from, out.bytes/2), out.op(i)))
	}
	return out
}

// evenHalves takes the low halves of lanes of 64 bits, with AVX2.
func (c *compiler) evenHalves(v, out value) value {
	if len(v.parts) != 2*len(out.parts) || v.bytes != 32 {
		unsupported("narrowing few lanes of 64 bits")
	}
	order := c.data.lanes(i32, 0, 2, 4, 6, 0, 2, 4, 6)
	for i := range out.parts {
		var half [2]reg.Register
		for j := range half {
			index := c.vector(32)
			c.Emit(x86.VMOVUPS(order, index))
			half[j] = c.vector(32)
			c.Emit(three(x86.VPERMD)(v.op(2*i+j), index, half[j]))
		}
		c.join2(half[0], half[1], out.parts[i], 32)
	}
	return out
}

// join2 puts two registers side by side into one of a number of bytes.
func (c *compiler) join2(low, high, to reg.Register, bytes int) {
	half := widthOf(high, bytes/2)
	switch {
	case bytes == 64:
		c.Emit(x86.VINSERTI64X4(operand.U8(1), half, widthOf(low, 64), widthOf(to, 64)))
	case bytes == 32 && c.isa.masks:
		c.Emit(x86.VINSERTI32X4(operand.U8(1), half, widthOf(low, 32), widthOf(to, 32)))
	case bytes == 32:
		c.Emit(x86.VINSERTI128(operand.U8(1), half, widthOf(low, 32), widthOf(to, 32)))
	default:
		c.Emit(x86.VPUNPCKLQDQ(widthOf(high, 16), widthOf(low, 16), widthOf(to, 16)))
	}
}

// piece gives the k-th part of n bytes of a register, in the low bytes of one.
func (c *compiler) piece(r reg.Register, bytes, k, n int) reg.Register {
	if k == 0 {
		return r
	}
	switch {
	case n == 32:
		out := c.vector(32)
		c.Emit(x86.VEXTRACTI64X4(operand.U8(k), widthOf(r, 64), out))
		return out
	case n == 16:
		out := c.vector(16)
		switch {
		case c.isa.masks && bytes == 64:
			c.Emit(x86.VEXTRACTI32X4(operand.U8(k), widthOf(r, 64), out))
		case c.isa.masks:
			c.Emit(x86.VEXTRACTI32X4(operand.U8(k), widthOf(r, 32), out))
		default:
			c.Emit(x86.VEXTRACTI128(operand.U8(k), widthOf(r, 32), out))
		}
		return out
	}
	x := c.piece(r, bytes, k*n/16, 16)
	if at := k * n % 16; at != 0 {
		out := c.vector(16)
		c.Emit(x86.VPSRLDQ(operand.U8(at), widthOf(x, 16), out))
		return out
	}
	return x
}

// intForms are the instructions of one operation on lanes of 32 and 64 bits.
var intForms = map[loop.Op][2]instruction{
	loop.Add: {three(x86.VPADDD), three(x86.VPADDQ)},
	loop.Sub: {three(x86.VPSUBD), three(x86.VPSUBQ)},
	loop.Mul: {three(x86.VPMULLD), x86.VPMULLQ},
	loop.And: {three(x86.VPANDD), three(x86.VPANDQ)},
	loop.Or:  {three(x86.VPORD), three(x86.VPORQ)},
	loop.Xor: {three(x86.VPXORD), three(x86.VPXORQ)},
	loop.Min: {three(x86.VPMINSD), x86.VPMINSQ},
	loop.Max: {three(x86.VPMAXSD), x86.VPMAXSQ},
}

// avx2Forms are those of them that AVX2 has other names for.
var avx2Forms = map[loop.Op]instruction{loop.And: three(x86.VPAND), loop.Or: three(x86.VPOR), loop.Xor: three(x86.VPXOR)}

func (c *compiler) lanesBinary(x *loop.Binary, e elem) value {
	if e == i8 {
		return c.byteBinary(x)
	}
	if x.Op == loop.Add && e == i32 {
		if d, ok := x.B.(*loop.Dot); ok {
			own := c.copied(c.integers(x.A, i32))
			return c.dot(d, &own)
		}
	}
	switch x.Op {
	case loop.Shl, loop.Shr:
		return c.shiftLanes(x, e)
	case loop.Div, loop.Mod:
		return c.divideLanes(x, e)
	case loop.Min, loop.Max: // not decided by the low bits
		if a, b := c.ranges.Int(x.A), c.ranges.Int(x.B); e == i32 && !(a.Within(signed32.Lo, signed32.Hi) && b.Within(signed32.Lo, signed32.Hi)) {
			return c.resize(c.lanesBinary(x, i64), i32, ranges.Unknown)
		}
	case loop.And:
		if k, ok := c.splatConst(x.B); ok && k&(k+1) == 0 && c.ranges.Int(x.A).Within(0, k) {
			return c.integers(x.A, e)
		}
	}
	f, ok := intForms[x.Op]
	if !ok {
		unsupported("the operator %v of integers in lanes", x.Op)
	}
	op := f[e-i32]
	if !c.isa.masks {
		a, b := c.ranges.Int(x.A), c.ranges.Int(x.B)
		if o, ok := avx2Forms[x.Op]; ok {
			op = o
		} else if x.Op == loop.Mul && e == i64 && a.Within(0, unsigned32.Hi) && b.Within(0, unsigned32.Hi) {
			op = three(x86.VPMULUDQ)
		} else if e == i64 && (x.Op == loop.Mul || x.Op == loop.Min || x.Op == loop.Max) {
			unsupported("the operator %v of 64-bit lanes", x.Op)
		}
	}
	return c.each(op, c.integers(x.B, e), c.integers(x.A, e))
}

// each applies an instruction of two sources to all parts; the first source is the last operand.
func (c *compiler) each(op instruction, b, a value) value {
	v := c.fresh(loop.Int, a.elem, a.lanes)
	for i := range v.parts {
		c.Emit(op(b.op(i), a.op(i), v.op(i)))
		if a.equalParts() && b.equalParts() {
			return v.alike()
		}
	}
	return v
}

// splatConst finds a constant that all lanes are.
func (c *compiler) splatConst(x loop.Expr) (int64, bool) {
	if s, ok := x.(*loop.Splat); ok {
		return c.constantInt(s.A)
	}
	return 0, false
}

func (c *compiler) shiftLanes(x *loop.Binary, e elem) value {
	if s := c.ranges.Int(x.A); e == i32 && x.Op == loop.Shr && !s.Within(unsigned32.Lo, unsigned32.Hi) {
		if k, ok := c.splatConst(x.B); ok && k < 32 && s.Within(signed32.Lo, signed32.Hi) { // the sign comes down
			return c.shifted(three(x86.VPSRAD), c.integers(x.A, i32), k)
		}
		return c.resize(c.shiftLanes(x, i64), i32, ranges.Unknown)
	}
	if k, ok := c.splatConst(x.B); ok {
		if k == 0 {
			return c.integers(x.A, e)
		}
		return c.shiftBy(x.Op, c.integers(x.A, e), k)
	}
	if !c.ranges.Int(x.B).Within(0, int64(8*e.bytes()-1)) {
		unsupported("a shift by an unknown count")
	}
	op := map[loop.Op][2]instruction{loop.Shl: {three(x86.VPSLLVD), three(x86.VPSLLVQ)}, loop.Shr: {three(x86.VPSRLVD), three(x86.VPSRLVQ)}}[x.Op][e-i32]
	return c.each(op, c.integers(x.B, e), c.integers(x.A, e))
}

// shiftBy shifts by a constant; more than a lane holds leaves 0.
func (c *compiler) shiftBy(op loop.Op, a value, k int64) value {
	f := map[loop.Op][2]instruction{loop.Shl: {three(x86.VPSLLD), three(x86.VPSLLQ)}, loop.Shr: {three(x86.VPSRLD), three(x86.VPSRLQ)}}[op][a.elem-i32]
	return c.shifted(f, a, k)
}

// shifted applies an instruction that shifts by a constant to all parts.
func (c *compiler) shifted(f instruction, a value, k int64) value {
	v := c.fresh(loop.Int, a.elem, a.lanes)
	for i := range v.parts {
		c.Emit(f(operand.U8(k), a.op(i), v.op(i)))
		if a.equalParts() {
			return v.alike()
		}
	}
	return v
}

// divideLanes divides what is not negative by a power of two.
func (c *compiler) divideLanes(x *loop.Binary, e elem) value {
	k, ok := c.splatConst(x.B)
	s := c.ranges.Int(x.A)
	if !ok || k <= 0 || k&(k-1) != 0 || s.Lo < 0 {
		unsupported("a division of lanes")
	}
	if x.Op == loop.Div {
		count := &loop.Splat{A: &loop.ConstInt{V: int64(bits.TrailingZeros64(uint64(k)))}, N: x.Lanes()}
		return c.shiftLanes(&loop.Binary{Op: loop.Shr, A: x.A, B: count}, e)
	}
	return c.lanesBinary(&loop.Binary{Op: loop.And, A: x.A, B: &loop.Splat{A: &loop.ConstInt{V: k - 1}, N: x.Lanes()}}, e)
}

func (c *compiler) lanesUnary(x *loop.Unary, e elem) value {
	switch {
	case x.Op == loop.Neg:
		return c.integers(&loop.Binary{Op: loop.Sub, A: &loop.Splat{A: &loop.ConstInt{}, N: x.Lanes()}, B: x.A}, e)
	case x.Op == loop.Abs && e == i32 && c.ranges.Int(x.A).Within(signed32.Lo, signed32.Hi):
		a := c.integers(x.A, e)
		v := c.fresh(loop.Int, e, a.lanes)
		for i := range v.parts {
			c.Emit(two(x86.VPABSD)(a.op(i), v.op(i)))
		}
		return v
	}
	unsupported("the operator %v of integers in lanes", x.Op)
	return value{}
}

// wrapLanes keeps low bits and extends them.
func (c *compiler) wrapLanes(x *loop.Wrap, e elem) value {
	m := ranges.OfMem(x.Mem)
	if c.ranges.Int(x.A).Within(m.Lo, m.Hi) || x.Mem == loop.MemI64 || e == i32 && x.Mem.Bytes() == 4 {
		return c.integers(x.A, e)
	}
	if e == i8 && x.Mem.Bytes() == 1 {
		return c.integers(x.A, i8)
	}
	a := c.integers(x.A, i32)
	switch x.Mem {
	case loop.MemU8, loop.MemU16:
		mask := c.splatInt(&loop.Splat{A: &loop.ConstInt{V: m.Hi}, N: x.Lanes()}, i32)
		op := intForms[loop.And][0]
		if !c.isa.masks {
			op = avx2Forms[loop.And]
		}
		a = c.each(op, mask, a)
	case loop.MemI8, loop.MemI16:
		k := int64(32 - 8*x.Mem.Bytes())
		a = c.shifted(three(x86.VPSRAD), c.shiftBy(loop.Shl, a, k), k)
	}
	return c.resize(a, e, m)
}

// truncateLanes makes integers of floats.
func (c *compiler) truncateLanes(x *loop.Convert, e elem) value {
	s := c.ranges.Int(x)
	a := c.float(x.A)
	if s.Within(signed32.Lo, signed32.Hi) {
		v := c.fresh(loop.Int, i32, a.lanes)
		if len(v.parts) != len(a.parts) || a.elem == f64 && a.bytes != 2*v.bytes {
			unsupported("integers of %d lanes of f64", a.lanes)
		}
		for i := range v.parts {
			switch {
			case a.elem == f32:
				c.Emit(two(x86.VCVTTPS2DQ)(a.op(i), v.op(i)))
			case a.bytes == 64:
				c.Emit(two(x86.VCVTTPD2DQ)(a.op(i), v.op(i)))
			default:
				c.Emit(two(x86.VCVTTPD2DQY)(a.op(i), v.op(i)))
			}
		}
		return c.resize(v, e, s)
	}
	unsupported("integers of floats of unknown range")
	return value{}
}
