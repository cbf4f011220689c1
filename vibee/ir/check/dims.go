package check

import (
	"github.com/trinity-engine/trinity/vibee/ir/spec"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

// DimPoly is an integer expression over dims as a polynomial.
func DimPoly(e spec.Expr) (sym.Poly, bool) {
	switch e := e.(type) {
	case *spec.IntLit:
		return sym.Const(e.V), true
	case *spec.DimRef:
		return sym.Named(e.Name), true
	case *spec.Binary:
		a, aok := DimPoly(e.A)
		b, bok := DimPoly(e.B)
		if !aok || !bok {
			break
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
