package golang

import (
	"github.com/dave/jennifer/jen"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// stmts emits a body.
func (g *gen) stmts(body []loop.Stmt) {
	for len(body) > 0 {
		if run, rest := g.takeDots(body); run != nil {
			g.dots(run)
			body = rest
			continue
		}
		if group := g.fusable(body); len(group) > 0 {
			for i := range group { // what begins with dots is better off without the rest
				if run, _ := g.takeDots(body[i:]); run != nil {
					group = group[:i]
					break
				}
			}
			g.fused(group)
			body = body[len(group):]
			continue
		}
		g.stmt(body[0])
		body = body[1:]
	}
}

func (g *gen) stmt(s loop.Stmt) {
	g.forget()
	switch s := s.(type) {
	case *loop.For:
		g.loop(s)
	case *loop.If:
		g.branch(s)
	case *loop.Def:
		g.define(s)
	case *loop.Set:
		g.set(s)
	case *loop.Open:
		g.open(s.View)
	case *loop.Store:
		g.store(s)
	case *loop.Note:
		g.emit(jen.Comment(s.Text))
	}
}

func (g *gen) branch(s *loop.If) {
	cond := g.fold(s.Cond)
	c := g.eval(cond, lane{})
	then := g.inside(func() { g.stmts(s.Then) })
	if len(s.Else) == 0 {
		g.emit(jen.If(c.code).Block(then...))
		return
	}
	other := g.inside(func() { g.stmts(s.Else) })
	g.emit(jen.If(c.code).Block(then...).Else().Block(other...))
}

func (g *gen) define(s *loop.Def) {
	v, e := s.Var, g.fold(s.Value)
	if v.Type == loop.Int && !v.Mutable {
		g.ranges.Set(v, g.ranges.Int(e))
	}
	if v.Lanes == 1 {
		name := g.names.fresh(camel(v.Name))
		g.assign(jen.Id(name), true, e, lane{})
		g.vars[v] = place{name: name}
		return
	}
	p := place{lanes: g.names.lanes(camel(v.Name), v.Lanes)}
	if zero(e) && v.Mutable {
		g.emit(jen.Var().ListFunc(func(l *jen.Group) {
			for _, n := range p.lanes {
				l.Id(n)
			}
		}).Id(kindNames[kindOf(v.Type)]))
	} else {
		for k, n := range p.lanes {
			g.assign(jen.Id(n), true, e, lane{k: k})
		}
	}
	g.vars[v] = p
	note := jen.Null()
	g.emit(note)
	g.atEnd = append(g.atEnd, func() { // a lane that folding left unused
		for _, n := range p.lanes {
			if g.usedVars[v] && !g.usedLanes[n] {
				note.Add(jen.Id("_").Op("=").Id(n).Line())
			}
		}
	})
}

// zero reports whether e is Go's zero value.
func zero(e loop.Expr) bool {
	switch c := scalar(e).(type) {
	case *loop.ConstInt:
		return c.V == 0
	case *loop.ConstFloat:
		return c.V == 0 && floatLiteral(c.V, c.T).literal
	}
	return false
}

func (g *gen) set(s *loop.Set) {
	e := g.fold(s.Value)
	p := g.vars[s.Var]
	if s.Var.Lanes == 1 {
		g.assign(jen.Id(p.name), false, e, lane{}, s.Var)
		return
	}
	for k, n := range p.lanes {
		g.assign(jen.Id(n), false, e, lane{k: k}, s.Var)
	}
}

// assign sets target to lane l of e, or declares it so. self is the variable that target
// is, where it already has a value.
func (g *gen) assign(target *jen.Statement, declare bool, e loop.Expr, l lane, self ...*loop.Var) {
	e = g.special(e, l)
	own := func(e loop.Expr) bool {
		r, ok := e.(*loop.Ref)
		return ok && len(self) == 1 && r.Var == self[0]
	}
	op := ":="
	if !declare {
		op = "="
	}
	choose := func(cond func() value, a, b loop.Expr) {
		if own(b) { // already there
			c := cond()
			g.emit(jen.If(c.code).Block(g.inside(func() { g.assign(target, false, a, l, self...) })...))
			return
		}
		c := cond()
		// A keeps its old meaning while target changes.
		va := g.eval(a, l)
		if len(self) == 1 && !own(b) {
			c, va = g.named(a, c), g.named(a, va)
		}
		g.assign(target, declare, b, l, self...)
		g.emit(jen.If(c.code).Block(jen.Add(target).Op("=").Add(va.to(kindOf(a.Type())).code)))
	}
	switch e := e.(type) {
	case *loop.Select:
		choose(func() value { return g.eval(e.Cond, l) }, e.A, e.B)
		return
	case *loop.Binary:
		t := e.Type()
		if t.Float() && (e.Op == loop.Max || e.Op == loop.Min) {
			text := "<"
			if e.Op == loop.Max {
				text = ">"
			}
			if own(e.A) { // a stays where it is greater: else b
				b := g.named(e.B, g.eval(e.B, l))
				keep := infix(kBool, text, precCompare, g.eval(e.A, l), b)
				g.emit(jen.If(jen.Op("!").Parens(keep.code)).Block(jen.Add(target).Op("=").Add(b.code)))
				return
			}
			a, b := g.named(e.A, g.eval(e.A, l)), g.named(e.B, g.eval(e.B, l))
			if !own(e.B) {
				if declare {
					g.emit(jen.Add(target).Op(op).Add(b.typed()))
				} else {
					g.emit(jen.Add(target).Op(op).Add(b.code))
				}
			}
			g.emit(jen.If(infix(kBool, text, precCompare, a, b).code).Block(jen.Add(target).Op("=").Add(a.code)))
			return
		}
		if fn, ok := infixes[e.Op]; ok && own(e.A) && t != loop.Bool && e.Op != loop.Shl && e.Op != loop.Shr {
			if t.Float() && e.Op == loop.Mul { // must stay a rounded product
				break
			}
			b := g.eval(e.B, l).to(kindOf(t))
			if c, ok := constInt(e.B); ok && c == 1 && (e.Op == loop.Add || e.Op == loop.Sub) {
				g.emit(jen.Add(target).Op(fn.text + fn.text))
				return
			}
			g.emit(jen.Add(target).Op(fn.text + "=").Add(b.code))
			return
		}
	}
	v := g.eval(e, l).to(kindOf(e.Type()))
	switch {
	case declare && zero(e) && e.Type() != loop.Int:
		g.emit(jen.Var().Add(target).Id(kindNames[kindOf(e.Type())]))
	case declare:
		g.emit(jen.Add(target).Op(op).Add(v.typed()))
	default:
		g.emit(jen.Add(target).Op(op).Add(v.code))
	}
}

func (g *gen) open(v *loop.View) {
	index := g.fold(v.Index)
	if v.Lanes == 1 {
		w := g.window(v.Buf, g.eval(index, lane{}), v.Size)
		name := g.names.fresh(camel(v.Name))
		g.emit(jen.Id(name).Op(":=").Add(w))
		g.views[v] = place{name: name}
		return
	}
	first, stride := g.lanesAt(index, g.fold(v.Stride), v.Name)
	p := place{lanes: g.names.lanes(camel(v.Name), v.Lanes)}
	for k, n := range p.lanes {
		g.emit(jen.Id(n).Op(":=").Add(g.window(v.Buf, g.eval(g.laneIndex(first, stride, lane{k: k}), lane{}), v.Size)))
	}
	g.views[v] = p
}

// hoist puts an integer into a variable.
func (g *gen) hoist(e loop.Expr, base string) loop.Expr {
	v := &loop.Var{Name: g.names.temp(camel(base)), Type: loop.Int, Lanes: 1}
	g.emit(jen.Id(v.Name).Op(":=").Add(g.eval(e, lane{}).to(kInt).code))
	g.vars[v] = place{name: v.Name}
	g.ranges.Set(v, g.ranges.Int(e))
	return &loop.Ref{Var: v}
}

func (g *gen) store(s *loop.Store) {
	index, v := g.fold(s.Index), g.fold(s.Value)
	n := v.Lanes()
	if n == 1 {
		g.emit(g.write(g.base(s.Buf), s.Buf, s.Mem, g.eval(index, lane{}), g.eval(v, lane{})))
		return
	}
	w := g.storeWindow(s, index)
	values := make([]value, n)
	for k := range values {
		values[k] = g.eval(g.special(v, lane{k: k}), lane{k: k})
		if g.overlaps(s, v) {
			values[k] = g.named(v, values[k].to(kindOf(v.Type())))
		}
	}
	for k, x := range values {
		g.emit(w(lane{k: k}, x))
	}
}

// storeWindow prepares the memory that a wide store writes and gives a function
// for one lane of it.
func (g *gen) storeWindow(s *loop.Store, index loop.Expr) func(lane, value) jen.Code {
	if s.Stride == nil {
		return func(l lane, v value) jen.Code {
			return g.write(g.base(s.Buf), s.Buf, s.Mem, g.eval(g.special(index, l), l), v)
		}
	}
	stride := g.fold(s.Stride)
	if size, ok := windowSize(stride, s.Value.Lanes(), s.Buf, s.Mem); ok {
		name := g.names.temp(camel(s.Buf.Name + "_lanes"))
		g.emit(jen.Id(name).Op(":=").Add(g.window(s.Buf, g.eval(index, lane{}), size)))
		return func(l lane, v value) jen.Code {
			return g.write(jen.Id(name), s.Buf, s.Mem, g.eval(g.laneIndex(&loop.ConstInt{}, stride, l), lane{}), v)
		}
	}
	index, stride = g.lanesAt(index, stride, s.Buf.Name)
	return func(l lane, v value) jen.Code {
		return g.write(g.base(s.Buf), s.Buf, s.Mem, g.eval(g.laneIndex(index, stride, l), lane{}), v)
	}
}

// overlaps reports whether a lane's store could change what a later lane reads.
func (g *gen) overlaps(s *loop.Store, v loop.Expr) bool {
	found := false
	loop.Walk(v, func(e loop.Expr) {
		switch e := e.(type) {
		case *loop.Load:
			same := s.Stride != nil && e.Stride != nil && equal(g.fold(e.Index), g.fold(s.Index)) && equal(g.fold(e.Stride), g.fold(s.Stride))
			found = found || e.Buf == s.Buf && e.Lanes() > 1 && !same
		case *loop.Peek:
			found = found || e.View.Buf == s.Buf && e.Lanes() > 1
		}
	})
	return found
}
