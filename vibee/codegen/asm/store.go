package asm

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
	"github.com/mmcloughlin/avo/x86"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// store writes a statement's value to memory.
func (c *compiler) store(s *loop.Store) {
	n := s.Value.Lanes()
	switch {
	case n == 1 && s.Mem.Type() == loop.Int:
		v := c.gp(c.int(s.Value))
		c.storeInt(s.Mem, v, c.element(s.Buf, s.Mem, c.polynomial(s.Index)))
	case n == 1:
		v := c.float(s.Value)
		at := c.element(s.Buf, s.Mem, c.polynomial(s.Index))
		c.storeOne(s.Mem, v, at)
	case s.Stride == nil:
		unsupported("lanes to places that data decides")
	case c.contiguous(s.Buf, s.Mem, s.Stride):
		v := c.lanesToStore(s)
		at := c.run(s.Buf, s.Mem, s.Index, n)
		for i := range v.parts {
			c.storePart(s.Mem, v, i, at.Offset(i*v.perPart()*s.Mem.Bytes()))
		}
	default:
		c.scatter(s)
	}
}

// lanesToStore emits a value in the lanes that memory takes the low bits of.
func (c *compiler) lanesToStore(s *loop.Store) value {
	switch {
	case s.Mem.Type().Float():
		return c.float(s.Value)
	case s.Mem == loop.MemI64:
		return c.integers(s.Value, i64)
	case s.Mem.Bytes() == 1 && s.Value.Lanes() >= byteLanes && inByte(c.ranges.Int(s.Value)):
		return c.integers(s.Value, i8)
	}
	return c.integers(s.Value, i32)
}

func (c *compiler) storeInt(m loop.Mem, v reg.GPVirtual, at operand.Mem) {
	switch m.Bytes() {
	case 1:
		c.Emit(x86.MOVB(v.As8L(), at))
	case 2:
		c.Emit(x86.MOVW(v.As16(), at))
	case 4:
		c.Emit(x86.MOVL(v.As32(), at))
	default:
		c.Emit(x86.MOVQ(v, at))
	}
}

// storeOne writes one float.
func (c *compiler) storeOne(m loop.Mem, v value, at operand.Mem) {
	switch m {
	case loop.MemF32:
		c.Emit(x86.VMOVSS(v.op(0), at))
	case loop.MemF64:
		c.Emit(x86.VMOVSD(v.op(0), at))
	default:
		h := c.halves(m, value{typ: v.typ, lanes: 4, elem: f32, parts: v.parts, bytes: 16})
		r := c.Regs.GP64()
		c.Emit(two(x86.VMOVD)(widthOf(h.parts[0], 16), r.As32()))
		c.Emit(x86.MOVW(r.As16(), at))
	}
}

// storePart writes part i of lanes side by side.
func (c *compiler) storePart(m loop.Mem, v value, i int, at operand.Mem) {
	switch {
	case m == loop.MemF16:
		c.Emit(three(x86.VCVTPS2PH)(operand.U8(0), v.op(i), at))
	case m == loop.MemBF16:
		h := c.halves(m, value{typ: v.typ, lanes: v.perPart(), elem: f32, parts: v.parts[i : i+1], bytes: v.bytes})
		c.narrowTo(2, widthOf(h.parts[0], v.bytes), v.bytes, at)
	case m.Bytes() == v.elem.bytes():
		c.Emit(x86.VMOVUPS(v.op(i), at))
	default:
		c.narrowTo(m.Bytes(), v.op(i), v.bytes, at)
	}
}

// narrowTo stores the low bytes of lanes of 32 bits.
func (c *compiler) narrowTo(n int, from operand.Op, bytes int, at operand.Mem) {
	if c.isa.masks {
		if n == 1 {
			c.Emit(x86.VPMOVDB(from, at))
		} else {
			c.Emit(x86.VPMOVDW(from, at))
		}
		return
	}
	// Each half of 16 bytes shuffles its low bytes together.
	pattern := make([]byte, bytes)
	for i := range pattern {
		pattern[i] = 0x80
		if k := i % 16; k < 4*n {
			pattern[i] = byte(k/n*4 + k%n)
		}
	}
	packed := c.vector(bytes)
	c.Emit(x86.VPSHUFB(c.data.bytes("shuffle_", pattern), from, packed))
	for half := range bytes / 16 {
		x := widthOf(c.piece(packed, bytes, half, 16), 16)
		if n == 1 {
			c.Emit(two(x86.VMOVD)(x, at.Offset(half*4)))
		} else {
			c.Emit(two(x86.VMOVQ)(x, at.Offset(half*8)))
		}
	}
}

// scatter writes lanes one by one.
func (c *compiler) scatter(s *loop.Store) {
	v := c.lanesToStore(s)
	index, stride := c.polynomial(s.Index), c.total(c.polynomial(s.Stride))
	c.check(s.Buf, index.plus(atom(stride), int64(v.lanes-1)), reach(s.Buf, s.Mem))
	c.check(s.Buf, index, reach(s.Buf, s.Mem))
	places := c.spread(atom(c.base(s.Buf)).plus(index, unit(s.Buf)), c.mulInt(stride, number(unit(s.Buf))), v.lanes)
	if s.Mem.Bytes() != v.elem.bytes() {
		unsupported("%v at a stride", s.Mem)
	}
	per := v.perPart()
	for l, p := range places {
		x := widthOf(c.piece(v.parts[l/per], v.bytes, l%per*v.elem.bytes()/16, 16), 16)
		at, k := c.memory(p.polynomial()), l%per*v.elem.bytes()%16/v.elem.bytes()
		switch v.elem.bytes() {
		case 1:
			c.Emit(x86.VPEXTRB(operand.U8(k), x, at))
		case 4:
			c.Emit(x86.VPEXTRD(operand.U8(k), x, at))
		default:
			c.Emit(x86.VPEXTRQ(operand.U8(k), x, at))
		}
	}
}
