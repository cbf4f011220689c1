package models

import (
	"slices"
	"strings"

	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// layer puts a layer in the place of a call.
func (b *builder) layer(c *grammar.Call, l *grammar.Layer, full string) []*value {
	if i := slices.Index(b.layers, full); i >= 0 {
		b.failf(c.Pos, "layer %s holds itself: %s", full, strings.Join(append(slices.Clone(b.layers[i:]), full), " → "))
	}
	names := make([]string, len(l.Params))
	for i, p := range l.Params {
		names[i] = p.Name.Text
	}
	args := b.match(c, names)
	vals := make([]*value, len(args))
	at := make([]grammar.Pos, len(args))
	for i, p := range l.Params {
		vals[i], at[i] = b.argument(args[i], p, l.Named()), args[i].At()
	}
	defer b.pass.inside(c.Pos)()
	return b.place(l, full, vals, at)
}

// alone checks a layer that no model calls, on values that are what its parameters say.
func (b *builder) alone(l *grammar.Layer, full string) {
	vals := make([]*value, len(l.Params))
	at := make([]grammar.Pos, len(l.Params))
	for i, p := range l.Params {
		vals[i], at[i] = b.symbolic(p), p.Pos
	}
	b.place(l, full, vals, at)
}

// symbolic is a value that is what a parameter says, its dims the names that its type has.
func (b *builder) symbolic(p *grammar.Param) *value {
	t := p.Type
	v := &value{name: p.Name.Text, elem: t.Path.Text}
	dims := t.Dims
	switch {
	case isScalarType(t):
		v.expr = plan.Name(p.Name.Text)
		b.types[p.Name.Text] = t.Path.Text
	case t.Path.Text == "place":
		v.kind = place
	case t.Path.Text == "any":
		v.kind = weight
	case spec.Elems[t.Path.Text] != nil:
		v.kind = tensor
	default:
		v.kind, v.page, dims = state, b.format(t.Path), t.Args
	}
	for _, d := range dims {
		var e plan.Expr = plan.Name("·")
		if id, ok := d.(*grammar.Ident); ok {
			e = plan.Name(id.Text)
			b.types[id.Text] = "dim"
		}
		v.shape = append(v.shape, e)
	}
	return v
}

func isScalarType(t *grammar.Type) bool {
	return !t.HasDims && t.Path.Package == "" && slices.Contains(configTypes, t.Path.Text)
}

// argument is a call's value for a parameter of a layer.
func (b *builder) argument(e grammar.Expr, p *grammar.Param, layer string) *value {
	what := layer + ": " + p.Name.Text
	if isScalarType(p.Type) {
		return &value{kind: scalar, expr: b.typed(e, p.Type.Path.Text, what)}
	}
	v := b.value(e)
	name := p.Type.Path.Text
	ok := false
	switch {
	case name == "place":
		ok = v.kind == place
	case name == "any":
		ok = v.kind == weight
	case spec.Elems[name] != nil:
		ok = (v.kind == tensor || v.kind == weight) && v.elem == name
	default:
		ok = v.kind == state && v.page.Name == name || v.kind == weight && v.elem == name
	}
	if !ok {
		b.failf(e.At(), "%s is %s, this is %s", what, name, v.describe())
	}
	return v
}

// place builds a layer's body for given arguments, and gives its results.
func (b *builder) place(l *grammar.Layer, full string, vals []*value, at []grammar.Pos) []*value {
	b.called[full] = true
	in := newScope(nil)
	for i, p := range l.Params {
		if in.vals[p.Name.Text] != nil {
			b.failf(p.Name.Pos, "%s is defined twice", p.Name.Text)
		}
		in.vals[p.Name.Text] = vals[i]
		in.defs = append(in.defs, definition{p.Name, "parameter"})
	}
	for i, p := range l.Params { // dims that the shapes bind
		dims := p.Type.Dims
		if vals[i].kind == state {
			dims = p.Type.Args
		}
		for k, d := range dims {
			if id, ok := d.(*grammar.Ident); ok && in.vals[id.Text] == nil && k < len(vals[i].shape) {
				in.vals[id.Text] = &value{kind: scalar, expr: vals[i].shape[k]}
			}
		}
	}
	caller, home := b.scope, b.home
	b.scope, b.home = in, full[:len(full)-len(l.Named())-1]
	b.layers = append(b.layers, full)
	for i, p := range l.Params {
		if !p.Type.HasDims {
			continue
		}
		want := make([]plan.Expr, len(p.Type.Dims))
		for k, d := range p.Type.Dims {
			want[k] = b.typed(d, "dim", "a dim")
		}
		b.sameShape(at[i], l.Named()+": "+p.Name.Text, vals[i].shape, want)
	}
	for _, w := range l.Where {
		b.add(&plan.Guard{Cond: b.typed(w, "bool", "a fact"), Message: "layer " + full + ": a fact of " + where(w.At()) + " does not hold"})
	}
	before := b.failed
	b.results(l.Outs)
	b.items(l.Body)
	var outs []*value
	for _, o := range l.Outs {
		v := &value{kind: unknown}
		b.guard(func() {
			v = b.result(o)
			b.resultShape(o, v)
		})
		outs = append(outs, v)
	}
	if b.failed == before {
		b.unusedHere(l.Body)
	}
	b.layers = b.layers[:len(b.layers)-1]
	b.scope, b.home = caller, home
	return outs
}

func (b *builder) resultShape(o *grammar.Param, v *value) {
	want := make([]plan.Expr, len(o.Type.Dims))
	for k, d := range o.Type.Dims {
		want[k] = b.typed(d, "dim", "a dim")
	}
	b.sameShape(o.Type.Pos, "result "+o.Name.Text, v.shape, want)
}
