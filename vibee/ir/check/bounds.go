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
// ranges of the variables, the op's facts and the conditions around it. Of any other index the range is
// known where it is computed; what is read from memory is checked where the program runs, or bounded when
// a file is loaded.
func (s *scope) within(pos grammar.Pos, what string, e, lo, hi spec.Expr) (ok bool) {
	defer s.short(&ok, func() { s.errorf(pos, "this index is too long to be proved to lie within %s", what) })
	if lo == nil {
		lo = &spec.IntLit{V: 0}
	}
	p, known := symbolic(e)
	l, lok := symbolic(lo)
	h, hok := symbolic(hi)
	if !lok || !hok {
		return true
	}
	if !known {
		return s.inRange(pos, what, e, l, h)
	}
	v := s.prover()
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

// inRange proves an index by its range alone, where both ends of what it reads are constants.
func (s *scope) inRange(pos grammar.Pos, what string, e spec.Expr, lo, hi sym.Poly) bool {
	l, lok := lo.Constant()
	h, hok := hi.Constant()
	if r := Range(e); lok && hok && !r.Within(sym.Interval{Lo: l, Hi: h - 1}) {
		s.errorf(pos, "this index may be %s, and %s has the places %s", interval(r), what, interval(sym.Interval{Lo: l, Hi: h - 1}))
		return false
	}
	return true
}

// natural reports whether an integer is known not to be negative.
func (s *scope) natural(e spec.Expr) (ok bool) {
	if Range(e).Lo >= 0 {
		return true
	}
	defer s.short(&ok, func() {})
	p, known := symbolic(e)
	return known && s.prover().natural(p)
}

// short ends a proof that polynomials grow too long for: ok is false then.
func (s *scope) short(ok *bool, say func()) {
	switch r := recover().(type) {
	case nil:
	case sym.TooLong:
		say()
		*ok = false
	default:
		panic(r)
	}
}

// prover is what is known at a place: that the loops which it stands in have turns, the op's facts and the conditions.
func (s *scope) prover() *prover {
	v := &prover{facts: s.facts, least: slices.Clone(s.limits)}
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
	return v
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
	if strings.HasPrefix(s, "(") {
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
