package lower

import (
	"github.com/trinity-engine/trinity/vibee/ir/check"
	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

// piece is a part of an index's range, and the value there.
type piece struct {
	lo, hi sym.Poly
	value  spec.Expr
}

// pieces splits the range of v where its value's conditions compare v alone: each part has a loop without them, which
// may run in strips.
func (b *builder) pieces(v *spec.Index, value spec.Expr, lo, hi sym.Poly) []piece {
	c, ok := value.(*spec.Cond)
	if !ok {
		return []piece{{lo, hi, value}}
	}
	test, ok := c.If.(*spec.Binary)
	if !ok || !check.Arithmetic(test.B) || mentions(test.B, v) {
		return []piece{{lo, hi, value}}
	}
	if i, ok := test.A.(*spec.IndexRef); !ok || i.Index != v {
		return []piece{{lo, hi, value}}
	}
	than := b.poly(test.B)
	below, above := c.Then, c.Else
	switch test.Op {
	case "<":
	case "<=":
		than = than.Add(sym.Const(1))
	case ">=":
		below, above = above, below
	case ">":
		than = than.Add(sym.Const(1))
		below, above = above, below
	default:
		return []piece{{lo, hi, value}}
	}
	if wide(than) {
		return []piece{{lo, hi, value}}
	}
	mid := b.between(lo, than, hi)
	return append(b.pieces(v, below, lo, mid), b.pieces(v, above, mid, hi)...)
}

// inPieces runs set for all of v, in strips where the schedule says so.
func (b *builder) inPieces(v *spec.Index, value spec.Expr, set func(spec.Expr)) {
	n := b.stripOf(v.Name, true)
	for _, p := range b.pieces(v, value, b.poly(v.Lo), b.poly(v.Hi)) {
		b.strip(v.Name, n, divides(p.value, v, n), p.lo, p.hi, func(i sym.Poly) {
			b.index[v] = i
			set(p.value)
		})
	}
}

// between is x, but lo at least and hi at most.
func (b *builder) between(lo, x, hi sym.Poly) sym.Poly {
	e := b.scalar(x)
	if first, known := lo.Constant(); !known || x.Range().Lo < first {
		e = b.join(loop.Max, e, b.scalar(lo))
	}
	e = b.join(loop.Min, e, b.scalar(hi))
	v := b.hoist("mid", text(e), e)
	return b.atomOf(v, sym.Interval{Lo: lo.Range().Lo, Hi: hi.Range().Hi})
}

// mentions reports whether an index stands in e.
func mentions(e spec.Expr, v *spec.Index) bool {
	found := false
	spec.Walk(e, func(e spec.Expr) bool {
		if i, ok := e.(*spec.IndexRef); ok && i.Index == v {
			found = true
		}
		return !found
	})
	return found
}

// divides reports whether e divides an index by a number that divides n, so that strips of n are best counted whole.
func divides(e spec.Expr, v *spec.Index, n int) bool {
	found := false
	spec.Walk(e, func(e spec.Expr) bool {
		if x, ok := e.(*spec.Binary); ok && (x.Op == "/" || x.Op == "%") && mentions(x.A, v) {
			by, constant := x.B.(*spec.IntLit)
			found = found || constant && by.V > 1 && int64(n)%by.V == 0
		}
		return !found
	})
	return found
}
