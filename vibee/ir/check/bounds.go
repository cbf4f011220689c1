package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

// within proves lo <= e < hi for an index that is made of index variables, dims and constants, from the
// ranges of the variables, the op's facts and the conditions around it. An index that is read from memory
// is checked where the program runs, or bounded when a file is loaded.
func (s *scope) within(pos grammar.Pos, what string, e, lo, hi spec.Expr) (ok bool) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case sym.TooLong:
			s.errorf(pos, "this index is too long to be proved to lie within %s", what)
			ok = false
		default:
			panic(r)
		}
	}()
	p, known := symbolic(e)
	if lo == nil {
		lo = &spec.IntLit{V: 0}
	}
	l, lok := symbolic(lo)
	h, hok := symbolic(hi)
	if !known || !lok || !hok {
		return true
	}
	v := &prover{facts: s.facts}
	v.assume(s)
	switch {
	case !v.natural(p.Sub(l)):
		s.errorf(pos, "%s may lie below %s, where %s begins", shown(e), shown(lo), what)
		return false
	case !v.natural(h.Sub(p).Sub(sym.Const(1))):
		s.errorf(pos, "%s is not proved to stay below %s, where %s ends%s", shown(e), shown(hi), what, v.missing(p, h, hi))
		return false
	}
	return true
}

// natural reports whether an integer is known not to be negative.
func (s *scope) natural(e spec.Expr) (ok bool) {
	if Range(e).Lo >= 0 {
		return true
	}
	p, known := symbolic(e)
	if !known {
		return false
	}
	defer func() {
		if r := recover(); r != nil {
			if _, long := r.(sym.TooLong); !long {
				panic(r)
			}
			ok = false
		}
	}()
	v := &prover{facts: s.facts}
	v.assume(s)
	return v.natural(p)
}

// nameOf is what a subscript stands on.
func nameOf(x grammar.Expr) string {
	switch x := x.(type) {
	case *grammar.Ident:
		return x.Text
	case *grammar.Member:
		return nameOf(x.X) + "." + x.Name.Text
	}
	return "it"
}

// shown is an expression for a message.
func shown(e spec.Expr) string {
	s := spec.Text(e)
	if _, ok := e.(*spec.Binary); ok {
		return strings.TrimSuffix(strings.TrimPrefix(s, "("), ")")
	}
	return s
}

// allWithin proves the indices of a read.
func (s *scope) allWithin(e *grammar.Subscript, at []spec.Expr) bool {
	for k, x := range at {
		lo, hi := s.dimOf(e.X, k)
		if hi == nil {
			continue
		}
		what := nameOf(e.X)
		if len(at) > 1 {
			what = fmt.Sprintf("dim %d of %s", k+1, what)
		}
		if !s.within(e.Index[k].At(), what, x, lo, hi) {
			return false
		}
	}
	return true
}

// symbolic is an integer expression over index variables, dims and constants; ok is false for others.
func symbolic(e spec.Expr) (sym.Poly, bool) {
	switch e := e.(type) {
	case *spec.IntLit:
		return sym.Const(e.V), true
	case *spec.DimRef:
		return sym.Named(e.Name), true
	case *spec.IndexRef:
		_, lok := symbolic(e.Index.Lo)
		_, hok := symbolic(e.Index.Hi)
		return sym.Of(&sym.Var{Name: e.Index.Name, Bounds: sym.All, Of: e.Index}), lok && hok
	case *spec.Binary:
		a, aok := symbolic(e.A)
		b, bok := symbolic(e.B)
		if !aok || !bok {
			return sym.Poly{}, false
		}
		switch e.Op {
		case "+":
			return a.Add(b), true
		case "-":
			return a.Sub(b), true
		case "*":
			return a.Mul(b), true
		case "/":
			return a.Div(b), true
		case "%":
			return a.Mod(b), true
		}
	}
	return sym.Poly{}, false
}

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

// assume takes what is known around an expression: that the loops which it stands in have turns, the
// op's facts and the conditions.
func (v *prover) assume(s *scope) {
	v.least = append(v.least, s.limits...)
	for ; s != nil; s = s.outer {
		v.least = append(v.least, s.given...)
		for _, n := range sortedNames(s.names) {
			i, ok := s.names[n].(*spec.Index)
			if !ok {
				continue
			}
			lo, lok := symbolic(i.Lo)
			hi, hok := symbolic(i.Hi)
			if lok && hok {
				v.least = append(v.least, hi.Sub(lo).Sub(sym.Const(1)))
			}
		}
	}
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

// eliminable is an atom of p that is an index variable, or a quotient or remainder of such.
func eliminable(p sym.Poly) (found sym.Atom) {
	for _, t := range p.Terms {
		for _, a := range t.Atoms {
			if varies(a) {
				if _, ok := a.(*sym.Var); !ok {
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
		v, ok := a.(*sym.Var)
		if ok {
			_, index := v.Of.(*spec.Index)
			found = found || index
		}
	})
	return found
}

// ends are upper or lower bounds of an atom, any of which holds.
func (v *prover) ends(a sym.Atom, up bool) (out []sym.Poly) {
	one := sym.Const(1)
	switch a := a.(type) {
	case *sym.Var:
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
			// x <= c*y - 1 gives x / y <= c - 1.
			out = append(out, v.facts.Normal(top.Add(one)).Div(v.facts.Normal(a.Y)).Sub(one), top.Div(a.Y))
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
