package check

import (
	"math"

	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// untyped is a constant that takes the type of what it meets.
type untyped struct {
	f     float64
	i     int64
	whole bool // i is its exact value
}

func (untyped) Type() spec.Type { return spec.Int }

// openCond is a choice between constants that has not met a type yet.
type openCond struct{ cond, a, b spec.Expr }

func (*openCond) Type() spec.Type { return spec.Int }

func isUntyped(e spec.Expr) bool {
	switch e.(type) {
	case untyped, *openCond:
		return true
	}
	return false
}

// wholeConstant reports whether e is made of untyped integers alone.
func wholeConstant(e spec.Expr) bool {
	switch e := e.(type) {
	case untyped:
		return e.whole
	case *openCond:
		return wholeConstant(e.a) && wholeConstant(e.b)
	}
	return false
}

func typeName(e spec.Expr) string {
	switch e := e.(type) {
	case untyped, *openCond:
		return "a constant"
	case stored:
		return e.field.Elem.Name + " in memory"
	}
	return e.Type().String()
}

// typed gives a constant the type t; other expressions are left as they are.
func (s *scope) typed(e spec.Expr, t spec.Type, pos grammar.Pos) spec.Expr {
	switch e := e.(type) {
	case stored:
		s.errorf(pos, "%s is %s in memory: read it with f32(%s)", e.field.Name, e.field.Elem.Name, e.field.Name)
		return bad{}
	case *openCond:
		a, b := s.typed(e.a, t, pos), s.typed(e.b, t, pos)
		if isBad(a) || isBad(b) {
			return bad{}
		}
		return &spec.Cond{If: e.cond, Then: a, Else: b}
	case untyped:
		switch t {
		case spec.Int:
			if !e.whole {
				s.errorf(pos, "%v is no integer", e.f)
				return bad{}
			}
			return &spec.IntLit{V: e.i}
		case spec.F32:
			v := float64(float32(e.f))
			if math.IsInf(v, 0) && !math.IsInf(e.f, 0) {
				s.errorf(pos, "%v is out of range of f32", e.f)
				return bad{}
			}
			return &spec.FloatLit{T: spec.F32, V: v}
		case spec.F64:
			return &spec.FloatLit{T: spec.F64, V: e.f}
		}
		s.errorf(pos, "a number stands where a condition is needed")
		return bad{}
	}
	return e
}

// unify gives both operands one type, or says that they differ.
func (s *scope) unify(pos grammar.Pos, a, b spec.Expr) (spec.Expr, spec.Expr) {
	if isBad(a) || isBad(b) {
		return bad{}, bad{}
	}
	switch {
	case isUntyped(a) && isUntyped(b):
		return a, b
	case isUntyped(a):
		a = s.typed(a, b.Type(), pos)
	case isUntyped(b):
		b = s.typed(b, a.Type(), pos)
	}
	a, b = s.typed(a, spec.F32, pos), s.typed(b, spec.F32, pos) // refuses f16 in memory
	if isBad(a) || isBad(b) {
		return bad{}, bad{}
	}
	if a.Type() != b.Type() {
		s.errorf(pos, "%s and %s do not mix: convert one, as in %s(…)", a.Type(), b.Type(), wider(a.Type(), b.Type()))
		return bad{}, bad{}
	}
	return a, b
}

func wider(a, b spec.Type) spec.Type { return max(a, b) }

// fold computes a constant from constants.
func (s *scope) fold(pos grammar.Pos, op string, a, b untyped) spec.Expr {
	whole := a.whole && b.whole
	var f float64
	switch op {
	case "+":
		f = a.f + b.f
	case "-":
		f = a.f - b.f
	case "*":
		f = a.f * b.f
	case "/":
		if b.f == 0 {
			s.errorf(pos, "division by zero")
			return bad{}
		}
		f = a.f / b.f
		whole = whole && a.i%b.i == 0
	case "^":
		f = math.Pow(a.f, b.f)
		whole = whole && b.i >= 0
	case "<<":
		f = a.f * math.Pow(2, b.f)
	default:
		s.errorf(pos, "%s of two constants has no type: convert one", op)
		return bad{}
	}
	if whole && math.Abs(f) <= 1<<53 {
		return untyped{f: f, i: int64(f), whole: true}
	}
	if whole && op != "^" {
		s.errorf(pos, "the constant is out of range")
		return bad{}
	}
	return untyped{f: f}
}

func (s *scope) unary(e *grammar.Unary) spec.Expr {
	a := s.expr(e.X)
	if isBad(a) {
		return a
	}
	if u, ok := a.(untyped); ok && e.Op == "-" {
		return untyped{f: -u.f, i: -u.i, whole: u.whole}
	}
	a = s.typed(a, spec.F32, e.Pos)
	if isBad(a) {
		return a
	}
	switch t := a.Type(); {
	case e.Op == "-" && t != spec.Bool:
		return &spec.Unary{Op: "neg", A: a}
	case e.Op == "!" && t == spec.Bool:
		return &spec.Unary{Op: "not", A: a}
	case e.Op == "~" && t == spec.Int:
		return &spec.Binary{Op: "xor", A: a, B: &spec.IntLit{V: -1}}
	}
	s.errorf(e.Pos, "%s does not apply to %s", e.Op, a.Type())
	return bad{}
}

func (s *scope) binary(e *grammar.Binary) spec.Expr {
	a, b := s.expr(e.X), s.expr(e.Y)
	if isBad(a) || isBad(b) {
		return bad{}
	}
	ua, aok := a.(untyped)
	ub, bok := b.(untyped)
	if aok && bok {
		return s.fold(e.Pos, e.Op, ua, ub)
	}
	if e.Op == "^" {
		s.errorf(e.Pos, "^ is for constants: 2^-40")
		return bad{}
	}
	a, b = s.unify(e.Pos, a, b)
	if isBad(a) {
		return bad{}
	}
	if isUntyped(a) {
		s.errorf(e.Pos, "the operands are constants of no type: convert one")
		return bad{}
	}
	t := a.Type()
	ok := false
	switch e.Op {
	case "+", "-", "*", "/", "<", "<=", ">", ">=":
		ok = t != spec.Bool
	case "==", "!=":
		ok = true
	case "%", "|", "&", "<<", ">>", "xor":
		ok = t == spec.Int
	case "&&", "||":
		ok = t == spec.Bool
	}
	if !ok {
		s.errorf(e.Pos, "%s does not apply to %s", e.Op, t)
		return bad{}
	}
	if t == spec.Int && (e.Op == "/" || e.Op == "%") {
		if r := Range(b); r.Lo < 0 || r.Hi == 0 {
			s.errorf(e.Pos, "the divisor is not known to be positive")
			return bad{}
		}
		if !s.natural(a) {
			s.errorf(e.Pos, "%s is not known to be 0 or more: %s is for such integers", shown(a), e.Op)
			return bad{}
		}
	}
	return &spec.Binary{Op: e.Op, A: a, B: b}
}
