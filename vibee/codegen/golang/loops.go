package golang

import (
	"github.com/dave/jennifer/jen"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

func (g *gen) loop(s *loop.For) {
	lo, hi := g.fold(s.Lo), g.fold(s.Hi)
	first, okLo := constInt(lo)
	g.ranges.Set(s.Var, g.counterRange(lo, hi))
	if r, ok := lo.(*loop.Ref); ok && s.Rest == nil && g.rests[r.Var] && g.reads[r.Var] == 1 {
		g.usedVars[r.Var] = true
		g.count(s, nil, g.vars[r.Var].name, g.end(hi)) // goes on with the counter of the loop before
		return
	}
	if s.Rest != nil {
		name := ""
		if r, ok := lo.(*loop.Ref); ok && g.rests[r.Var] && g.reads[r.Var] == 1 {
			g.usedVars[r.Var] = true
			name = g.vars[r.Var].name
		} else {
			name = g.names.fresh(camel(s.Var.Name))
			g.emit(jen.Id(name).Op(":=").Add(g.eval(lo, lane{}).to(kInt).code))
		}
		g.vars[s.Rest] = place{name: name}
		g.rests[s.Rest] = true
		g.ranges.Set(s.Rest, g.restRange(lo))
		g.count(s, nil, name, g.end(hi))
		return
	}
	if s.Step == 1 && okLo && first == 0 {
		g.rangeOver(s, hi)
		return
	}
	end := g.end(hi)
	from0 := g.eval(lo, lane{}).to(kInt)
	name := g.names.inner().fresh(camel(s.Var.Name))
	g.count(s, jen.Id(name).Op(":=").Add(from0.code), name, end)
}

// end is the loop's bound, which is evaluated once.
func (g *gen) end(hi loop.Expr) loop.Expr {
	if r, ok := hi.(*loop.Ref); ok && r.Var.Mutable || !ok && !cheap(hi) {
		return g.hoist(hi, "end")
	}
	return hi
}

// rangeOver emits `for v := range hi`.
func (g *gen) rangeOver(s *loop.For, hi loop.Expr) {
	n := g.eval(hi, lane{}).to(kInt)
	g.depth++
	var head *jen.Statement
	body := g.inside(func() {
		if g.reads[s.Var] == 0 {
			head = jen.Range().Add(n.code)
		} else {
			name := g.names.fresh(camel(s.Var.Name))
			g.vars[s.Var] = place{name: name}
			head = jen.Id(name).Op(":=").Range().Add(n.code)
		}
		g.stmts(s.Body)
	})
	g.depth--
	g.emit(jen.For(head).Block(body...))
}

// count emits the loop with three clauses.
func (g *gen) count(s *loop.For, init jen.Code, name string, hi loop.Expr) {
	g.depth++
	g.vars[s.Var] = place{name: name}
	end := g.eval(hi, lane{}).to(kInt)
	cond := jen.Id(name).Op("<").Add(end.code)
	if s.Whole && s.Step > 1 {
		cond = jen.Id(name).Op("+").Id(intText(int(s.Step))).Op("<=").Add(end.code)
	}
	step := jen.Id(name).Op("++")
	if s.Step > 1 {
		step = jen.Id(name).Op("+=").Id(intText(int(s.Step)))
	}
	if init == nil {
		init = jen.Empty()
	}
	body := g.inside(func() {
		g.names.taken[name] = true
		g.stmts(s.Body)
	})
	g.depth--
	g.emit(jen.For(init, cond, step).Block(body...))
}
