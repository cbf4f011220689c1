package check

import (
	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

// fact reads H % G == 0 or 2 * P <= A. What a model can't prove of them is a guard when a file is loaded.
func (s *scope) fact(o *spec.Op, e grammar.Expr) {
	b, ok := e.(*grammar.Binary)
	if !ok {
		s.noFact(e.At())
		return
	}
	x, y := b.X, b.Y
	switch b.Op {
	case "==":
		s.divides(o, b)
	case ">=":
		s.atMost(o, y, x, 0)
	case ">":
		s.atMost(o, y, x, 1)
	case "<":
		s.atMost(o, x, y, 1)
	case "<=":
		s.atMost(o, x, y, 0)
	default:
		s.noFact(b.Pos)
	}
}

func (s *scope) noFact(pos grammar.Pos) {
	s.errorf(pos, "a fact is of the form H %% G == 0 or 2 * P <= A")
}

// divides takes X % Y == 0.
func (s *scope) divides(o *spec.Op, e *grammar.Binary) {
	mod, ok := e.X.(*grammar.Binary)
	zero, isNumber := e.Y.(*grammar.Number)
	if !ok || mod.Op != "%" || !isNumber || zero.Text != "0" {
		s.noFact(e.Pos)
		return
	}
	x, y := s.integer(mod.X), s.integer(mod.Y)
	if isBad(x) || isBad(y) {
		return
	}
	if closedConstant(x) && closedConstant(y) {
		s.errorf(e.Pos, "this fact says nothing about a dim")
		return
	}
	o.Facts = append(o.Facts, spec.Fact{X: x, Y: y})
	s.know(o.Facts[len(o.Facts)-1])
}

func (s *scope) know(f spec.Fact) {
	p, pok := symbolic(f.X)
	q, qok := symbolic(f.Y)
	if a, single := p.Single(); pok && qok && single {
		s.facts.Divides(q, a)
	}
}

// inherit takes the facts of an op, for a kernel of it.
func (s *scope) inherit(o *spec.Op) {
	for _, f := range o.Facts {
		s.know(f)
	}
	for _, l := range o.Limits {
		s.limits = append(s.limits, difference(l.Y, l.X, 0)...)
	}
}

// atMost takes X + more <= Y.
func (s *scope) atMost(o *spec.Op, ex, ey grammar.Expr, more int64) {
	x, y := s.integer(ex), s.integer(ey)
	if isBad(x) || isBad(y) {
		return
	}
	if closedConstant(x) && closedConstant(y) {
		s.errorf(ex.At(), "this fact says nothing about a dim")
		return
	}
	if more > 0 {
		x = &spec.Binary{Op: "+", A: x, B: &spec.IntLit{V: more}}
	}
	o.Limits = append(o.Limits, spec.Limit{X: x, Y: y})
	s.limits = append(s.limits, difference(y, x, 0)...)
}

func closedConstant(e spec.Expr) bool {
	p, ok := symbolic(e)
	_, constant := p.Constant()
	return ok && constant
}

// difference is y - x - less, which is known not to be negative; nothing where it is no polynomial.
func difference(y, x spec.Expr, less int64) []sym.Poly {
	p, pok := symbolic(y)
	q, qok := symbolic(x)
	if !pok || !qok {
		return nil
	}
	return []sym.Poly{p.Sub(q).Sub(sym.Const(less))}
}

// where is the scope of a side of a choice: what its condition says of indices holds there.
func (s *scope) where(cond spec.Expr, holds bool) *scope {
	given := comparisons(cond, holds)
	if len(given) == 0 {
		return s
	}
	in := s.inside(nil)
	in.given = given
	return in
}

// comparisons are the polynomials that are never negative where cond holds, or where it doesn't.
func comparisons(cond spec.Expr, holds bool) []sym.Poly {
	switch e := cond.(type) {
	case *spec.Unary:
		if e.Op == "not" {
			return comparisons(e.A, !holds)
		}
	case *spec.Binary:
		op := e.Op
		if op == "&&" && holds || op == "||" && !holds {
			return append(comparisons(e.A, holds), comparisons(e.B, holds)...)
		}
		if e.A.Type() != spec.Int {
			return nil
		}
		if !holds {
			op = map[string]string{"<": ">=", "<=": ">", ">": "<=", ">=": "<", "!=": "=="}[op]
		}
		switch op {
		case "<":
			return difference(e.B, e.A, 1)
		case "<=":
			return difference(e.B, e.A, 0)
		case ">":
			return difference(e.A, e.B, 1)
		case ">=":
			return difference(e.A, e.B, 0)
		case "==":
			return append(difference(e.B, e.A, 0), difference(e.A, e.B, 0)...)
		}
	}
	return nil
}
