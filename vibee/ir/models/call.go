package models

import (
	"slices"

	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// items runs through the body of a layer or of forward.
func (b *builder) items(items []grammar.Item) {
	for _, item := range items {
		switch item := item.(type) {
		case *grammar.Weight:
			v := &value{kind: weight, name: b.unique(item.Name.Text), opt: item.Optional, elem: item.Type.Path.Text}
			b.define(item.Name, v)
			b.weight(item, v)
		case *grammar.State:
			b.state(item)
		case *grammar.Require:
			r := b.require(item)
			b.add(&plan.Guard{Cond: r.Cond, Message: r.Message})
		case *grammar.Let:
			vals := b.values(item.Value)
			if len(vals) != len(item.Names) {
				b.failf(item.Pos, "%d names for %d values", len(item.Names), len(vals))
			}
			for i, n := range item.Names {
				b.define(n, vals[i])
			}
		case *grammar.Assign:
			id, ok := item.Target.(*grammar.Ident)
			if !ok {
				b.failf(item.Pos, "only a name is given a value here")
			}
			b.assign(id.Text, b.value(item.Value))
		case *grammar.Do:
			b.call(item.Call)
		case *grammar.Repeat:
			b.repeat(item)
		default:
			b.failf(item.At(), "this does not belong here")
		}
	}
}

func (b *builder) define(n *grammar.Name, v *value) {
	if b.scope.vals[n.Text] != nil {
		b.failf(n.Pos, "%s is defined twice", n.Text)
	}
	b.scope.vals[n.Text] = v
}

// assign changes a variable where it is, or makes a result of this scope.
func (b *builder) assign(name string, v *value) {
	for s := b.scope; s != nil; s = s.outer {
		if old := s.vals[name]; old != nil && old.kind == tensor {
			s.vals[name] = v
			return
		}
	}
	b.scope.vals[name] = v
}

func (b *builder) state(item *grammar.State) {
	f := b.format(item.Type.Path)
	if f == nil || !f.Page {
		b.failf(item.Pos, "%s is no page format", item.Type.Path.Text)
	}
	if len(item.Type.Args) != len(f.Params) {
		b.failf(item.Pos, "%s takes %d dims, %d are given", f.Name, len(f.Params), len(item.Type.Args))
	}
	v := &value{kind: state, name: b.unique(item.Name.Text), page: f}
	for _, a := range item.Type.Args {
		v.shape = append(v.shape, b.scalar(a))
	}
	b.define(item.Name, v)
	b.add(&plan.State{Name: v.name, Page: f.Count, Size: pageSize(f, v.shape)})
}

func (b *builder) format(path *grammar.Path) *spec.Format {
	pkg := path.Package
	if pkg == "" {
		pkg = b.home
	}
	for _, f := range b.prog.Formats {
		if f.Package == pkg && f.Name == path.Text {
			return f
		}
	}
	return nil
}

// put is a dim's expression with values in the place of names.
func put(e spec.Expr, dims map[string]plan.Expr) plan.Expr {
	switch e := e.(type) {
	case *spec.IntLit:
		return plan.Int(e.V)
	case *spec.DimRef:
		return dims[e.Name]
	case *spec.Binary:
		return plan.Binary{Op: e.Op, A: put(e.A, dims), B: put(e.B, dims)}
	}
	return nil
}

func (b *builder) repeat(r *grammar.Repeat) {
	lo, hi := b.scalar(r.Lo), b.scalar(r.Hi)
	n := &plan.Repeat{Var: b.unique(r.Var.Text), Lo: lo, Hi: hi}
	var carried []string
	for _, item := range r.Body {
		if a, ok := item.(*grammar.Assign); ok {
			if id, ok := a.Target.(*grammar.Ident); ok && !slices.Contains(carried, id.Text) {
				carried = append(carried, id.Text)
			}
		}
	}
	before := make([]*value, len(carried))
	for i, name := range carried {
		before[i] = b.lookup(r.Pos, name)
		c := *before[i]
		c.name = b.unique(name)
		n.Carry = append(n.Carry, plan.Carry{Name: c.name, Init: before[i].name})
		b.assign(name, &c)
	}
	outer := b.nodes
	b.nodes = &n.Body
	b.scope = &scope{outer: b.scope, vals: map[string]*value{r.Var.Text: {kind: scalar, expr: plan.Name(n.Var)}}}
	b.items(r.Body)
	b.scope = b.scope.outer
	for i, name := range carried {
		v := b.lookup(r.Pos, name)
		b.sameShape(r.Pos, name, v.shape, before[i].shape)
		n.Carry[i].Next = v.name
		c := *v
		c.name = n.Carry[i].Name
		b.assign(name, &c)
	}
	b.nodes = outer
	b.add(n)
}

func (b *builder) value(e grammar.Expr) *value {
	v := b.values(e)
	if len(v) != 1 {
		b.failf(e.At(), "one value is needed, the call gives %d", len(v))
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
	return !function && id.Text != "present" && id.Text != "rows" && id.Text != "cols"
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
		}
		return []*value{v}
	case *grammar.Call:
		if isCall(e) {
			return b.call(e)
		}
	case *grammar.Reshape:
		v := *b.value(e.X)
		if v.kind != tensor && (v.kind != weight || spec.Elems[v.elem] == nil) {
			b.failf(e.Pos, "only a tensor, or a weight of single elements, has another shape")
		}
		have, want := plan.Expr(plan.Int(1)), plan.Expr(plan.Int(1))
		for _, d := range v.shape {
			have = plan.Binary{Op: "*", A: have, B: d}
		}
		v.shape = nil
		for _, d := range e.Dims {
			v.shape = append(v.shape, b.scalar(d))
			want = plan.Binary{Op: "*", A: want, B: v.shape[len(v.shape)-1]}
		}
		b.equal(e.Pos, "as […]", have, want)
		return []*value{&v}
	case *grammar.If:
		if b.isTensor(e.Then) {
			return []*value{b.choice(e)}
		}
	}
	return []*value{{kind: scalar, expr: b.scalar(e)}}
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
	n := &plan.If{Cond: b.scalar(e.Cond)}
	outer := b.nodes
	b.nodes = &n.Then
	x := b.value(e.Then)
	b.nodes = &n.Else
	y := b.value(e.Else)
	b.nodes = outer
	if x.kind != y.kind || x.elem != y.elem {
		b.failf(e.Pos, "the sides of if are not of one kind")
	}
	b.sameShape(e.Pos, "if", y.shape, x.shape)
	v := *x
	v.name = b.unique("either")
	n.Merge = []plan.Merge{{Name: v.name, Then: x.name, Else: y.name}}
	b.add(n)
	return &v
}

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
	panic(failure{&grammar.Error{Pos: c.Pos, Message: "there is no op or layer " + full, Suggest: grammar.Nearest(full, names)}})
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
			b.failf(a.Pos, "%d arguments are needed, this is one more", len(params))
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
	if step.Op == nil {
		b.failf(c.Pos, "%s is for single values: an equation may call it, a layer not", o.FullName())
	}
	dims := map[string]plan.Expr{}
	var later []func()
	for i, p := range o.Params {
		if p.Kind == spec.Dim || p.Kind == spec.Value {
			e := b.scalar(args[i])
			dims[p.Name] = e
			step.Args = append(step.Args, plan.Arg{Value: e})
			continue
		}
		v := b.value(args[i])
		b.accepts(args[i].At(), p, v)
		what := o.FullName() + ": " + p.Name
		if len(v.shape) != len(p.Shape) {
			b.failf(args[i].At(), "%s has %d dims, %d are given", what, len(p.Shape), len(v.shape))
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
		x, y, relation := put(f.X, dims), put(f.Y, dims), " is no multiple of "
		if f.AtMost {
			relation = " is more than "
		}
		b.add(&plan.Guard{Cond: fact(f, dims), Message: o.FullName() + ": " + poly(x).String() + relation + poly(y).String()})
	}
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
		v := &value{kind: tensor, name: b.unique(o.Name), elem: p.Elem.Name}
		for _, d := range p.Shape {
			v.shape = append(v.shape, put(d, dims))
		}
		b.add(&plan.Buffer{Name: v.name, Elem: v.elem, Shape: v.shape})
		step.Args = append(step.Args, plan.Arg{Name: v.name})
		outs = append(outs, v)
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
		ok = v.kind == weight && (p.Format == nil || p.Format.Name == v.elem)
	case spec.Place:
		ok = v.kind == place
	case spec.State:
		ok = v.kind == state && v.page == p.Format
	}
	if !ok {
		b.failf(pos, "%s is not of the kind that the parameter asks for", p.Name)
	}
}

