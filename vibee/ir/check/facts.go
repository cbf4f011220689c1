package check

import (
	"slices"

	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

// fact reads H % G == 0 or 2 * P <= A, which is known from there on. What a model can't prove of them is a
// guard when a file is loaded.
func (s *scope) fact(e grammar.Expr) (f spec.Fact, ok bool) {
	b, is := e.(*grammar.Binary)
	if !is {
		return f, s.noFact(e.At())
	}
	defer s.short(&ok, func() { s.errorf(b.Pos, "this fact is too long: multiply less") })
	switch b.Op {
	case "==":
		mod, isMod := b.X.(*grammar.Binary)
		zero, isNumber := b.Y.(*grammar.Number)
		if !isMod || mod.Op != "%" || !isNumber || zero.Text != "0" {
			return f, s.noFact(b.Pos)
		}
		f = spec.Fact{X: s.integer(mod.X), Y: s.integer(mod.Y)}
	case "<", "<=":
		f = spec.Fact{X: s.integer(b.X), Y: s.integer(b.Y), AtMost: true}
	case ">", ">=":
		f = spec.Fact{X: s.integer(b.Y), Y: s.integer(b.X), AtMost: true}
	default:
		return f, s.noFact(b.Pos)
	}
	if isBad(f.X) || isBad(f.Y) {
		return f, false
	}
	if closedConstant(f.X) && closedConstant(f.Y) {
		s.errorf(b.Pos, "this fact says nothing about a dim")
		return f, false
	}
	if b.Op == "<" || b.Op == ">" {
		f.X = &spec.Binary{Op: "+", A: f.X, B: &spec.IntLit{V: 1}}
	}
	s.know(f)
	return f, true
}

func (s *scope) noFact(pos grammar.Pos) bool {
	s.errorf(pos, "a fact is of the form H %% G == 0 or 2 * P <= A")
	return false
}

// know takes a fact for proofs.
func (s *scope) know(f spec.Fact) {
	if f.AtMost {
		s.limits = append(s.limits, difference(f.Y, f.X, 0)...)
		return
	}
	p, pok := symbolic(f.X)
	q, qok := symbolic(f.Y)
	if !pok || !qok {
		return
	}
	if a, single := p.Single(); single {
		s.facts.Divides(q, a)
	}
	s.multiples = append(s.multiples, [2]sym.Poly{p, q})
}

// follows proves a fact from those that are known.
func (s *scope) follows(f spec.Fact) bool {
	if f.AtMost {
		return s.natural(&spec.Binary{Op: "-", A: f.Y, B: f.X})
	}
	p, pok := symbolic(f.X)
	q, qok := symbolic(f.Y)
	if !pok || !qok {
		return false
	}
	rest := s.facts.Normal(p).Mod(s.facts.Normal(q))
	return len(rest.Terms) == 0 || slices.ContainsFunc(s.multiples, func(m [2]sym.Poly) bool { return m[0].Equal(p) && m[1].Equal(q) })
}

// shownFact is a fact for a message.
func shownFact(f spec.Fact) string {
	x, _ := symbolic(f.X)
	y, _ := symbolic(f.Y)
	if f.AtMost {
		return x.String() + " <= " + y.String()
	}
	divisor := y.String()
	if len(y.Terms) > 1 {
		divisor = "(" + divisor + ")"
	}
	return x.String() + " % " + divisor + " == 0"
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
func (s *scope) where(cond spec.Expr, holds bool) (in *scope) {
	in, ok := s.inside(nil), true
	defer s.short(&ok, func() {})
	in.given = comparisons(cond, holds)
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
