package golang

import "github.com/trinity-engine/trinity/vibee/ir/loop"

// span is a proved range of an Int, both ends included.
type span struct{ lo, hi int64 }

const far = int64(1) << 62

// anything is no knowledge; arithmetic may have wrapped.
var anything = span{-far, far}

func (s span) within(lo, hi int64) bool { return s.lo >= lo && s.hi <= hi }

// sane gives s, or anything where s is so wide that an operation may have wrapped.
func (s span) sane() span {
	const limit = int64(1) << 53
	if s.lo < -limit || s.hi > limit || s.lo > s.hi {
		return anything
	}
	return s
}

func (s span) known() bool { return s != anything }

var memSpans = map[loop.Mem]span{
	loop.MemU8: {0, 1<<8 - 1}, loop.MemI8: {-1 << 7, 1<<7 - 1}, loop.MemU16: {0, 1<<16 - 1}, loop.MemI16: {-1 << 15, 1<<15 - 1},
	loop.MemU32: {0, 1<<32 - 1}, loop.MemI32: {-1 << 31, 1<<31 - 1}, loop.MemI64: anything,
}

// spanOf bounds an Int expression, all lanes together.
func (g *gen) spanOf(e loop.Expr) span {
	switch e := e.(type) {
	case *loop.ConstInt:
		return span{e.V, e.V}.sane()
	case *loop.Ref:
		if s, ok := g.spans[e.Var]; ok {
			return s
		}
	case *loop.Load:
		return memSpans[e.Mem]
	case *loop.Peek:
		return memSpans[e.Mem]
	case *loop.Wrap:
		if a := g.spanOf(e.A); a.known() && a.within(memSpans[e.Mem].lo, memSpans[e.Mem].hi) {
			return a
		}
		return memSpans[e.Mem]
	case *loop.Bits:
		if e.A.Type() == loop.F32 {
			return memSpans[loop.MemU32]
		}
	case *loop.Splat:
		return g.spanOf(e.A)
	case *loop.Iota:
		return span{0, int64(e.N) - 1}
	case *loop.Select:
		a, b := g.spanOf(e.A), g.spanOf(e.B)
		return span{min(a.lo, b.lo), max(a.hi, b.hi)}.sane()
	case *loop.Binary:
		return g.spanOfBinary(e)
	case *loop.Dot:
		p := g.spanOfBinary(&loop.Binary{Op: loop.Mul, A: e.A, B: e.B})
		if p.known() {
			return span{4 * p.lo, 4 * p.hi}.sane()
		}
	}
	return anything
}

func (g *gen) spanOfBinary(e *loop.Binary) span {
	a, b := g.spanOf(e.A), g.spanOf(e.B)
	point := b.lo == b.hi
	if e.Op == loop.And { // one known operand is enough
		switch {
		case b.known() && b.lo >= 0 && a.known() && a.lo >= 0:
			return span{0, min(a.hi, b.hi)}
		case b.known() && b.lo >= 0:
			return span{0, b.hi}
		case a.known() && a.lo >= 0:
			return span{0, a.hi}
		}
		return anything
	}
	if e.Op == loop.Mod && point && b.lo > 0 {
		if a.known() && a.lo >= 0 {
			return span{0, min(a.hi, b.lo-1)}
		}
		return span{1 - b.lo, b.lo - 1}
	}
	if !a.known() || !b.known() {
		return anything
	}
	switch e.Op {
	case loop.Add:
		return span{a.lo + b.lo, a.hi + b.hi}.sane()
	case loop.Sub:
		return span{a.lo - b.hi, a.hi - b.lo}.sane()
	case loop.Min:
		return span{min(a.lo, b.lo), min(a.hi, b.hi)}
	case loop.Max:
		return span{max(a.lo, b.lo), max(a.hi, b.hi)}
	case loop.Mul:
		const half = int64(1) << 31
		if a.within(-half, half) && b.within(-half, half) {
			p := []int64{a.lo * b.lo, a.lo * b.hi, a.hi * b.lo, a.hi * b.hi}
			return span{min(p[0], p[1], p[2], p[3]), max(p[0], p[1], p[2], p[3])}.sane()
		}
	case loop.Div:
		if point && b.lo > 0 {
			return span{a.lo / b.lo, a.hi / b.lo}
		}
	case loop.Shr:
		if a.lo >= 0 && b.within(0, 63) {
			return span{a.lo >> uint(b.hi), a.hi >> uint(b.lo)}
		}
	case loop.Shl:
		if a.lo >= 0 && a.hi < 1<<31 && b.within(0, 31) {
			return span{a.lo << uint(b.lo), a.hi << uint(b.hi)}.sane()
		}
	case loop.Or, loop.Xor:
		if a.lo >= 0 && b.lo >= 0 && max(a.hi, b.hi) < far/2 {
			m := int64(1)
			for m <= a.hi || m <= b.hi {
				m <<= 1
			}
			return span{0, m - 1}
		}
	}
	return anything
}
