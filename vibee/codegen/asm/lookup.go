package asm

import (
	"fmt"
	"slices"

	"github.com/mmcloughlin/avo/reg"
	"github.com/mmcloughlin/avo/x86"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/loop/ranges"
)

// lookup reads a table at an index of each lane's own, in registers.
func (c *compiler) lookup(e *loop.Load, el elem) (value, bool) {
	n := int64(len(e.Buf.Data))
	if e.Buf.Role != loop.Table || !c.ranges.Int(e.Index).Within(0, n-1) {
		return value{}, false
	}
	switch {
	case el == i8 && n <= 256 && inByte(ranges.OfMem(e.Mem)):
		return c.lookupBytes(e), true
	case el == i32 && n <= 16 && c.isa.masks && e.Lanes() == 16 && e.Mem.Bytes() <= 4:
		at := c.data.lanes(i32, padded(e.Buf.Data, 16)...)
		table := c.repeat("table "+e.Buf.Name, 0, loop.Int, i32, 16, func(to reg.Register, bytes int) {
			c.Emit(x86.VMOVUPS(at, widthOf(to, bytes)))
		})
		return c.each(three(x86.VPERMD), table, c.integers(e.Index, i32)), true
	}
	return value{}, false
}

// lookupBytes reads a table of bytes: sixteen entries at a time, or, where there is an instruction for that, as many as a
// register has, or two.
func (c *compiler) lookupBytes(e *loop.Load) value {
	n, b := len(e.Buf.Data), e.Buf
	_, width := c.shape(i8, e.Lanes())
	switch {
	case n <= 16:
		index := c.integers(e.Index, i8)
		return c.each(three(x86.VPSHUFB), index, c.entries(b, 0, 16, index))
	case n <= width && c.permutes():
		index := c.lowBits(e.Index, width)
		return c.each(three(x86.VPERMB), c.entries(b, 0, width, index), index)
	case n <= 2*width && c.permutes():
		index := c.copied(c.lowBits(e.Index, 2*width))
		low, high := c.entries(b, 0, width, index), c.entries(b, width, width, index)
		for i := range index.parts {
			c.Emit(three(x86.VPERMI2B)(high.op(i), low.op(i), index.op(i)))
		}
		return index
	}
	return c.sixteens(b, c.integers(e.Index, i8))
}

// lowBits gives bytes of which an instruction takes the index below n, a power of two: no mask is needed.
func (c *compiler) lowBits(e loop.Expr, n int) value {
	if and, ok := e.(*loop.Binary); ok && and.Op == loop.And {
		if mask, ok := c.splatConst(and.B); ok && mask&int64(n-1) == int64(n-1) {
			return c.integers(and.A, i8)
		}
	}
	return c.integers(e, i8)
}

// permutes reports whether there are lookups in whole registers of bytes, and notes that they were asked for.
func (c *compiler) permutes() bool {
	if !c.isa.permutes {
		c.missed = true
	}
	return c.isa.permutes
}

// sixteens reads a table sixteen entries at a time. Of an index from another sixteen, adding makes a byte beyond 127, for
// which nothing is looked up: 0.
func (c *compiler) sixteens(b *loop.Buf, index value) (v value) {
	beyond := c.byteMask(0x70, index.lanes)
	for from := 0; from < len(b.Data); from += 16 {
		if !slices.ContainsFunc(b.Data[from:min(from+16, len(b.Data))], func(x int64) bool { return x != 0 }) {
			continue
		}
		at := index
		if from > 0 {
			at = c.each(c.bitwise(loop.Xor), c.byteMask(int64(from), index.lanes), index)
		}
		found := c.each(three(x86.VPSHUFB), c.each(three(x86.VPADDUSB), beyond, at), c.entries(b, from, 16, index))
		if v.parts != nil {
			found = c.each(c.bitwise(loop.Or), v, found)
		}
		v = found
	}
	if v.parts == nil {
		return c.copied(c.byteMask(0, index.lanes))
	}
	return v
}

// entries are n of a table's bytes, repeated in registers like those of an index.
func (c *compiler) entries(b *loop.Buf, from, n int, index value) value {
	list := padded(b.Data[min(from, len(b.Data)):], n)
	at := c.data.lanes(i8, slices.Repeat(list[:n], index.bytes/n)...)
	key := fmt.Sprintf("table %s from %d", b.Name, from)
	return c.repeat(key, 0, loop.Int, i8, index.lanes, func(to reg.Register, bytes int) {
		c.Emit(x86.VMOVUPS(at, widthOf(to, bytes)))
	})
}

// padded is a list that has n entries at least, the rest of them zeros.
func padded(list []int64, n int) []int64 {
	return slices.Concat(list, make([]int64, max(0, n-len(list))))
}
