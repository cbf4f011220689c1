package models

import (
	"strconv"

	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

var functions = map[string]int{"sqrt": 1, "f32": 1, "int": 1, "min": 2, "max": 2, "div": 2}

// scalar gives an expression over config values, loop variables and dims.
func (b *builder) scalar(e grammar.Expr) plan.Expr {
	switch e := e.(type) {
	case *grammar.Number:
		if i, err := strconv.ParseInt(e.Text, 0, 64); err == nil {
			return plan.Int(i)
		}
		f, err := strconv.ParseFloat(e.Text, 64)
		if err != nil {
			b.failf(e.Pos, "number %s is out of range", e.Text)
		}
		return plan.Float(f)
	case *grammar.Text:
		return plan.Text(e.Value)
	case *grammar.Ident:
		if e.Text == "true" || e.Text == "false" {
			return plan.Flag(e.Text == "true")
		}
		v := b.lookup(e.Pos, e.Text)
		if v.kind != scalar || v.array {
			b.failf(e.Pos, "%s is no single value here", e.Text)
		}
		return v.expr
	case *grammar.Subscript:
		id, ok := e.X.(*grammar.Ident)
		if !ok || len(e.Index) != 1 {
			b.failf(e.Pos, "only an array of the config takes an index here")
		}
		v := b.lookup(id.Pos, id.Text)
		if !v.array {
			b.failf(id.Pos, "%s is no array", id.Text)
		}
		return plan.Index{Array: v.name, I: b.scalar(e.Index[0])}
	case *grammar.Unary:
		if e.Op == "~" {
			b.failf(e.Pos, "~ does not apply here")
		}
		return plan.Unary{Op: e.Op, A: b.scalar(e.X)}
	case *grammar.Binary:
		switch e.Op {
		case "+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||":
			return plan.Binary{Op: e.Op, A: b.scalar(e.X), B: b.scalar(e.Y)}
		}
		b.failf(e.Pos, "%s does not apply here", e.Op)
	case *grammar.If:
		return plan.Cond{If: b.scalar(e.Cond), Then: b.scalar(e.Then), Else: b.scalar(e.Else)}
	case *grammar.Call:
		return b.scalarCall(e)
	}
	b.failf(e.At(), "this is no value of the config")
	return nil
}

func (b *builder) scalarCall(e *grammar.Call) plan.Expr {
	id, ok := e.Fun.(*grammar.Ident)
	if !ok {
		b.failf(e.Pos, "this is no function of the config")
	}
	switch id.Text {
	case "present":
		if len(e.Args) == 1 {
			switch a := e.Args[0].Value.(type) {
			case *grammar.Text:
				return plan.Present(a.Value)
			case *grammar.Ident:
				v := b.lookup(a.Pos, a.Text)
				if v.kind == weight || v.kind == scalar && v.name != "" {
					return plan.Present(v.name)
				}
			}
		}
		b.failf(e.Pos, "present takes a weight, a config value or a key")
	case "packable":
		if len(e.Args) == 1 {
			if a, ok := e.Args[0].Value.(*grammar.Ident); ok {
				if v := b.lookup(a.Pos, a.Text); v.kind == weight {
					return plan.Packable(v.name)
				}
			}
		}
		b.failf(e.Pos, "packable takes a weight")
	case "rows", "cols":
		if len(e.Args) == 1 {
			if a, ok := e.Args[0].Value.(*grammar.Ident); ok {
				v := b.lookup(a.Pos, a.Text)
				if v.kind == weight {
					return plan.Rows{Weight: v.name, Axis: map[string]int{"rows": 0, "cols": 1}[id.Text]}
				}
			}
		}
		b.failf(e.Pos, "%s takes a weight", id.Text)
	}
	n, known := functions[id.Text]
	if !known || len(e.Args) != n {
		b.failf(e.Pos, "there is no function %s of %d arguments here", id.Text, len(e.Args))
	}
	if n == 1 {
		return plan.Unary{Op: id.Text, A: b.scalar(e.Args[0].Value)}
	}
	return plan.Binary{Op: id.Text, A: b.scalar(e.Args[0].Value), B: b.scalar(e.Args[1].Value)}
}

// poly is a dim in normal form, for comparing.
func poly(e plan.Expr) sym.Poly {
	switch e := e.(type) {
	case plan.Int:
		return sym.Const(int64(e))
	case plan.Name:
		return sym.Named(string(e))
	case plan.Index:
		return sym.Named(e.Array + "[" + poly(e.I).String() + "]")
	case plan.Binary:
		x, y := poly(e.A), poly(e.B)
		switch e.Op {
		case "+":
			return x.Add(y)
		case "-":
			return x.Sub(y)
		case "*":
			return x.Mul(y)
		case "/":
			return x.Div(y)
		case "%":
			return x.Mod(y)
		}
		return sym.Named("(" + x.String() + e.Op + y.String() + ")")
	case plan.Unary:
		return sym.Named(e.Op + "(" + poly(e.A).String() + ")")
	case plan.Cond:
		return sym.Named("(" + poly(e.If).String() + "?" + poly(e.Then).String() + ":" + poly(e.Else).String() + ")")
	case plan.Rows:
		return sym.Named("rows(" + e.Weight + "," + strconv.Itoa(e.Axis) + ")")
	case plan.Present:
		return sym.Named("present(" + string(e) + ")")
	case plan.Packable:
		return sym.Named("packable(" + string(e) + ")")
	case plan.Text:
		return sym.Named(strconv.Quote(string(e)))
	case plan.Float:
		return sym.Named(strconv.FormatFloat(float64(e), 'g', -1, 64))
	case plan.Flag:
		return sym.Named(strconv.FormatBool(bool(e)))
	}
	return sym.Poly{}
}

// equal proves a == b, or leaves a guard; two different constants are an error.
func (b *builder) equal(pos grammar.Pos, what string, x, y plan.Expr) {
	d := poly(x).Sub(poly(y))
	c, constant := d.Constant()
	switch {
	case constant && c == 0:
	case constant:
		b.failf(pos, "%s: %v is not %v", what, poly(x), poly(y))
	case poly(x).Has("T") != poly(y).Has("T") || poly(x).Has("R") != poly(y).Has("R"):
		b.failf(pos, "%s: %v is not %v", what, poly(x), poly(y))
	default:
		b.add(&plan.Guard{Cond: plan.Binary{Op: "==", A: x, B: y},
			Message: what + " (" + where(pos) + "): " + poly(x).String() + " is not " + poly(y).String()})
	}
}

func (b *builder) sameShape(pos grammar.Pos, what string, have, want []plan.Expr) {
	if len(have) != len(want) {
		b.failf(pos, "%s has %d dims, %d are needed", what, len(have), len(want))
	}
	for i := range have {
		b.equal(pos, what, have[i], want[i])
	}
}
