package golang

import (
	"github.com/dave/jennifer/jen"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// lanesOf is the number of lanes that s writes, 1 for what is no plain statement.
func lanesOf(s loop.Stmt) int {
	switch s := s.(type) {
	case *loop.Def:
		return s.Var.Lanes
	case *loop.Set:
		return s.Var.Lanes
	case *loop.Open:
		return s.View.Lanes
	case *loop.Store:
		return s.Value.Lanes()
	}
	return 1
}

// fusable gives the longest run of statements at the start of body that one loop over lanes
// can do: each lane passes through all of them before the next lane starts.
func (g *gen) fusable(body []loop.Stmt) []loop.Stmt {
	n := 1
	if len(body) > 0 {
		n = lanesOf(body[0])
	}
	if n <= scalarLanes {
		return nil
	}
	assigned, stored := map[*loop.Var]bool{}, map[*loop.Buf]bool{}
	loaded := map[*loop.Buf]bool{}
	for i, s := range body {
		if lanesOf(s) != n || i > 0 && !g.joins(s, assigned, stored, loaded) {
			return body[:i]
		}
		for _, e := range loop.Exprs(s) {
			loop.Walk(e, func(e loop.Expr) {
				switch e := e.(type) {
				case *loop.Load:
					loaded[e.Buf] = true
				case *loop.Peek:
					loaded[e.View.Buf] = true
				}
			})
		}
		switch s := s.(type) {
		case *loop.Def:
			assigned[s.Var] = true
		case *loop.Set:
			assigned[s.Var] = true
		case *loop.Store:
			stored[s.Buf] = true
			if g.overlaps(s, s.Value) || g.overlaps(s, s.Index) {
				return body[:i+1]
			}
		}
	}
	return body
}

// joins reports whether s may run lane by lane with the statements before it: what its
// lanes have in common must not depend on them, and no lane may touch another's memory.
func (g *gen) joins(s loop.Stmt, assigned map[*loop.Var]bool, stored, loaded map[*loop.Buf]bool) bool {
	if st, ok := s.(*loop.Store); ok && (loaded[st.Buf] || stored[st.Buf] || g.overlaps(st, st.Value) || g.overlaps(st, st.Index)) {
		return false
	}
	ok := true
	for _, e := range loop.Exprs(s) {
		loop.Walk(e, func(e loop.Expr) {
			switch e := e.(type) {
			case *loop.Load:
				ok = ok && !stored[e.Buf]
			case *loop.Peek:
				ok = ok && !stored[e.View.Buf]
			case *loop.Reduce:
				loop.Walk(e, func(e loop.Expr) {
					if r, is := e.(*loop.Ref); is && assigned[r.Var] {
						ok = false
					}
				})
			}
		})
	}
	return ok
}

// fused emits a run of wide statements as one loop. Variables that nothing outside reads stay
// scalars inside it.
func (g *gen) fused(group []loop.Stmt) {
	g.forget()
	n := lanesOf(group[0])
	inside := map[*loop.Var]int{}
	for _, s := range group {
		for _, e := range loop.Exprs(s) {
			countReads(e, inside)
		}
	}
	type step struct {
		emit func(lane)
	}
	var steps []step
	var over *jen.Statement
	array := func(name string, elem *jen.Statement) {
		g.emit(jen.Var().Id(name).Index(jen.Id(intText(n))).Add(elem))
		if over == nil {
			over = jen.Id(name)
		}
	}
	for _, s := range group {
		switch s := s.(type) {
		case *loop.Def:
			v, e := s.Var, g.fold(s.Value)
			g.share(e)
			if inside[v] == g.reads[v] && !(v.Mutable && g.setOutside(v, group)) {
				steps = append(steps, step{func(l lane) {
					name := g.names.fresh(camel(v.Name))
					g.assign(jen.Id(name), true, e, l)
					g.vars[v] = place{name: name}
				}})
				continue
			}
			name := g.names.fresh(camel(v.Name))
			array(name, jen.Id(kindNames[kindOf(v.Type)]))
			g.vars[v] = place{name: name, array: true}
			if zero(e) {
				continue
			}
			steps = append(steps, step{func(l lane) {
				g.assign(jen.Id(name).Index(g.eval(l.number(), lane{}).code), false, e, l)
			}})
		case *loop.Set:
			v, e := s.Var, g.fold(s.Value)
			g.share(e)
			if p := g.vars[v]; p.array && over == nil {
				over = jen.Id(p.name)
			}
			steps = append(steps, step{func(l lane) {
				g.assign(g.target(v, l), false, e, l, v)
			}})
		case *loop.Open:
			steps = append(steps, step{g.openArray(s.View, n, array)})
		case *loop.Store:
			steps = append(steps, step{g.storeLanes(s, n)})
		}
	}
	if len(steps) == 0 {
		return
	}
	g.overLanes(n, over, func(l lane) {
		for _, s := range steps {
			s.emit(l)
		}
	})
}

// setOutside reports whether v is changed by statements other than those of group.
func (g *gen) setOutside(v *loop.Var, group []loop.Stmt) bool {
	n := 0
	for _, s := range group {
		if s, ok := s.(*loop.Set); ok && s.Var == v {
			n++
		}
	}
	return n != g.sets[v]
}

// openArray prepares an array of windows and gives the step that opens one.
func (g *gen) openArray(v *loop.View, n int, array func(string, *jen.Statement)) func(lane) {
	index, stride := g.fold(v.Index), g.fold(v.Stride)
	index, stride = g.lanesAt(index, stride, v.Name)
	name := g.names.fresh(camel(v.Name))
	array(name, jen.Op("*").Index(jen.Id(intText(v.Size))).Id(elemName(v.Buf)))
	g.views[v] = place{name: name, array: true}
	return func(l lane) {
		i := g.eval(l.number(), lane{})
		at := g.eval(g.laneIndex(index, stride, l), lane{})
		g.emit(jen.Id(name).Index(i.code).Op("=").Add(g.window(v.Buf, at, v.Size)))
	}
}

// storeLanes prepares a wide store and gives the step that stores one lane.
func (g *gen) storeLanes(s *loop.Store, n int) func(lane) {
	index, v := g.fold(s.Index), g.fold(s.Value)
	g.share(v)
	if g.overlaps(s, v) || g.overlaps(s, index) {
		name := g.materialize(v)
		bound := &loop.Var{Name: name, Type: v.Type(), Lanes: n}
		g.vars[bound] = place{name: name, array: true}
		v = &loop.Ref{Var: bound}
		if s.Stride == nil {
			at := &loop.Var{Name: g.materialize(index), Type: loop.Int, Lanes: n}
			g.vars[at] = place{name: at.Name, array: true}
			index = &loop.Ref{Var: at}
		}
	}
	g.share(index)
	write := g.storeWindow(s, index)
	return func(l lane) { g.emit(write(l, g.eval(v, l))) }
}

// target is lane l of v as the left side of an assignment, which is no use of it.
func (g *gen) target(v *loop.Var, l lane) *jen.Statement {
	was := g.usedVars[v]
	code := g.evalRef(v, l).code
	g.usedVars[v] = was
	return code
}
