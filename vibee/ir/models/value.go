package models

import (
	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

func (b *builder) value(e grammar.Expr) *value {
	v := b.values(e)
	if len(v) != 1 {
		b.failf(e.At(), "one value is needed, the call gives %d", len(v))
	}
	if v[0].kind == unknown {
		panic(failure{})
	}
	return v[0]
}

// isCall reports whether e calls an op or a layer (and no function of the config).
func isCall(c *grammar.Call) bool {
	id, ok := c.Fun.(*grammar.Ident)
	if !ok {
		return true
	}
	_, function := functions[id.Text]
	return !function && id.Text != "present" && id.Text != "packable" && id.Text != "uniform" && id.Text != "paired" && id.Text != "rows" && id.Text != "cols"
}

func (b *builder) values(e grammar.Expr) []*value {
	switch e := e.(type) {
	case *grammar.Ident:
		if e.Text == "true" || e.Text == "false" {
			break
		}
		v := b.lookup(e.Pos, e.Text)
		if v.kind == weight {
			b.used[v.name] = true
			if v.opt && b.sides == 0 {
				b.failf(e.Pos, "%s may be missing: use it under `if present(%s) { … } else { … }`", e.Text, e.Text)
			}
		}
		return []*value{v}
	case *grammar.Call:
		if isCall(e) {
			return b.call(e)
		}
	case *grammar.Reshape:
		return []*value{b.reshape(e)}
	case *grammar.If:
		if b.isTensor(e.Then) {
			return []*value{b.choice(e)}
		}
	}
	return []*value{{kind: scalar, expr: b.scalar(e)}}
}

// reshape gives a tensor, or a weight, other dims; blocks lie along columns, which stay.
func (b *builder) reshape(e *grammar.Reshape) *value {
	v := *b.value(e.X)
	if v.kind != tensor && v.kind != weight {
		b.failf(e.Pos, "only a tensor or a weight has another shape")
	}
	have, want := plan.Expr(plan.Int(1)), plan.Expr(plan.Int(1))
	columns := v.shape[len(v.shape)-1]
	for _, d := range v.shape {
		have = plan.Binary{Op: "*", A: have, B: d}
	}
	v.shape = nil
	for _, d := range e.Dims {
		v.shape = append(v.shape, b.typed(d, "dim", "a dim"))
		want = plan.Binary{Op: "*", A: want, B: v.shape[len(v.shape)-1]}
	}
	b.equal(e.Pos, "as […]", have, want)
	if spec.Elems[v.elem] == nil {
		b.equal(e.Pos, "the columns of what lies in blocks", v.shape[len(v.shape)-1], columns)
	}
	return &v
}

// isTensor reports whether an expression is a tensor without building it.
func (b *builder) isTensor(e grammar.Expr) bool {
	switch e := e.(type) {
	case *grammar.Ident:
		if e.Text == "true" || e.Text == "false" {
			return false
		}
		return b.lookup(e.Pos, e.Text).kind != scalar
	case *grammar.Call:
		return isCall(e)
	case *grammar.Reshape:
		return true
	case *grammar.If:
		return b.isTensor(e.Then)
	}
	return false
}

func (b *builder) choice(e *grammar.If) *value {
	n := &plan.If{Cond: b.typed(e.Cond, "bool", "a condition")}
	outer := b.nodes
	b.sides++
	before := b.pass.calls()
	b.nodes = &n.Then
	x := b.value(e.Then)
	then := b.pass.calls()
	b.pass.count(before)
	b.nodes = &n.Else
	y := b.value(e.Else)
	b.pass.count(atLeast(then, b.pass.calls()))
	b.nodes = outer
	b.sides--
	if x.kind != y.kind || x.elem != y.elem {
		b.failf(e.Pos, "the sides of if differ: %s and %s", x.describe(), y.describe())
	}
	b.sameShape(e.Pos, "the sides of if", y.shape, x.shape)
	v := *x
	v.name = b.unique("either")
	b.pass.either(v.name, x.name, y.name)
	n.Merge = []plan.Merge{{Name: v.name, Then: x.name, Else: y.name}}
	b.add(n)
	return &v
}
