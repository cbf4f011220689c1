package asm

import (
	"github.com/mmcloughlin/avo/operand"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// view is an open View: where each of its lanes starts.
type view struct {
	lanes []operandAt
}

// operandAt is an address as a pointer, an index and a distance, all of which are settled.
type operandAt struct {
	base  integer
	index integer // with scale 0: none
	scale int64
}

func (o operandAt) polynomial() polynomial {
	p := atom(o.base)
	if o.scale != 0 {
		p = p.add(term{o.scale, []integer{o.index}})
	}
	return p
}

// unit is how many bytes an index of b counts.
func unit(b *loop.Buf) int64 {
	if b.Bytes {
		return 1
	}
	return int64(b.Elem.Bytes())
}

// element is the place of one element of b at index, which is checked where data decides it.
func (c *compiler) element(b *loop.Buf, m loop.Mem, index polynomial) operand.Mem {
	c.check(b, index, reach(b, m))
	return c.memory(atom(c.base(b)).plus(index, unit(b)))
}

// reach is how many units of b an element takes.
func reach(b *loop.Buf, m loop.Mem) int64 {
	if b.Bytes {
		return int64(m.Bytes())
	}
	return 1
}

// open settles where the lanes of a view start.
func (c *compiler) open(v *loop.View) {
	index := c.polynomial(v.Index)
	w := &view{}
	if v.Lanes == 1 {
		c.check(v.Buf, index, int64(v.Size))
		w.lanes = append(w.lanes, c.settle(atom(c.base(v.Buf)).plus(index, unit(v.Buf))))
		c.views[v] = w
		return
	}
	stride := c.total(c.polynomial(v.Stride))
	c.check(v.Buf, index.plus(atom(stride), int64(v.Lanes-1)), int64(v.Size))
	c.check(v.Buf, index, int64(v.Size))
	w.lanes = c.spread(atom(c.base(v.Buf)).plus(index, unit(v.Buf)), c.mulInt(stride, number(unit(v.Buf))), v.Lanes)
	c.views[v] = w
}

// settle computes an address into one register.
func (c *compiler) settle(p polynomial) operandAt { return operandAt{base: c.total(p)} }

// spread gives the addresses of lanes at a stride in bytes: a pointer for each eight, and the multiples
// 1, 3, 5, 7 of the stride, which an address can double or quadruple.
func (c *compiler) spread(p polynomial, stride integer, lanes int) []operandAt {
	out := make([]operandAt, lanes)
	first := c.total(p)
	for l := range lanes {
		if stride.isConst() {
			out[l] = operandAt{base: c.addInt(first, number(stride.constant*int64(l)))}
			continue
		}
		base := first
		if l >= 8 {
			base = c.addInt(first, c.mulInt(stride, number(int64(l/8*8))))
		}
		k := int64(l % 8)
		switch k {
		case 0:
			out[l] = operandAt{base: base}
		case 1, 2, 4:
			out[l] = operandAt{base, stride, k}
		case 6:
			out[l] = operandAt{base, c.triple(stride), 2}
		case 3:
			out[l] = operandAt{base, c.triple(stride), 1}
		default:
			out[l] = operandAt{base, c.mulInt(stride, number(k)), 1}
		}
	}
	return out
}

func (c *compiler) triple(i integer) integer { return c.mulInt(i, number(3)) }

// peek is the place of lane l of what a Peek reads.
func (c *compiler) peek(e *loop.Peek, l int) operand.Mem {
	w := c.views[e.View]
	index := c.polynomial(e.Index)
	size := int64(1)
	if e.View.Buf.Bytes {
		size = int64(e.Mem.Bytes())
	}
	if !c.ranges.Int(e.Index).Within(0, int64(e.View.Size)-size) {
		unsupported("a place in a view that is not known to be inside of it")
	}
	at := w.lanes[l]
	p := atom(at.base).plus(index, unit(e.View.Buf))
	if at.scale == 0 {
		return c.memory(p)
	}
	disp := p.rest // the lanes share what comes before the stride
	p.rest = 0
	return operand.Mem{Base: c.gp(c.total(p)), Index: c.gp(at.index), Scale: uint8(at.scale), Disp: int(disp)}
}
