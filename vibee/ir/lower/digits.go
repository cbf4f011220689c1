package lower

import (
	"slices"

	"github.com/trinity-engine/trinity/vibee/ir/check"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

// digit is one level of the loops over a block: count steps of stride.
type digit struct {
	stride, count int64
	unroll        bool // it shifts codes: constants read and run better
}

// segment is a run of a block's values in which no condition changes; its index is
// lo plus the digits, the last of which is the innermost.
type segment struct {
	lo     int64
	digits []digit
}

// segments splits a block so that in every loop the indices of the code, of its scale and of its offset
// are linear.
func (b *builder) segments(f *spec.Format, a affine) []segment {
	cuts := []int64{0, int64(f.Count)}
	eachPart(a.code, func(e spec.Expr) {
		c, ok := e.(*spec.Binary)
		if !ok || c.Type() != spec.Bool {
			return
		}
		if lit, ok := c.B.(*spec.IntLit); ok && lit.V >= 0 && lit.V < int64(f.Count) {
			switch c.Op {
			case "<", ">=":
				cuts = append(cuts, lit.V)
			case "<=", ">":
				cuts = append(cuts, lit.V+1)
			}
		}
	})
	slices.Sort(cuts)
	cuts = slices.Compact(cuts)
	var out []segment
	for i := 1; i < len(cuts); i++ {
		out = append(out, b.split(f, a, cuts[i-1], cuts[i]))
	}
	return out
}

// eachPart visits e and the lets that it reads, once each.
func eachPart(e spec.Expr, f func(spec.Expr)) {
	seen := map[*spec.Let]bool{}
	var look func(e spec.Expr) bool
	look = func(e spec.Expr) bool {
		f(e)
		if l, ok := e.(*spec.LetRef); ok && !seen[l.Let] {
			seen[l.Let] = true
			spec.Walk(l.Let.Value, look)
		}
		return true
	}
	spec.Walk(e, look)
}

// split finds the divisors of the index in the segment lo..hi, largest stride first.
func (b *builder) split(f *spec.Format, a affine, lo, hi int64) segment {
	n := hi - lo
	u := &sym.Var{Name: "·u", Bounds: sym.Interval{Lo: 0, Hi: n - 1}, Rank: lastRank}
	saved := clone(b.index)
	defer func() { b.index = saved }()
	b.index[f.Index] = sym.Const(lo).Add(sym.Of(u))
	var radix []int64
	divisors := func(e spec.Expr, _ bool) {
		b.poly(e).Atoms(func(a sym.Atom) {
			var by sym.Poly
			switch a := a.(type) {
			case *sym.Quot:
				by = a.Y
			case *sym.Rem:
				by = a.Y
			default:
				return
			}
			if c, ok := by.Constant(); ok && c > 1 && c < n && n%c == 0 {
				radix = append(radix, c)
			}
		})
	}
	for _, e := range []spec.Expr{a.code, a.a, a.b} {
		b.codeParts(e, divisors)
	}
	slices.Sort(radix)
	radix = slices.Compact(radix)
	s := segment{lo: lo}
	below := int64(1)
	for _, r := range append(radix, n) {
		if r%below != 0 {
			b.failf("format %s: its index is divided by %d and by %d, which don't nest", f.Name, below, r)
		}
		s.digits = append([]digit{{stride: below, count: r / below}}, s.digits...)
		below = r
	}
	for i := range s.digits {
		d := &s.digits[i]
		b.index[f.Index] = b.probe(s, i)
		b.codeParts(a.code, func(e spec.Expr, shift bool) {
			if shift && b.poly(e).Has(probed) && d.count <= 16 {
				d.unroll = true
			}
		})
	}
	return s
}

// probed is the atom of the digit that probe looks for.
const probed = "·d"

// probe is the block's index with an atom for each digit, so that what depends on digit i can be seen.
func (b *builder) probe(s segment, i int) sym.Poly {
	return b.at(s, func(k int) sym.Poly {
		name := probed
		if k != i {
			name = "·o" + string(rune('a'+k))
		}
		return sym.Of(&sym.Var{Name: name, Bounds: sym.Interval{Lo: 0, Hi: s.digits[k].count - 1}, Rank: lastRank})
	})
}

// at is the block's index for given digits.
func (b *builder) at(s segment, value func(k int) sym.Poly) sym.Poly {
	p := sym.Const(s.lo)
	for k, d := range s.digits {
		p = p.Add(value(k).Scale(d.stride))
	}
	return p
}

// codeParts visits the index-like parts of a code, in sides that are taken, and says which are
// shift counts.
func (b *builder) codeParts(e spec.Expr, f func(e spec.Expr, shift bool)) {
	var walk func(e spec.Expr, shift bool)
	walk = func(e spec.Expr, shift bool) {
		if e == nil {
			return
		}
		b.step()
		if e.Type() == spec.Int && check.Arithmetic(e) {
			f(e, shift)
			return
		}
		switch e := e.(type) {
		case *spec.LetRef:
			for i, v := range e.Let.Index {
				b.index[v] = b.poly(e.At[i])
			}
			walk(e.Let.Value, false)
		case *spec.Cond:
			if v, known := b.decide(e.If); known {
				if v {
					walk(e.Then, false)
				} else {
					walk(e.Else, false)
				}
				return
			}
			for _, c := range spec.Children(e) {
				walk(c, false)
			}
		case *spec.Binary:
			walk(e.A, false)
			walk(e.B, e.Op == ">>" || e.Op == "<<")
		default:
			for _, c := range spec.Children(e) {
				walk(c, false)
			}
		}
	}
	walk(e, false)
}

// loops opens the digits from..to of a segment; set receives each digit's value.
func (b *builder) loops(s segment, from, to int, set func(k int, v sym.Poly), body func()) {
	if from == to {
		body()
		return
	}
	d := s.digits[from]
	if d.unroll {
		for v := range d.count {
			set(from, sym.Const(v))
			b.loops(s, from+1, to, set, body)
		}
		return
	}
	b.forLoop("j", sym.Poly{}, sym.Const(d.count), func(v sym.Poly) {
		set(from, v)
		b.loops(s, from+1, to, set, body)
	})
}
