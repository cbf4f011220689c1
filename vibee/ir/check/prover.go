package check

import (
	"slices"

	"github.com/trinity-engine/trinity/vibee/ir/spec"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

// maxDepth and maxEnds bound how long a proof is looked for.
const (
	maxDepth = 12
	maxEnds  = 16
)

// prover shows that polynomials are never negative.
type prover struct {
	facts *sym.Facts
	least []sym.Poly // never negative
	depth int
}

// natural reports whether p >= 0 can be shown: its index variables are replaced by the ends of their
// ranges, one after the other, until only dims are left.
func (v *prover) natural(p sym.Poly) bool {
	if v.depth > maxDepth {
		return false
	}
	v.depth++
	defer func() { v.depth-- }()
	p = v.facts.Normal(p)
	a := eliminable(p)
	if a == nil {
		return v.naturalDims(p)
	}
	slope, rest, ok := p.Linear(a.Key())
	if !ok {
		return false
	}
	up := v.naturalDims(slope.Scale(-1)) // p falls with a: its largest value counts
	if !up && !v.naturalDims(slope) {
		return false
	}
	if e := extremeOf(a); e != nil && e.larger == up { // either may be the one
		return v.natural(rest.Add(slope.Mul(e.x))) && v.natural(rest.Add(slope.Mul(e.y)))
	}
	for _, end := range v.ends(a, up) {
		if v.natural(rest.Add(slope.Mul(end))) {
			return true
		}
	}
	return false
}

// naturalDims is natural for dims alone.
func (v *prover) naturalDims(p sym.Poly) bool {
	if eliminable(p) != nil {
		return false
	}
	if p.Range().Lo >= 0 {
		return true
	}
	for i, f := range v.least {
		if eliminable(f) != nil {
			continue
		}
		d := p.Sub(v.facts.Normal(f))
		if d.Range().Lo >= 0 {
			return true
		}
		for _, g := range v.least[i+1:] {
			if eliminable(g) == nil && d.Sub(v.facts.Normal(g)).Range().Lo >= 0 {
				return true
			}
		}
	}
	return false
}

// eliminable is an atom of p that is an index variable, a minimum or maximum, or a quotient or remainder of such.
func eliminable(p sym.Poly) (found sym.Atom) {
	for _, t := range p.Terms {
		for _, a := range t.Atoms {
			if varies(a) {
				if _, ok := a.(*sym.Var); !ok || extremeOf(a) != nil {
					return a // first what holds others
				}
				found = a
			}
		}
	}
	return found
}

func varies(a sym.Atom) bool {
	found := false
	sym.Of(a).Atoms(func(a sym.Atom) {
		if v, ok := a.(*sym.Var); ok {
			_, index := v.Of.(*spec.Index)
			found = found || index || extremeOf(v) != nil
		}
	})
	return found
}

// extremeOf is the minimum or maximum that an atom stands for; nil where it is none.
func extremeOf(a sym.Atom) *extreme {
	if v, ok := a.(*sym.Var); ok {
		if e, ok := v.Of.(*extreme); ok {
			return e
		}
	}
	return nil
}

// ends are upper or lower bounds of an atom, any of which holds.
func (v *prover) ends(a sym.Atom, up bool) (out []sym.Poly) {
	one := sym.Const(1)
	switch a := a.(type) {
	case *sym.Var:
		if e := extremeOf(a); e != nil {
			if e.larger == up {
				return nil
			}
			return []sym.Poly{e.x, e.y}
		}
		i := a.Of.(*spec.Index)
		for _, g := range v.least { // of conditions: i <= … or i >= …
			slope, rest, ok := g.Linear(a.Key())
			c, constant := slope.Constant()
			if ok && constant && c == -1 && up {
				out = append(out, rest)
			}
			if ok && constant && c == 1 && !up {
				out = append(out, rest.Scale(-1))
			}
		}
		if end, ok := symbolic(i.Hi); up && ok {
			out = append(out, end.Sub(one))
		}
		if end, ok := symbolic(i.Lo); !up && ok {
			out = append(out, end)
		}
	case *sym.Rem:
		if !up {
			return []sym.Poly{{}}
		}
		out = append(out, a.Y.Sub(one))
		out = append(out, v.extremes(a.X, up)...)
	case *sym.Quot:
		if !up {
			out = append(out, sym.Poly{})
			for _, bottom := range v.extremes(a.X, up) {
				out = append(out, bottom.Div(a.Y))
			}
			return out
		}
		for _, top := range v.extremes(a.X, up) {
			// x <= c*y - 1 gives x / y <= c - 1, and x / y <= x in any case.
			out = append(out, v.facts.Normal(top.Add(one)).Div(v.facts.Normal(a.Y)).Sub(one), top.Div(a.Y), top)
		}
		out = slices.DeleteFunc(out, func(p sym.Poly) bool { return !v.exact(p) })
	}
	return out
}

// exact reports whether no division of indices is left.
func (v *prover) exact(p sym.Poly) bool { return eliminable(p) == nil }

// extremes are upper or lower bounds of x over dims alone.
func (v *prover) extremes(x sym.Poly, up bool) (out []sym.Poly) {
	if v.depth > maxDepth {
		return nil
	}
	v.depth++
	defer func() { v.depth-- }()
	a := eliminable(x)
	if a == nil {
		return []sym.Poly{x}
	}
	slope, rest, ok := x.Linear(a.Key())
	if !ok {
		return nil
	}
	rises := v.naturalDims(slope)
	if !rises && !v.naturalDims(slope.Scale(-1)) {
		return nil
	}
	for _, end := range v.ends(a, rises == up) {
		if out = append(out, v.extremes(rest.Add(slope.Mul(end)), up)...); len(out) > maxEnds {
			return out[:maxEnds]
		}
	}
	return out
}

// missing suggests the fact that would keep p below h, or says how large it may be.
func (v *prover) missing(p, h sym.Poly, hi spec.Expr) string {
	suggest := ""
	p.Atoms(func(a sym.Atom) {
		if q, ok := a.(*sym.Quot); ok && !varies(q) && suggest == "" {
			suggest = ": is the fact `where " + q.X.String() + " % " + q.Y.String() + " == 0` missing?"
		}
	})
	for _, top := range v.extremes(p, true) {
		if suggest != "" {
			break
		}
		suggest = ": is the fact `where " + top.Add(sym.Const(1)).String() + " <= " + shown(hi) + "` missing?"
		if _, constant := h.Sub(top).Constant(); constant {
			suggest = ": it may be " + top.String()
		}
	}
	return suggest
}