// limit bounds the values of an input that an op uses as row numbers of a weight.
func (b *builder) limit(o *spec.Op, p *spec.Param, v *value, dims map[string]plan.Expr, later *[]func()) {
	in := b.inputs[v.name]
	if in == nil || in.Type != "i32" || in.Rows != "T" {
		return
	}
	if d := rowsOf(o, p); d != nil {
		*later = append(*later, func() { in.Limit = put(d, dims) })
	}
}

func (b *builder) layer(c *grammar.Call, l *grammar.Layer, full string) []*value {
	if slices.Contains(b.layers, full) {
		b.failf(c.Pos, "layer %s holds itself", full)
	}
	names := make([]string, len(l.Params))
	for i, p := range l.Params {
		names[i] = p.Name.Text
	}
	args := b.match(c, names)
	in := &scope{vals: map[string]*value{}}
	for i, p := range l.Params {
		in.vals[p.Name.Text] = b.value(args[i])
	}
	for i, p := range l.Params { // dims that the shapes bind
		for k, d := range p.Type.Dims {
			id, ok := d.(*grammar.Ident)
			if v := in.vals[names[i]]; ok && in.vals[id.Text] == nil && k < len(v.shape) {
				in.vals[id.Text] = &value{kind: scalar, expr: v.shape[k]}
			}
		}
	}
	caller, home := b.scope, b.home
	b.scope, b.home = in, full[:len(full)-len(l.Named())-1]
	b.layers = append(b.layers, full)
	for i, p := range l.Params {
		if v := in.vals[names[i]]; p.Type.HasDims {
			want := make([]plan.Expr, len(p.Type.Dims))
			for k, d := range p.Type.Dims {
				want[k] = b.scalar(d)
			}
			b.sameShape(args[i].At(), l.Named()+": "+names[i], v.shape, want)
		}
	}
	for _, w := range l.Where {
		b.add(&plan.Guard{Cond: b.scalar(w), Message: "layer " + full + ": a fact of " + where(w.At()) + " does not hold"})
	}
	b.items(l.Body)
	var outs []*value
	for _, o := range l.Outs {
		outs = append(outs, b.lookup(o.Pos, o.Name.Text))
	}
	for _, item := range l.Body {
		if w, ok := item.(*grammar.Weight); ok && !b.used[in.vals[w.Name.Text].name] {
			b.failf(w.Pos, "weight %s is used by nothing", w.Name.Text)
		}
	}
	b.layers = b.layers[:len(b.layers)-1]
	b.scope, b.home = caller, home
	return outs
}
