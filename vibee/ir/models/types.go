package models

import (
	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/grammar"
)

// number is the type of integer constants: they are dims and floats alike.
const number = "number"

// typeOf is dim, f32, bool, text or number.
func (b *builder) typeOf(e plan.Expr) string {
	switch e := e.(type) {
	case plan.Int:
		return number
	case plan.Float:
		return "f32"
	case plan.Text:
		return "text"
	case plan.Flag, plan.Present, plan.Packable:
		return "bool"
	case plan.Name:
		if e == plan.Exact || e == plan.Fast {
			return "bool"
		}
		return b.types[string(e)]
	case plan.Index:
		return b.types[e.Array]
	case plan.Unary:
		switch e.Op {
		case "sqrt", "f32":
			return "f32"
		case "int":
			return "dim"
		case "!":
			return "bool"
		}
		return b.typeOf(e.A)
	case plan.Binary:
		switch e.Op {
		case "==", "!=", "<", "<=", ">", ">=", "&&", "||":
			return "bool"
		}
		return either(b.typeOf(e.A), b.typeOf(e.B))
	case plan.Cond:
		return either(b.typeOf(e.Then), b.typeOf(e.Else))
	case plan.Rows:
		return "dim"
	}
	return ""
}

// either is the type of two operands that mix.
func either(a, b string) string {
	if a == number {
		return b
	}
	return a
}

// mixes reports whether values of two types may meet.
func mixes(a, b string) bool {
	numeric := func(t string) bool { return t == "dim" || t == "f32" }
	return a == b || a == number && numeric(b) || b == number && numeric(a)
}

// typed is scalar for a value that has to be of a type; what says what it is for.
func (b *builder) typed(e grammar.Expr, want, what string) plan.Expr {
	x := b.scalar(e)
	if have := b.typeOf(x); !mixes(have, want) {
		if _, constant := x.(plan.Float); constant {
			b.failf(e.At(), "%s is %s, this is no integer", what, want)
		}
		b.failf(e.At(), "%s is %s, this is %s%s", what, want, have, advice(want, have))
	}
	return x
}

func advice(want, have string) string {
	switch {
	case want == "f32" && have == "dim":
		return ": convert it, as in f32(…)"
	case want == "dim" && have == "f32":
		return ": convert it, as in int(…)"
	}
	return ""
}

// operands checks what an operator or a function of two values meets.
func (b *builder) operands(pos grammar.Pos, op string, x, y plan.Expr) {
	a, c := b.typeOf(x), b.typeOf(y)
	if !mixes(a, c) {
		b.failf(pos, "%s and %s do not mix%s", a, c, advice("f32", "dim"))
	}
	t, ok := either(a, c), false
	switch op {
	case "==", "!=":
		ok = true
	case "&&", "||":
		ok = t == "bool"
	case "%", "div":
		ok = t == "dim" || t == number
	default:
		ok = t == "dim" || t == "f32" || t == number
	}
	if !ok {
		b.failf(pos, "%s does not apply to %s", op, t)
	}
	if n, ok := y.(plan.Int); ok && n == 0 && (op == "/" || op == "%" || op == "div") {
		b.failf(pos, "division by zero")
	}
	n, whole := x.(plan.Int)
	if m, ok := y.(plan.Int); whole && ok && op == "/" && n%m != 0 {
		b.failf(pos, "%d / %d is no integer: write it with a point, or div(%d, %d)", n, m, n, m)
	}
}
