package asm

import (
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// elem is what the lanes of a vector hold. Integers are kept in the narrowest lanes that hold what is
// asked of them: i32 lanes hold the low 32 bits, i8 lanes the low 8.
type elem uint8

const (
	f32 elem = iota
	f64
	i32
	i64
	i8
)

func (e elem) bytes() int { return [...]int{4, 8, 4, 8, 1}[e] }

func elemOf(t loop.Type) elem {
	if t == loop.F64 {
		return f64
	}
	return f32
}

// value is an emitted value. One integer is a general-purpose register or a constant; a float is lane 0 of
// an XMM register; lanes are in as many registers as they need, each of the same width. A
// Bool of lanes (or of one float comparison) is a mask for lanes of elem.
type value struct {
	typ   loop.Type
	lanes int

	integerValue integer // Int of one lane, or Bool that is 0 or 1
	elem         elem
	parts        []reg.Register // vectors, or masks
	bytes        int            // of each part
	mask         bool           // parts are a condition
	key          string         // names the value, where it is settled
	level        int            // of the region in which it is
}

func (v value) integer() integer { return v.integerValue }

// op is part i at its width.
func (v value) op(i int) operand.Op { return widthOf(v.parts[i], v.bytes) }

// alike has the first part stand for all others.
func (v value) alike() value {
	for i := range v.parts {
		v.parts[i] = v.parts[0]
	}
	return v
}

// equalParts reports whether one register stands for all parts.
func (v value) equalParts() bool {
	for _, p := range v.parts {
		if p.ID() != v.parts[0].ID() {
			return false
		}
	}
	return len(v.parts) > 0
}

// widthOf gives a vector register as one of a width.
func widthOf(r reg.Register, bytes int) reg.Register {
	v, ok := r.(reg.Vec)
	if !ok {
		return r
	}
	switch bytes {
	case 16:
		return v.AsX()
	case 32:
		return v.AsY()
	}
	return v.AsZ()
}

// shape says in how many registers of which width lanes of e are.
func (c *compiler) shape(e elem, lanes int) (parts, bytes int) {
	total := lanes * e.bytes()
	switch {
	case lanes == 1:
		return 1, 16
	case total <= c.isa.bytes && total >= 16 && total&(total-1) == 0:
		return 1, total
	case total > c.isa.bytes && total%c.isa.bytes == 0:
		return total / c.isa.bytes, c.isa.bytes
	}
	unsupported("a vector of %d lanes of %d bytes", lanes, e.bytes())
	return 0, 0
}

// fresh makes registers for lanes of e.
func (c *compiler) fresh(t loop.Type, e elem, lanes int) value {
	parts, bytes := c.shape(e, lanes)
	v := value{typ: t, lanes: lanes, elem: e, bytes: bytes, level: c.Level()}
	for range parts {
		v.parts = append(v.parts, c.vector(bytes))
	}
	return v
}

func (c *compiler) vector(bytes int) reg.Register {
	switch bytes {
	case 16:
		return c.Regs.XMM()
	case 32:
		return c.Regs.YMM()
	}
	return c.Regs.ZMM()
}

// freshMask makes registers for a condition on lanes of e.
func (c *compiler) freshMask(e elem, lanes int) value {
	v := c.fresh(loop.Bool, e, lanes)
	v.mask = true
	if c.isa.masks {
		for i := range v.parts {
			v.parts[i] = c.Regs.K()
		}
	}
	return v
}

// perPart is how many lanes each register holds.
func (v value) perPart() int {
	if v.lanes == 1 {
		return 1
	}
	return v.bytes / v.elem.bytes()
}
