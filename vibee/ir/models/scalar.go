package models

import (
	"fmt"
	"maps"
	"slices"
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
		switch {
		case v.array:
			b.failf(e.Pos, "%s is an array: it needs an index", e.Text)
		case v.kind != scalar:
			b.failf(e.Pos, "%s is %s, no single value: only ops take it", e.Text, v.describe())
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
		return plan.Index{Array: v.name, I: b.typed(e.Index[0], "dim", "an index")}
	case *grammar.Unary:
		x := b.scalar(e.X)
		t := b.typeOf(x)
		if e.Op == "!" && t == "bool" || e.Op == "-" && t != "bool" && t != "text" {
			return plan.Unary{Op: e.Op, A: x}
		}
		b.failf(e.Pos, "%s does not apply to %s", e.Op, t)
	case *grammar.Binary:
		switch e.Op {
		case "+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||":
			x, y := b.scalar(e.X), b.scalar(e.Y)
			b.operands(e.Pos, e.Op, x, y)
			return plan.Binary{Op: e.Op, A: x, B: y}
		}
		b.failf(e.Pos, "%s does not apply here", e.Op)
	case *grammar.If:
		c := plan.Cond{If: b.typed(e.Cond, "bool", "a condition"), Then: b.scalar(e.Then), Else: b.scalar(e.Else)}
		if x, y := b.typeOf(c.Then), b.typeOf(c.Else); !mixes(x, y) {
			b.failf(e.Pos, "the sides of if differ: %s and %s", x, y)
		}
		return c
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
	case "packable", "uniform", "paired":
		if len(e.Args) == 1 {
			if a, ok := e.Args[0].Value.(*grammar.Ident); ok {
				if v := b.lookup(a.Pos, a.Text); v.kind == weight {
					return plan.Packable{Weight: v.name, Uniform: id.Text == "uniform", Paired: id.Text == "paired"}
				}
			}
		}
		b.failf(e.Pos, "%s takes a weight", id.Text)
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
	switch {
	case !known:
		names := append(slices.Collect(maps.Keys(functions)), "present", "rows", "cols")
		slices.Sort(names)
		panic(failure{&grammar.Error{Pos: e.Pos, Message: "there is no function " + id.Text + " of single values here", Suggest: grammar.Nearest(id.Text, names)}})
	case len(e.Args) != n:
		b.failf(e.Pos, "%s takes %d %s, %d given", id.Text, n, plural(n, "argument"), len(e.Args))
	}
	x := b.scalar(e.Args[0].Value)
	if n == 2 {
		y := b.scalar(e.Args[1].Value)
		b.operands(e.Pos, id.Text, x, y)
		return plan.Binary{Op: id.Text, A: x, B: y}
	}
	t := b.typeOf(x)
	if ok := t == number || t == "f32" || t == "dim" && id.Text != "sqrt"; !ok {
		b.failf(e.Pos, "%s does not apply to %s%s", id.Text, t, advice("f32", t))
	}
	return plan.Unary{Op: id.Text, A: x}
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
		return sym.Named(fmt.Sprintf("packable(%s,%v,%v)", e.Weight, e.Uniform, e.Paired))
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
	b.notUnequal(pos, what, x, y)
	if c, constant := poly(x).Sub(poly(y)).Constant(); !constant || c != 0 {
		b.add(&plan.Guard{Cond: plan.Binary{Op: "==", A: x, B: y},
			Message: what + " (" + where(pos) + "): " + poly(x).String() + " is not " + poly(y).String()})
	}
}

// notUnequal refuses what no file and no batch makes equal.
func (b *builder) notUnequal(pos grammar.Pos, what string, x, y plan.Expr) {
	p, q := poly(x), poly(y)
	if neverZero(p.Sub(q)) || p.Has("T") != q.Has("T") || p.Has("R") != q.Has("R") {
		b.failf(pos, "%s: %v is not %v", what, p, q)
	}
}

// neverZero reports whether all terms have one sign: dims are above 0.
func neverZero(p sym.Poly) bool {
	for _, t := range p.Terms {
		if t.Coef > 0 != (p.Terms[0].Coef > 0) {
			return false
		}
		for _, a := range t.Atoms {
			if a.Range().Lo < 0 {
				return false
			}
		}
	}
	return len(p.Terms) > 0
}

func (b *builder) sameShape(pos grammar.Pos, what string, have, want []plan.Expr) {
	if len(have) != len(want) {
		b.failf(pos, "%s: %s has %d %s, %s has %d", what, shapeText(have), len(have), plural(len(have), "dim"), shapeText(want), len(want))
	}
	for i := range have {
		b.equal(pos, what, have[i], want[i])
	}
}
