package golang

import "github.com/trinity-engine/trinity/vibee/ir/loop"

// countReads adds the reads of variables in e.
func countReads(e loop.Expr, reads map[*loop.Var]int) {
	loop.Walk(e, func(e loop.Expr) {
		if r, ok := e.(*loop.Ref); ok {
			reads[r.Var]++
		}
	})
}

// usage is what a body reads and changes.
type usage struct {
	reads, sets map[*loop.Var]int
	views       map[*loop.View]int
	bufs        map[*loop.Buf]bool
}

func use(body []loop.Stmt) usage {
	u := usage{map[*loop.Var]int{}, map[*loop.Var]int{}, map[*loop.View]int{}, map[*loop.Buf]bool{}}
	loop.WalkStmts(body, func(s loop.Stmt) {
		for _, e := range loop.Exprs(s) {
			countReads(e, u.reads)
			loop.Walk(e, func(e loop.Expr) {
				switch e := e.(type) {
				case *loop.Peek:
					u.views[e.View]++
				case *loop.Load:
					u.bufs[e.Buf] = true
				}
			})
		}
		switch s := s.(type) {
		case *loop.Set:
			u.sets[s.Var]++
		case *loop.Open:
			u.bufs[s.View.Buf] = true
		case *loop.Store:
			u.bufs[s.Buf] = true
		}
	})
	return u
}

// prune drops what Go refuses or nobody would write: variables and views that are never
// read, and statements left empty by that.
func prune(body []loop.Stmt) []loop.Stmt {
	for {
		u := use(body)
		next, changed := u.prune(body)
		if !changed {
			return next
		}
		body = next
	}
}

// without drops the variables and views that turned out unused when body was emitted.
func (g *gen) without(body []loop.Stmt) ([]loop.Stmt, bool) {
	u := use(body)
	for v := range u.reads {
		if !g.usedVars[v] {
			u.reads[v] = 0
		}
	}
	for v := range u.views {
		if !g.usedViews[v] {
			u.views[v] = 0
		}
	}
	return u.prune(body)
}

func (u usage) prune(body []loop.Stmt) (out []loop.Stmt, changed bool) {
	for _, s := range body {
		switch x := s.(type) {
		case *loop.Def:
			if u.reads[x.Var] == 0 {
				changed = true
				continue
			}
		case *loop.Set:
			if u.reads[x.Var] == 0 {
				changed = true
				continue
			}
		case *loop.Open:
			if u.views[x.View] == 0 {
				changed = true
				continue
			}
		case *loop.For:
			inner, c := u.prune(x.Body)
			f := *x
			f.Body = inner
			if f.Rest != nil && u.reads[f.Rest] == 0 {
				f.Rest, c = nil, true
			}
			changed = changed || c
			if len(inner) == 0 && f.Rest == nil {
				changed = true
				continue
			}
			s = &f
		case *loop.If:
			then, c1 := u.prune(x.Then)
			other, c2 := u.prune(x.Else)
			changed = changed || c1 || c2
			if len(then) == 0 && len(other) == 0 {
				changed = true
				continue
			}
			if len(then) == 0 {
				s = &loop.If{Cond: &loop.Unary{Op: loop.Not, A: x.Cond}, Then: other}
			} else {
				s = &loop.If{Cond: x.Cond, Then: then, Else: other}
			}
		}
		out = append(out, s)
	}
	return out, changed
}
