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
		if n&(n-1) != 0 {
			n = width
		}
		index := c.index(e.Index, n)
		return c.each(three(x86.VPERMB), c.entries(b, 0, n, index), index)
	case n <= 2*width && c.permutes():
		index := c.copied(c.index(e.Index, 2*width))
		low, high := c.entries(b, 0, width, index), c.entries(b, width, width, index)
		for i := range index.parts {
			c.Emit(three(x86.VPERMI2B)(high.op(i), low.op(i), index.op(i)))
		}
		return index
	}
	return c.sixteens(b, c.index(e.Index, 256))
}

// index gives bytes of which an instruction takes the values modulo n, a power of two, so that what only takes higher bits away
// is left out. Tables at the same index share it.
func (c *compiler) index(e loop.Expr, n int) value {
	b, ok := e.(*loop.Binary)
	if !ok {
		return c.integers(e, i8)
	}
	k, constant := c.splatConst(b.B)
	switch {
	case constant && b.Op == loop.And && k&int64(n-1) == int64(n-1):
		return c.integers(b.A, i8)
	case constant && b.Op == loop.Shr && k > 0 && k < 8 && within(c.ranges.Int(b.A), unsigned8):
		of := c.integers(b.A, i8)
		return c.derived(of, fmt.Sprintf(">> %d modulo %d", k, n), func() value {
			v := c.shiftWords(loop.Shr, of, k)
			if 256>>k < n {
				v = c.each(c.bitwise(loop.And), c.byteMask(255>>k, v.lanes), v)
			}
			return v
		})
	}
	return c.integers(e, i8)
}

// derived gives what is made of a value, once where it has a key.
func (c *compiler) derived(of value, how string, emit func() value) value {
	if of.key == "" {
		return emit()
	}
	key := of.key + " " + how
	return c.once(key, of.level, func() value {
		v := emit()
		v.key = key
		return v
	})
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
		at := c.derived(index, fmt.Sprintf("from %d", from), func() value {
			at := index
			if from > 0 {
				at = c.each(c.bitwise(loop.Xor), c.byteMask(int64(from), index.lanes), index)
			}
			return c.each(three(x86.VPADDUSB), beyond, at)
		})
		found := c.each(three(x86.VPSHUFB), at, c.entries(b, from, 16, index))
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
