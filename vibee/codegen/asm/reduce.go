package asm

import (
	"github.com/mmcloughlin/avo/reg"
	"github.com/mmcloughlin/avo/x86"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// reduce folds floats by halving: lane i becomes lane i op lane i + half.
func (c *compiler) reduce(e *loop.Reduce) value {
	a := c.float(e.A)
	if a.lanes == 1 {
		return a
	}
	f := arithmetic[e.Op]
	parts := a.parts
	for len(parts) > 1 {
		half := len(parts) / 2
		next := make([]reg.Register, half)
		for i := range next {
			next[i] = c.vector(a.bytes)
			c.Emit(f.pick(a.elem, 2, false)(widthOf(parts[i+half], a.bytes), widthOf(parts[i], a.bytes), next[i]))
		}
		parts = next
	}
	r, size := parts[0], a.elem.bytes()
	for bytes := a.bytes; bytes > size; bytes /= 2 {
		high := c.piece(r, bytes, 1, bytes/2)
		width, lanes := max(16, bytes/2), 2
		if bytes == 2*size {
			lanes = 1
		}
		sum := c.vector(width)
		c.Emit(f.pick(a.elem, lanes, false)(widthOf(high, width), widthOf(r, width), sum))
		r = sum
	}
	return value{typ: e.Type(), lanes: 1, elem: a.elem, parts: []reg.Register{r}, bytes: 16, level: c.Level()}
}

// reduceInt folds integers in lanes.
func (c *compiler) reduceInt(e *loop.Reduce) integer {
	s := c.ranges.Int(e.A)
	el := c.narrowest(s, 1)
	if el == i32 && e.Op == loop.Add {
		if n := int64(e.A.Lanes()); !s.Within(signed32.Lo/n, signed32.Hi/n) {
			el = i64
		}
	}
	if el == i32 && !s.Within(signed32.Lo, signed32.Hi) {
		el = i64
	}
	a := c.integers(e.A, el)
	op := intForms[e.Op][el-i32]
	if !c.isa.masks && el == i64 && e.Op != loop.Add {
		unsupported("the operator %v of 64-bit lanes", e.Op)
	}
	r := a.parts[0]
	for half := len(a.parts) / 2; half > 0; half /= 2 {
		for i := range half {
			sum := c.vector(a.bytes)
			c.Emit(op(widthOf(a.parts[i+half], a.bytes), widthOf(a.parts[i], a.bytes), sum))
			a.parts = append([]reg.Register{}, a.parts...)
			a.parts[i] = sum
		}
		r = a.parts[0]
	}
	for bytes := a.bytes; bytes > el.bytes(); bytes /= 2 {
		high := c.piece(r, bytes, 1, bytes/2)
		width := max(16, bytes/2)
		sum := c.vector(width)
		c.Emit(op(widthOf(high, width), widthOf(r, width), sum))
		r = sum
	}
	out := c.Regs.GP64()
	if el == i64 {
		c.Emit(two(x86.VMOVQ)(widthOf(r, 16), out))
		return c.computed(out)
	}
	low := c.Regs.GP64()
	c.Emit(two(x86.VMOVD)(widthOf(r, 16), low.As32()))
	c.Emit(x86.MOVLQSX(low.As32(), out))
	return c.computed(out)
}
