package golang

import (
	"github.com/dave/jennifer/jen"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/loop/ranges"
)

// reduceInline is how many lanes at most are folded by one expression.
const reduceInline = 16

// evalReduce folds by halving: lane i becomes lane i op lane i+half.
func (g *gen) evalReduce(e *loop.Reduce) value {
	n := e.A.Lanes()
	if n > reduceInline {
		return g.reduceArray(e, n)
	}
	lanes := make([]loop.Expr, n)
	for k, v := range g.laneValues(e.A, n) {
		lanes[k] = g.bind(v, e.Type())
	}
	for half := n / 2; half > 0; half /= 2 {
		for k := range half {
			lanes[k] = &loop.Binary{Op: e.Op, A: lanes[k], B: lanes[k+half]}
		}
	}
	return g.eval(g.fold(lanes[0]), lane{})
}

// bind makes an expression of an emitted value.
func (g *gen) bind(v value, t loop.Type) loop.Expr {
	if v.literal && t == loop.Int {
		return &loop.ConstInt{V: v.lit}
	}
	b := &loop.Ref{Var: &loop.Var{Type: t, Lanes: 1}}
	g.shared = append(g.shared, shared{b, v})
	return b
}

// laneValues gives each lane of e as a name, an element or a literal.
func (g *gen) laneValues(e loop.Expr, n int) []value {
	r, ok := e.(*loop.Ref)
	values := make([]value, n)
	if !ok && n > scalarLanes {
		name := g.materialize(e)
		for k := range values {
			values[k] = primary(kindOf(e.Type()), jen.Id(name).Index(jen.Id(intText(k))))
		}
		return values
	}
	for k := range values {
		values[k] = g.eval(g.special(e, lane{k: k}), lane{k: k})
		if r == nil {
			values[k] = g.named(e, values[k].to(kindOf(e.Type())))
		}
	}
	return values
}

// materialize computes a wide value into an array of its own.
func (g *gen) materialize(e loop.Expr) string {
	name := g.names.temp("lanes")
	k := kindOf(e.Type())
	g.share(e)
	g.emit(jen.Var().Id(name).Index(jen.Id(intText(e.Lanes()))).Id(kindNames[k]))
	g.overLanes(e.Lanes(), jen.Id(name), func(l lane) {
		i := g.eval(l.number(), lane{})
		g.assign(jen.Id(name).Index(i.code), false, e, l)
	})
	return name
}

// overLanes emits a loop over the lanes of array, or of n where it is nil.
func (g *gen) overLanes(n int, array *jen.Statement, body func(lane)) {
	over := array
	if over == nil {
		over = jen.Id(intText(n))
	}
	v := &loop.Var{Name: "l", Type: loop.Int, Lanes: 1}
	g.ranges.Set(v, ranges.Int{Lo: 0, Hi: int64(n) - 1})
	var name string
	g.depth++
	code := g.inside(func() {
		name = g.names.temp("l")
		g.vars[v] = place{name: name}
		outer := g.inLanes
		g.inLanes = true
		body(lane{Var: v})
		g.inLanes = outer
	})
	g.depth--
	head := jen.Id(name).Op(":=").Range().Add(over)
	if !g.usedVars[v] {
		head = jen.Range().Id(intText(n))
	}
	g.emit(jen.For(head).Block(code...))
}

// reduceArray folds many lanes in a copy, by a loop.
func (g *gen) reduceArray(e *loop.Reduce, n int) value {
	name := ""
	if r, ok := e.A.(*loop.Ref); ok {
		name = g.names.temp("lanes")
		g.usedVars[r.Var] = true
		g.emit(jen.Id(name).Op(":=").Id(g.vars[r.Var].name))
	} else {
		name = g.materialize(e.A)
	}
	half := g.names.temp("half")
	v := &loop.Var{Name: half, Type: loop.Int, Lanes: 1}
	g.vars[v] = place{name: half}
	t := e.Type()
	body := g.inside(func() {
		g.overLanes(n/2, jen.Id(half), func(l lane) {
			i := g.eval(l.number(), lane{}).code
			k := kindOf(t)
			low := primary(k, jen.Id(name).Index(i))
			high := primary(k, jen.Id(name).Index(jen.Add(i).Op("+").Id(half)))
			g.assign(low.code, false, &loop.Binary{Op: e.Op, A: g.bind(low, t), B: g.bind(high, t)}, lane{})
		})
	})
	g.emit(jen.For(jen.Id(half).Op(":=").Id(intText(n/2)), jen.Id(half).Op(">").Id("0"), jen.Id(half).Op("/=").Id("2")).Block(body...))
	return primary(kindOf(t), jen.Id(name).Index(jen.Id("0")))
}
