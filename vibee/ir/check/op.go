package check

import (
	"slices"
	"strconv"

	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

func (c *checker) op(d *decl, a *grammar.Op) *spec.Op {
	o := &spec.Op{Pos: a.Pos, Package: d.pkg.name, Name: a.Named(), Doc: a.Doc, Approx: map[*spec.Op]*spec.Op{}}
	s := newScope(c, d)
	c.params(s, o, a)
	for _, w := range a.Where {
		if f, ok := s.fact(w); ok {
			o.Facts = append(o.Facts, f)
		}
	}
	o.Body = c.body(s, o, a.Body)
	for _, item := range a.Body {
		switch item := item.(type) {
		case *grammar.Relax:
			for _, r := range item.Items {
				c.relax(s, o, r)
			}
		case *grammar.Tolerate:
			c.tolerate(s, o, item)
		}
	}
	return o
}

func (c *checker) params(s *scope, o *spec.Op, a *grammar.Op) {
	for _, p := range append(append([]*grammar.Param{}, a.Params...), a.Outs...) {
		if p.Type.Path.Package == "" && p.Type.Path.Text == "dim" {
			s.define(p.Name, &spec.Param{Pos: p.Pos, Name: p.Name.Text, Kind: spec.Dim})
		}
	}
	bound := map[string]bool{}
	shape := func(list []grammar.Expr) (out []spec.Expr) {
		for _, x := range list {
			visit(x, func(e grammar.Expr) bool {
				if id, ok := e.(*grammar.Ident); ok && s.find(id.Text) == nil {
					s.names[id.Text] = dim(id.Text)
					o.Dims = append(o.Dims, id.Text)
				}
				return true
			})
			if id, ok := x.(*grammar.Ident); ok {
				bound[id.Text] = true
			}
			out = append(out, s.integer(x))
		}
		return out
	}
	read := func(p *grammar.Param, out bool) *spec.Param {
		q := &spec.Param{Pos: p.Pos, Name: p.Name.Text, InOut: p.InOut, Out: out}
		t := p.Type
		switch name := t.Path.Text; {
		case t.Path.Package == "" && name == "dim":
			return s.names[p.Name.Text].(*spec.Param)
		case t.Path.Package == "" && name == "place":
			q.Kind, q.Shape = spec.Place, shape(t.Dims)
			if len(q.Shape) != 1 {
				c.errorf(t.Pos, "a place has one dim: place[T]")
				return nil
			}
		case t.Path.Package == "" && name == "any":
			q.Kind, q.Shape = spec.Weight, shape(t.Dims)
		case t.Path.Package == "" && (spec.Elems[name] != nil || name == "int"):
			q.Elem = spec.Elems[name]
			if name == "int" {
				q.Elem = spec.Elems["i64"]
			}
			switch {
			case t.HasDims:
				q.Kind, q.Shape = spec.Tensor, shape(t.Dims)
			case q.Elem.Type == spec.Int && !out:
				q.Kind = spec.Value
			default:
				q.Kind = spec.Value
			}
			if q.Elem.Narrow {
				c.errorf(t.Pos, "%s is a type in memory: a tensor here is f32", name)
				return nil
			}
		default:
			f := c.lookup(s.at, t.Path)
			if f == nil {
				return nil
			}
			c.resolve(f)
			if f.fmt == nil {
				c.errorf(t.Pos, "%s is no format", name)
				return nil
			}
			q.Format = f.fmt
			if f.fmt.Page {
				q.Kind, q.Shape = spec.State, shape(t.Args)
				if len(q.Shape) != len(f.fmt.Params) {
					c.errorf(t.Pos, "%s takes %d dims, %d are given", name, len(f.fmt.Params), len(q.Shape))
					return nil
				}
			} else {
				q.Kind, q.Shape = spec.Weight, shape(t.Dims)
			}
		}
		if q.Kind == spec.Weight && len(q.Shape) != 2 {
			c.errorf(t.Pos, "a weight has two dims, rows and columns; %d are given", len(q.Shape))
			return nil
		}
		if q.InOut && q.Kind != spec.State {
			c.errorf(p.Pos, "only a state is inout: results come after ->")
			return nil
		}
		s.define(p.Name, q)
		return q
	}
	for _, p := range a.Params {
		if q := read(p, false); q != nil {
			o.Params = append(o.Params, q)
		}
	}
	for _, p := range a.Outs {
		q := read(p, true)
		if q == nil {
			continue
		}
		if q.Kind != spec.Tensor && q.Kind != spec.Value {
			c.errorf(p.Pos, "a result is a tensor or a value")
			continue
		}
		o.Outs = append(o.Outs, q)
	}
	for _, name := range o.Dims {
		if !bound[name] {
			c.errorf(a.Pos, "dim %s stands alone in no shape, so nothing gives its value: pass it as %s: dim", name, name)
		}
	}
}

// fact reads X % Y == 0 or X <= Y.
func (s *scope) fact(e grammar.Expr) (spec.Fact, bool) {
	rel, ok := e.(*grammar.Binary)
	if ok && rel.Op == "<=" {
		x, y := s.integer(rel.X), s.integer(rel.Y)
		return spec.Fact{X: x, Y: y, AtMost: true}, !isBad(x) && !isBad(y)
	}
	if !ok || rel.Op != "==" {
		s.errorf(e.At(), "a fact is of the form K %% 32 == 0 or P <= K")
		return spec.Fact{}, false
	}
	mod, ok := rel.X.(*grammar.Binary)
	zero, isNumber := rel.Y.(*grammar.Number)
	if !ok || mod.Op != "%" || !isNumber || zero.Text != "0" {
		s.errorf(e.At(), "a fact is of the form K %% 32 == 0 or P <= K")
		return spec.Fact{}, false
	}
	x, y := s.integer(mod.X), s.integer(mod.Y)
	return spec.Fact{X: x, Y: y}, !isBad(x) && !isBad(y)
}

func (c *checker) body(s *scope, o *spec.Op, items []grammar.Item) *spec.Body {
	b := &spec.Body{Orders: map[string][]spec.Order{}}
	set := map[string]bool{}
	for _, item := range items {
		switch item := item.(type) {
		case *grammar.Table:
			if t := c.table(s, item); t != nil {
				b.Tables = append(b.Tables, t)
			}
		case *grammar.Let:
			if l := s.let(item); l != nil {
				b.Lets = append(b.Lets, l)
			}
		case *grammar.Assign:
			targets := o.Outs
			if st := s.set(item, targets); st != nil {
				key := st.Out.Name
				if st.Field != nil {
					key += "." + st.Field.Name
				}
				if set[key] {
					c.errorf(item.Pos, "%s is set twice", key)
				}
				set[key] = true
				b.Sets = append(b.Sets, st)
			}
		case *grammar.Order:
			for _, choice := range item.Items {
				c.order(s, b, choice)
			}
		}
	}
	for _, out := range o.Outs {
		if !set[out.Name] {
			c.errorf(o.Pos, "result %s has no equation", out.Name)
		}
	}
	return b
}

func (c *checker) order(s *scope, b *spec.Body, item *grammar.OrderItem) {
	for _, call := range item.Choices {
		id, ok := call.Fun.(*grammar.Ident)
		if !ok || len(call.Args) == 0 {
			c.errorf(call.Pos, "an order is ascending(k), lanes(k, 16) or blocks(k, W)")
			return
		}
		k, ok := call.Args[0].Value.(*grammar.Ident)
		if !ok {
			c.errorf(call.Pos, "an order names the index of its sum")
			return
		}
		ord := spec.Order{Kind: id.Text}
		switch {
		case id.Text == "ascending" && len(call.Args) == 1:
		case id.Text == "lanes" && len(call.Args) == 2:
			n, _ := call.Args[1].Value.(*grammar.Number)
			if n != nil {
				ord.N, _ = strconv.Atoi(n.Text)
			}
			if ord.N < 2 || ord.N > 64 || ord.N&(ord.N-1) != 0 {
				c.errorf(call.Pos, "lanes are a power of two, 2 to 64")
				return
			}
		case id.Text == "blocks" && len(call.Args) == 2:
			w, _ := call.Args[1].Value.(*grammar.Ident)
			if w != nil {
				ord.Weight, _ = s.find(w.Text).(*spec.Param)
			}
			if ord.Weight == nil || ord.Weight.Kind != spec.Weight {
				c.errorf(call.Pos, "blocks are those of a weight: blocks(k, W)")
				return
			}
		default:
			c.suggest(call.Pos, id.Text, []string{"ascending", "lanes", "blocks"}, "there is no order %s with %d arguments", id.Text, len(call.Args))
			return
		}
		b.Orders[k.Text] = append(b.Orders[k.Text], ord)
	}
}

func (c *checker) relax(s *scope, o *spec.Op, call *grammar.Call) {
	id, ok := call.Fun.(*grammar.Ident)
	if !ok {
		c.errorf(call.Pos, "this is no licence")
		return
	}
	switch id.Text {
	case "eval":
		if len(call.Args) == 1 {
			if t, ok := call.Args[0].Value.(*grammar.Ident); ok && t.Text == "f32" {
				o.Eval32 = true
				return
			}
		}
		c.errorf(call.Pos, "the licence is eval(f32)")
	case "factor":
		if len(call.Args) == 1 {
			if w, ok := call.Args[0].Value.(*grammar.Ident); ok {
				if p, ok := s.find(w.Text).(*spec.Param); ok && p.Kind == spec.Weight {
					o.Factor = append(o.Factor, p)
					return
				}
			}
		}
		c.errorf(call.Pos, "factor takes a weight: factor(W)")
	case "approx":
		var pair []*spec.Op
		for _, a := range call.Args {
			path := pathOf(a.Value)
			if path == nil {
				continue
			}
			if d := c.lookup(s.at, path); d != nil {
				c.resolve(d)
				if d.op != nil && d.op.Scalar() {
					pair = append(pair, d.op)
				}
			}
		}
		if len(pair) != 2 {
			c.errorf(call.Pos, "approx takes two ops on single values: approx(math.exp, math.exp_f32)")
			return
		}
		o.Approx[pair[0]] = pair[1]
	default:
		c.suggest(call.Pos, id.Text, []string{"eval", "factor", "approx"}, "there is no licence %s", id.Text)
	}
}

func pathOf(e grammar.Expr) *grammar.Path {
	switch e := e.(type) {
	case *grammar.Ident:
		return &grammar.Path{Pos: e.Pos, Text: e.Text}
	case *grammar.Member:
		if x, ok := e.X.(*grammar.Ident); ok {
			return &grammar.Path{Pos: e.Pos, Package: x.Text, Text: e.Name.Text}
		}
	}
	return nil
}

func (c *checker) tolerate(s *scope, o *spec.Op, a *grammar.Tolerate) {
	var set *spec.Set
	for _, st := range o.Body.Sets {
		if st.Field == nil && (a.Out == nil && len(o.Outs) == 1 || a.Out != nil && st.Out.Name == a.Out.Text) {
			set = st
		}
	}
	if set == nil {
		c.errorf(a.Pos, "say which result is bounded: tolerate y : …")
		return
	}
	in := s.inside(set.Index)
	in.slack = true
	value := in.typed(in.expr(a.Value), spec.F64, a.Pos)
	if isBad(value) {
		return
	}
	if value.Type() != spec.F64 {
		c.errorf(a.Pos, "a tolerance is f64, this is %s", value.Type())
		return
	}
	o.Tolerances = append(o.Tolerances, &spec.Tolerance{Out: set.Out, Index: set.Index, Lets: o.Body.Lets, Value: value})
}

func (c *checker) kernel(d *decl, a *grammar.Kernel, target *decl) {
	if target.op == nil {
		c.errorf(a.Op.Pos, "%s is no op", a.Op.Text)
		return
	}
	s := newScope(c, d)
	for _, p := range append(append([]*spec.Param{}, target.op.Params...), target.op.Outs...) {
		s.names[p.Name] = p
	}
	for _, n := range target.op.Dims {
		s.names[n] = dim(n)
	}
	k := &spec.Kernel{Pos: a.Pos, Name: a.Named(), Body: c.body(s, target.op, a.Body)}
	k.For = c.targets(a.For)
	target.op.Kernels = append(target.op.Kernels, k)
}

func (c *checker) schedule(d *decl, a *grammar.Schedule, target *decl) {
	if target.op == nil {
		c.errorf(a.Op.Pos, "%s is no op", a.Op.Text)
		return
	}
	out := &spec.Schedule{Pos: a.Pos, Grain: 1, Lanes: map[string]int{}, Unroll: map[string]int{}}
	out.For = c.targets(a.For)
	if a.When != nil {
		c.errorf(a.When.At(), "cases of a schedule have no meaning yet: leave when out")
	}
	for _, st := range a.Steps {
		c.step(target.op, out, st)
	}
	for _, other := range target.op.Schedules {
		if !slices.Equal(other.Parallel, out.Parallel) || other.Grain != out.Grain {
			c.errorf(a.Pos, "the ranges of work differ from those at %s:%d: all schedules of an op have the same parallel step", other.Pos.File, other.Pos.Line)
		}
		for _, f := range out.For {
			if slices.Contains(other.For, f) {
				c.errorf(a.Pos, "%s has a schedule for %s already, at %s:%d", target.op.Name, f, other.Pos.File, other.Pos.Line)
			}
		}
	}
	target.op.Schedules = append(target.op.Schedules, out)
}

// targets are what code is generated for.
func (c *checker) targets(list []*grammar.Name) (out []string) {
	known := []string{"go", "vm", "avx2", "avx512"}
	for _, n := range list {
		if !slices.Contains(known, n.Text) {
			c.suggest(n.Pos, n.Text, slices.Clone(known), "there is no target %s", n.Text)
		}
		out = append(out, n.Text)
	}
	return out
}

func (c *checker) step(o *spec.Op, out *spec.Schedule, st *grammar.Step) {
	by := 0
	if st.By != nil {
		by, _ = strconv.Atoi(st.By.Text)
	}
	known := indexNames(o)
	for _, n := range st.Names {
		if !slices.Contains(known, n.Text) {
			c.suggest(n.Pos, n.Text, slices.Clone(known), "%s has no index %s", o.Name, n.Text)
			return
		}
		switch st.Kind {
		case "loop":
			out.Loop = append(out.Loop, n.Text)
		case "parallel":
			out.Parallel = append(out.Parallel, n.Text)
		case "lanes":
			if by < 2 || by > 256 {
				c.errorf(st.Pos, "lanes are 2 to 256")
				return
			}
			out.Lanes[n.Text] = by
		case "unroll":
			out.Unroll[n.Text] = max(by, 1)
		}
	}
	if st.Kind == "parallel" && by > 0 {
		out.Grain = by
	}
}

func indexNames(o *spec.Op) []string {
	var names []string
	add := func(b *spec.Body) {
		note := func(list []*spec.Index) {
			for _, i := range list {
				names = append(names, i.Name)
			}
		}
		look := func(e spec.Expr) bool {
			if r, ok := e.(*spec.Reduce); ok {
				note(r.Index)
			}
			return true
		}
		for _, l := range b.Lets {
			note(l.Index)
			spec.Walk(l.Value, look)
		}
		for _, st := range b.Sets {
			note(st.Index)
			spec.Walk(st.Value, look)
		}
	}
	add(o.Body)
	for _, k := range o.Kernels {
		add(k.Body)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

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
