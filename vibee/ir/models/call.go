package models

import (
	"slices"
	"strconv"
	"strings"

	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// call builds an op's step or puts a layer in place; it gives the results.
func (b *builder) call(c *grammar.Call) []*value {
	path := &grammar.Path{Pos: c.Pos, Package: b.home}
	switch f := c.Fun.(type) {
	case *grammar.Ident:
		path.Text = f.Text
	case *grammar.Member:
		x, ok := f.X.(*grammar.Ident)
		if !ok {
			b.failf(c.Pos, "this is no op")
		}
		path.Package, path.Text = x.Text, f.Name.Text
	}
	full := path.Package + "." + path.Text
	if b.prog.Broken[full] {
		panic(failure{})
	}
	if l := b.prog.Layers[full]; l != nil {
		return b.layer(c, l, full)
	}
	var names []string
	for _, o := range b.prog.Ops {
		if o.FullName() == full {
			return b.op(c, o)
		}
		names = append(names, o.FullName())
	}
	for n := range b.prog.Layers {
		names = append(names, n)
	}
	slices.Sort(names)
	near := grammar.Nearest(full, names)
	if path.Package == b.home {
		near = strings.TrimPrefix(near, b.home+".")
	}
	panic(failure{&grammar.Error{Pos: c.Pos, Message: "there is no op or layer " + full, Suggest: near}})
}

// match orders a call's arguments by parameter names.
func (b *builder) match(c *grammar.Call, params []string) []grammar.Expr {
	out := make([]grammar.Expr, len(params))
	for i, a := range c.Args {
		k := i
		if a.Name != nil {
			if k = slices.Index(params, a.Name.Text); k < 0 {
				panic(failure{&grammar.Error{Pos: a.Pos, Message: "there is no parameter " + a.Name.Text, Suggest: grammar.Nearest(a.Name.Text, params)}})
			}
		}
		if k >= len(params) {
			b.failf(a.Pos, "%d %s needed, this is one more", len(params), arguments(len(params)))
		}
		if out[k] != nil {
			b.failf(a.Pos, "%s is given twice", params[k])
		}
		out[k] = a.Value
	}
	for i, e := range out {
		if e == nil {
			b.failf(c.Pos, "argument %s is missing", params[i])
		}
	}
	return out
}

func (b *builder) op(c *grammar.Call, o *spec.Op) []*value {
	names := make([]string, len(o.Params))
	for i, p := range o.Params {
		names[i] = p.Name
	}
	args := b.match(c, names)
	step := &plan.Step{Op: b.ops[o], Where: where(c.Pos)}
	switch {
	case step.Op != nil:
	case o.Scalar():
		b.failf(c.Pos, "%s is for single values: an equation may call it, a layer not", o.FullName())
	default:
		panic(failure{}) // it could not be lowered
	}
	dims := map[string]plan.Expr{}
	values := make([]*value, len(args))
	var later []func()
	for i, p := range o.Params {
		if p.Kind == spec.Dim || p.Kind == spec.Value {
			want := "dim"
			if p.Kind == spec.Value && p.Elem.Type != spec.Int {
				want = "f32"
			}
			e := b.typed(args[i], want, o.FullName()+": "+p.Name)
			dims[p.Name] = e
			step.Args = append(step.Args, plan.Arg{Value: e})
			continue
		}
		v := b.value(args[i])
		values[i] = v
		b.accepts(args[i].At(), p, v)
		what := o.FullName() + ": " + p.Name
		if len(v.shape) != len(p.Shape) {
			b.failf(args[i].At(), "%s has %d %s, %s has %d", what, len(p.Shape), plural(len(p.Shape), "dim"), v.describe(), len(v.shape))
		}
		for k, d := range p.Shape {
			if ref, ok := d.(*spec.DimRef); ok && dims[ref.Name] == nil {
				dims[ref.Name] = v.shape[k]
				continue
			}
			pos, have := args[i].At(), v.shape[k]
			later = append(later, func() { b.equal(pos, what, have, put(d, dims)) })
		}
		b.limit(o, p, v, dims, &later)
		step.Args = append(step.Args, plan.Arg{Name: v.name})
	}
	for _, f := range later {
		f()
	}
	for _, f := range o.Facts {
		b.fact(c.Pos, o, f, dims)
	}
	made := b.join(step.Op, args, values, dims)
	for _, d := range o.Dims {
		step.Dims = append(step.Dims, dims[d])
	}
	for _, p := range o.Params {
		if p.Kind == spec.State {
			step.Dims = append(step.Dims, plan.SequencePages)
		}
	}
	var outs []*value
	for _, p := range o.Outs {
		v := &value{kind: tensor, name: b.unique(o.Name)}
		switch {
		case p.Elem != nil:
			v.elem = p.Elem.Name
		case p.Format != nil:
			v.elem = p.Format.Name
		default:
			b.failf(c.Pos, "%s gives a weight of any format, which no layer can hold", o.FullName())
		}
		for _, d := range p.Shape {
			v.shape = append(v.shape, put(d, dims))
		}
		b.add(&plan.Buffer{Name: v.name, Elem: v.elem, Shape: v.shape})
		step.Args = append(step.Args, plan.Arg{Name: v.name})
		outs = append(outs, v)
		made(v.name)
	}
	b.add(step)
	return outs
}

// accepts checks the kind of an argument.
func (b *builder) accepts(pos grammar.Pos, p *spec.Param, v *value) {
	ok := false
	switch p.Kind {
	case spec.Tensor:
		ok = (v.kind == tensor || v.kind == weight) && v.elem == p.Elem.Name
	case spec.Weight:
		ok = v.kind == weight && (p.Format == nil || p.Format.Name == v.elem) || v.kind == tensor && p.Format != nil && p.Format.Name == v.elem
	case spec.Place:
		ok = v.kind == place
	case spec.State:
		ok = v.kind == state && v.page == p.Format
	}
	if !ok {
		b.failf(pos, "%s takes %s, this is %s", p.Name, takes(p), v.describe())
	}
}

// takes says what a parameter asks for.
func takes(p *spec.Param) string {
	switch {
	case p.Kind == spec.Tensor:
		return p.Elem.Name + " with " + strconv.Itoa(len(p.Shape)) + " " + plural(len(p.Shape), "dim")
	case p.Kind == spec.Weight && p.Format != nil:
		return "blocks of format " + p.Format.Name
	case p.Kind == spec.Weight:
		return "a weight of blocks"
	case p.Kind == spec.State:
		return "a state " + p.Format.Name
	}
	return "a place"
}

func arguments(n int) string {
	if n == 1 {
		return "argument is"
	}
	return "arguments are"
}
