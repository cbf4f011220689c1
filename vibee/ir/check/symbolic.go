package check

import (
	"strings"

	"github.com/trinity-engine/trinity/vibee/ir/spec"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

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
	case *spec.Unary:
		if a, ok := symbolic(e.A); ok && e.Op == "neg" {
			return a.Scale(-1), true
		}
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
		case "min", "max":
			return sym.Of(&sym.Var{Name: e.Op + "(" + a.String() + ", " + b.String() + ")", Bounds: sym.All, Of: &extreme{e.Op == "max", a, b}}), true
		}
	}
	return sym.Poly{}, false
}

// Arithmetic reports whether an integer is made of indices, dims and numbers by + - * / %, as a shape must be.
func Arithmetic(e spec.Expr) bool {
	ok := true
	spec.Walk(e, func(e spec.Expr) bool {
		switch e := e.(type) {
		case *spec.IntLit, *spec.IndexRef, *spec.DimRef:
		case *spec.Unary:
			ok = ok && e.Op == "neg"
		case *spec.Binary:
			ok = ok && strings.Contains("+-*/%", e.Op)
		default:
			ok = false
		}
		return ok
	})
	return ok
}

// extreme is the larger or the smaller of two.
type extreme struct {
	larger bool
	x, y   sym.Poly
}
