package models

import (
	"slices"
	"strconv"
	"strings"

	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// items runs through the body of a layer or of forward. An item with an error leaves its names unknown.
func (b *builder) items(items []grammar.Item) {
	for _, item := range items {
		if b.guard(func() { b.item(item) }) {
			continue
		}
		switch item := item.(type) {
		case *grammar.Weight:
			b.giveUp(item.Name)
		case *grammar.State:
			b.giveUp(item.Name)
		case *grammar.Let:
			for _, n := range item.Names {
				b.giveUp(n)
			}
		case *grammar.Assign:
			if id, ok := item.Target.(*grammar.Ident); ok {
				b.guard(func() { b.assign(id.Pos, id.Text, &value{kind: unknown}) })
			}
		case *grammar.Repeat:
			for _, x := range item.Body {
				if a, ok := x.(*grammar.Assign); ok {
					if id, ok := a.Target.(*grammar.Ident); ok {
						b.guard(func() { b.assign(id.Pos, id.Text, &value{kind: unknown}) })
					}
				}
			}
		}
	}
}

func (b *builder) giveUp(n *grammar.Name) {
	b.scope.vals[n.Text] = &value{kind: unknown}
}

func (b *builder) item(item grammar.Item) {
	if b.size > maxNodes {
		panic(failure{}) // said already
	}
	switch item := item.(type) {
	case *grammar.Weight:
		v := &value{kind: weight, name: b.unique(item.Name.Text), opt: item.Optional, elem: item.Type.Path.Text}
		b.define("weight", item.Name, v)
		b.scope.defs = b.scope.defs[:len(b.scope.defs)-1] // unusedWeights has more to say
		b.weight(item, v)
	case *grammar.State:
		b.state(item)
	case *grammar.Require:
		r := b.require(item)
		b.add(&plan.Guard{Cond: r.Cond, Message: r.Message})
	case *grammar.Let:
		vals := b.values(item.Value)
		if len(vals) != len(item.Names) {
			b.failf(item.Pos, "%d %s for %d %s", len(item.Names), plural(len(item.Names), "name"), len(vals), plural(len(vals), "value"))
		}
		for i, n := range item.Names {
			b.define("let", n, vals[i])
		}
	case *grammar.Assign:
		id, ok := item.Target.(*grammar.Ident)
		if !ok {
			b.failf(item.Pos, "only a name is given a value here")
		}
		b.assign(id.Pos, id.Text, b.value(item.Value))
	case *grammar.Do:
		if vals := b.call(item.Call); len(vals) > 0 {
			b.failf(item.Pos, "the call gives %d %s that nothing takes: name it with a let", len(vals), plural(len(vals), "value"))
		}
	case *grammar.Repeat:
		b.repeat(item)
	default:
		b.failf(item.At(), "this does not belong here")
	}
}

func plural(n int, one string) string {
	if n == 1 {
		return one
	}
	return one + "s"
}

func (b *builder) state(item *grammar.State) {
	f := b.format(item.Type.Path)
	if len(item.Type.Args) != len(f.Params) {
		b.failf(item.Type.Pos, "%s takes %d %s, %d given", f.Name, len(f.Params), plural(len(f.Params), "dim"), len(item.Type.Args))
	}
	if item.Type.HasDims {
		b.failf(item.Type.Pos, "a state's dims stand in parentheses: %s(…)", f.Name)
	}
	v := &value{kind: state, name: b.unique(item.Name.Text), page: f}
	for _, a := range item.Type.Args {
		v.shape = append(v.shape, b.typed(a, "dim", "a dim"))
	}
	b.define("state", item.Name, v)
	b.add(&plan.State{Name: v.name, Page: f.Count, Size: pageSize(f, v.shape)})
}

// format is the page that a state's type names.
func (b *builder) format(path *grammar.Path) *spec.Format {
	full := b.fullName(path)
	var pages []string
	for _, f := range b.prog.Formats {
		name := f.Package + "." + f.Name
		if f.Page {
			pages = append(pages, name)
		}
		switch {
		case name == full && f.Page:
			return f
		case name == full:
			b.failf(path.Pos, "%s is a format of blocks: a state has a page's", full)
		}
	}
	if b.prog.Broken[full] {
		panic(failure{})
	}
	panic(failure{&grammar.Error{Pos: path.Pos, Message: "there is no page " + full, Suggest: grammar.Nearest(full, pages)}})
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
	lo, hi := b.typed(r.Lo, "dim", "a loop's bound"), b.typed(r.Hi, "dim", "a loop's bound")
	n := &plan.Repeat{Var: b.unique(r.Var.Text), Lo: lo, Hi: hi}
	b.types[n.Var] = "dim"
	carried := b.carried(r.Body)
	before := make([]*value, len(carried))
	for i, a := range carried {
		before[i] = b.lookup(a.Pos, a.Text)
		c := *before[i]
		c.name = b.unique(a.Text)
		n.Carry = append(n.Carry, plan.Carry{Name: c.name, Init: before[i].name})
		b.assign(a.Pos, a.Text, &c)
	}
	outer := b.nodes
	b.nodes = &n.Body
	b.scope = newScope(b.scope)
	b.scope.vals[r.Var.Text] = &value{kind: scalar, expr: plan.Name(n.Var)}
	errs := len(b.errs)
	b.items(r.Body)
	if len(b.errs) == errs {
		b.unusedHere(r.Body)
	}
	b.scope = b.scope.outer
	for i, a := range carried {
		v := b.lookup(a.Pos, a.Text)
		b.sameShape(a.Pos, a.Text, v.shape, before[i].shape)
		n.Carry[i].Next = v.name
		c := *v
		c.name = n.Carry[i].Name
		b.assign(a.Pos, a.Text, &c)
	}
	b.nodes = outer
	b.add(n)
}

// carried are the variables of outside that a loop's body changes.
func (b *builder) carried(items []grammar.Item) (out []*grammar.Ident) {
	own := map[string]bool{}
	for _, item := range items {
		switch item := item.(type) {
		case *grammar.Let:
			for _, n := range item.Names {
				own[n.Text] = true
			}
		case *grammar.Assign:
			id, ok := item.Target.(*grammar.Ident)
			if !ok || own[id.Text] || slices.ContainsFunc(out, func(o *grammar.Ident) bool { return o.Text == id.Text }) {
				continue
			}
			if !b.visible(id.Text) {
				b.failf(id.Pos, "%s has no value before the loop", id.Text)
			}
			out = append(out, id)
		}
	}
	return out
}

func (b *builder) visible(name string) bool {
	for s := b.scope; s != nil; s = s.outer {
		if s.vals[name] != nil {
			return true
		}
	}
	return false
}

// unusedHere says which lets, parameters, states and weights of a body nothing uses.
func (b *builder) unusedHere(items []grammar.Item) {
	b.unused()
	b.unusedWeights(items)
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
	return !function && id.Text != "present" && id.Text != "packable" && id.Text != "rows" && id.Text != "cols"
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

// reshape gives a tensor, or a weight, other dims; blocks of a weight lie along its columns, which stay.
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
	if v.kind == weight && spec.Elems[v.elem] == nil {
		b.equal(e.Pos, "the columns of a weight", v.shape[len(v.shape)-1], columns)
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
	b.nodes = &n.Then
	x := b.value(e.Then)
	b.nodes = &n.Else
	y := b.value(e.Else)
	b.nodes = outer
	b.sides--
	if x.kind != y.kind || x.elem != y.elem {
		b.failf(e.Pos, "the sides of if differ: %s and %s", x.describe(), y.describe())
	}
	b.sameShape(e.Pos, "the sides of if", y.shape, x.shape)
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
		x, y, relation := put(f.X, dims), put(f.Y, dims), " is no multiple of "
		if f.AtMost {
			relation = " is more than "
		}
		b.add(&plan.Guard{Cond: fact(f, dims), Message: o.FullName() + ": " + poly(x).String() + relation + poly(y).String()})
	}
	b.bounds(c.Pos, o, dims)
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
		return "a weight " + p.Format.Name
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

// limit bounds the values of an input that an op uses as row numbers of a weight: tokens, and positions.
func (b *builder) limit(o *spec.Op, p *spec.Param, v *value, dims map[string]plan.Expr, later *[]func()) {
	in := b.inputs[v.name]
	if in == nil || in.Rows != "T" {
		return
	}
	look := func(e spec.Expr) bool {
		w, ok := e.(*spec.WeightRef)
		if !ok {
			return true
		}
		for k, at := range w.At {
			if skip, ok := offset(at, p); ok {
				size := w.Param.Shape[k]
				*later = append(*later, func() {
					rows := put(size, dims)
					if skip != nil {
						rows = plan.Binary{Op: "-", A: rows, B: put(skip, dims)}
					}
					if in.Limit != nil && !poly(in.Limit).Equal(poly(rows)) {
						rows = plan.Binary{Op: "min", A: in.Limit, B: rows}
					}
					in.Limit = rows
				})
			}
		}
		return true
	}
	for _, l := range o.Body.Lets {
		spec.Walk(l.Value, look)
	}
	for _, s := range o.Body.Sets {
		spec.Walk(s.Value, look)
	}
}

// offset reports whether an index is a value of the input p, and what is added to it (nil: nothing).
func offset(at spec.Expr, p *spec.Param) (skip spec.Expr, ok bool) {
	switch at := at.(type) {
	case *spec.TensorRef:
		return nil, at.Param == p
	case *spec.PlaceRef:
		return nil, at.Param == p && at.Part == "pos"
	case *spec.Binary:
		if at.Op != "+" {
			break
		}
		for _, s := range [][2]spec.Expr{{at.A, at.B}, {at.B, at.A}} {
			if skip, ok := offset(s[0], p); ok && skip == nil && ofDims(s[1]) {
				return s[1], true
			}
		}
	}
	return nil, false
}

// ofDims reports whether e is made of dims and integers alone.
func ofDims(e spec.Expr) bool {
	ok := true
	spec.Walk(e, func(e spec.Expr) bool {
		switch e.(type) {
		case *spec.IntLit, *spec.DimRef, *spec.Binary:
		default:
			ok = false
		}
		return ok
	})
	return ok
}
