package asm

import (
	"github.com/mmcloughlin/avo/reg"
	"github.com/mmcloughlin/avo/x86"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/loop/ranges"
)

// byteLanes is how many lanes of bytes are best kept as bytes: fewer fit into a register as i32.
const byteLanes = 32

var (
	unsigned8 = ranges.OfMem(loop.MemU8)
	signed8   = ranges.OfMem(loop.MemI8)
)

func within(s, t ranges.Int) bool { return s.Within(t.Lo, t.Hi) }

func inByte(s ranges.Int) bool { return within(s, unsigned8) || within(s, signed8) }

// resizeBytes changes lanes between bytes and 32 bits.
func (c *compiler) resizeBytes(v value, e elem, s ranges.Int) value {
	switch {
	case e == i64 || v.elem == i64:
		return c.resize(c.resize(v, i32, s), e, s)
	case e == i8 && !c.isa.masks:
		unsupported("narrowing lanes to bytes")
	}
	out := c.fresh(loop.Int, e, v.lanes)
	if e == i32 {
		op := two(x86.VPMOVSXBD)
		if within(s, unsigned8) {
			op = two(x86.VPMOVZXBD)
		} else if !within(s, signed8) {
			unsupported("widening bytes of unknown range")
		}
		per := len(out.parts) / len(v.parts)
		for i := range out.parts {
			from := c.piece(v.parts[i/per], v.bytes, i%per, out.bytes/4)
			c.Emit(op(widthOf(from, max(16, out.bytes/4)), out.op(i)))
		}
		return out
	}
	per := len(v.parts) / len(out.parts)
	for i := range out.parts {
		var pieces []reg.Register
		for j := range per {
			x := c.vector(max(16, v.bytes/4))
			c.Emit(two(x86.VPMOVDB)(v.op(i*per+j), x))
			pieces = append(pieces, x)
		}
		for bytes := v.bytes / 4; len(pieces) > 1; bytes *= 2 {
			var next []reg.Register
			for j := 0; j < len(pieces); j += 2 {
				to := c.vector(2 * bytes)
				c.join2(pieces[j], pieces[j+1], to, 2*bytes)
				next = append(next, to)
			}
			pieces = next
		}
		out.parts[i] = pieces[0]
	}
	return out
}

// byteBinary works on the low 8 bits of lanes.
func (c *compiler) byteBinary(x *loop.Binary) value {
	k, constant := c.splatConst(x.B)
	s := c.ranges.Int(x.A)
	switch x.Op {
	case loop.Add:
		return c.each(three(x86.VPADDB), c.integers(x.B, i8), c.integers(x.A, i8))
	case loop.Sub:
		return c.each(three(x86.VPSUBB), c.integers(x.B, i8), c.integers(x.A, i8))
	case loop.Min, loop.Max:
		for i, r := range []ranges.Int{unsigned8, signed8} {
			if within(s, r) && within(c.ranges.Int(x.B), r) {
				return c.each(byteExtremes[x.Op][i], c.integers(x.B, i8), c.integers(x.A, i8))
			}
		}
	case loop.Mul:
		if v, ok := c.multipleBytes(x); ok {
			return v
		}
	case loop.Or, loop.Xor:
		if v, ok := c.mergeBits(x); ok {
			return v
		}
		return c.each(c.bitwise(x.Op), c.integers(x.B, i8), c.integers(x.A, i8))
	case loop.And:
		if constant && k&(k+1) == 0 && s.Within(0, k) {
			return c.integers(x.A, i8)
		}
		if shr, ok := x.A.(*loop.Binary); ok && constant && shr.Op == loop.Shr {
			if n, ok := c.splatConst(shr.B); ok && n < 8 && k >= 0 && k <= 255>>uint(n) && within(c.ranges.Int(shr.A), unsigned8) {
				bits := c.integers(shr.A, i8)
				if n > 0 {
					bits = c.shiftWords(loop.Shr, bits, n)
				}
				return c.each(c.bitwise(loop.And), c.byteMask(k, x.Lanes()), bits)
			}
		}
		if v, ok := c.fieldAt(x); ok {
			return v
		}
		return c.each(c.bitwise(loop.And), c.integers(x.B, i8), c.integers(x.A, i8))
	case loop.Shr:
		if constant && k < 8 && within(s, unsigned8) {
			if k == 0 {
				return c.integers(x.A, i8)
			}
			return c.each(c.bitwise(loop.And), c.byteMask(255>>uint(k), x.Lanes()), c.shiftWords(loop.Shr, c.integers(x.A, i8), k))
		}
	case loop.Shl:
		if f, ok := c.bitField(x); ok {
			return c.each(c.bitwise(loop.And), c.byteMask(f.mask, x.Lanes()), f.shifted(c))
		}
		if constant && k < 8 && s.Within(0, 255>>uint(k)) {
			return c.shiftWords(loop.Shl, c.integers(x.A, i8), k)
		}
		if constant && k < 8 {
			return c.each(c.bitwise(loop.And), c.byteMask(255<<uint(k)&255, x.Lanes()), c.shiftWords(loop.Shl, c.integers(x.A, i8), k))
		}
	}
	return c.resize(c.lanesBinary(x, i32), i8, ranges.Unknown)
}

// byteExtremes are of unsigned bytes and of signed ones.
var byteExtremes = map[loop.Op][2]instruction{
	loop.Min: {three(x86.VPMINUB), three(x86.VPMINSB)},
	loop.Max: {three(x86.VPMAXUB), three(x86.VPMAXSB)},
}

// multipleBytes adds shifted bytes up to a constant multiple of them that is a byte, too.
func (c *compiler) multipleBytes(x *loop.Binary) (v value, ok bool) {
	a := x.A
	k, constant := c.splatConst(x.B)
	if !constant {
		a = x.B
		k, constant = c.splatConst(x.A)
	}
	if !constant || k < 1 || k > 255 || !c.ranges.Int(a).Within(0, 255/k) {
		return value{}, false
	}
	of := c.integers(a, i8)
	for n := range int64(8) {
		if k>>n&1 == 0 {
			continue
		}
		term := of
		if n > 0 {
			term = c.shiftWords(loop.Shl, of, n)
		}
		if v.parts != nil {
			term = c.each(three(x86.VPADDB), term, v)
		}
		v = term
	}
	return v, true
}

func (c *compiler) bitwise(op loop.Op) instruction {
	if c.isa.masks {
		return intForms[op][0]
	}
	return avx2Forms[op]
}

func (c *compiler) byteMask(k int64, lanes int) value {
	return c.splatInt(&loop.Splat{A: &loop.ConstInt{V: k}, N: lanes}, i8)
}

// shiftWords shifts pairs of bytes; the bits that cross over are for a mask to take away.
func (c *compiler) shiftWords(op loop.Op, a value, k int64) value {
	f := three(x86.VPSRLW)
	if op == loop.Shl {
		f = three(x86.VPSLLW)
	}
	return c.shifted(f, a, k)
}
