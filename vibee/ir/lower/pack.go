package lower

import (
	"github.com/trinity-engine/trinity/vibee/ir/check"
	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/loop/ranges"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

// packs reports whether the block that is being written packs others.
func (b *builder) packs() bool { return b.input != nil && b.input.weight != nil }

// leastStrip is how many bytes are worth a vector instruction.
const leastStrip = 16

// packStrips runs body for strips of most values or fewer, one after the other, if all of lo..hi can be done so: what
// they read and write lies side by side, or by fours as columns of rows do.
func (b *builder) packStrips(most int, lo, hi sym.Poly, body func(i sym.Poly)) bool {
	extent, constant := hi.Sub(lo).Constant()
	if !constant {
		return false
	}
	for n := most; n >= leastStrip; n /= 2 {
		if extent%int64(n) != 0 {
			continue
		}
		lanes := lanesOf(n)
		if b.attempt(func() {
			defer func() { b.lane = nil }()
			for i := int64(0); i < extent; i += int64(n) {
				b.lane = &lane{n, len(b.blocks) - 1}
				body(lo.Add(sym.Const(i)).Add(lanes))
			}
		}) {
			return true
		}
	}
	return false
}

// packedFold is a fold of a few integers in one expression, whose range is known then: bits that share a byte are one.
func (b *builder) packedFold(r *spec.Reduce) (e loop.Expr) {
	if len(r.Index) != 1 {
		return nil
	}
	v := r.Index[0]
	lo := b.poly(v.Lo)
	n, constant := b.poly(v.Hi).Sub(lo).Constant()
	if !constant || n < 1 || n > 8 {
		return nil
	}
	for i := range n {
		b.index[v] = lo.Add(sym.Const(i))
		e = b.join(reduceOps[r.Kind], e, b.value(r.Body))
	}
	return spread(e, b.lanes())
}

// byFours reports whether an index is that of columns of rows: lane 4r + j is at rest + r*stride + j.
func byFours(p sym.Poly) bool {
	lane := sym.Of(&sym.Var{Name: laneKey, Rank: lastRank})
	four := sym.Const(4)
	for _, part := range []sym.Atom{&sym.Quot{X: lane, Y: four}, &sym.Rem{X: lane, Y: four}} {
		slope, rest, ok := p.Linear(part.Key())
		if !ok || wide(slope) {
			return false
		}
		p = rest
	}
	return !wide(p)
}

// tempElem is the least element that holds a let's values.
func (b *builder) tempElem(e spec.Expr) loop.Mem {
	switch e.Type() {
	case spec.Bool:
		return loop.MemU8
	case spec.F32:
		return loop.MemF32
	case spec.F64:
		return loop.MemF64
	}
	if s := check.Range(e); b.packs() {
		for _, m := range []loop.Mem{loop.MemU8, loop.MemI8} {
			if r := ranges.OfMem(m); s.Within(sym.Interval{Lo: r.Lo, Hi: r.Hi}) {
				return m
			}
		}
	}
	return loop.MemI64
}
