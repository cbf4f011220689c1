package turns

import "github.com/trinity-engine/trinity/vibee/ir/loop"

// divide takes apart what a turn settles, and its parts: each loop that shares no register with what stands around it is
// one, and so is what stands between two such loops.
func (j *joiner) divide() {
	var rest []loop.Stmt
	for _, s := range j.loop.Body {
		if d, ok := s.(*loop.Def); ok && j.settles(d) {
			j.settled[d.Var] = d
			j.order = append(j.order, d)
			continue
		}
		rest = append(rest, s)
	}
	open := false
	for i, bound := range bindings(rest) {
		_, isLoop := rest[i].(*loop.For)
		alone := isLoop && !bound
		if !open || alone {
			j.parts = append(j.parts, nil)
		}
		last := &j.parts[len(j.parts)-1]
		*last = append(*last, rest[i])
		open = !alone
	}
}

// definitions are the variables that a body declares.
func definitions(body []loop.Stmt) map[*loop.Var]bool {
	out := map[*loop.Var]bool{}
	loop.WalkStmts(body, func(s loop.Stmt) {
		switch s := s.(type) {
		case *loop.Def:
			out[s.Var] = true
		case *loop.For:
			out[s.Var] = true
			if s.Rest != nil {
				out[s.Rest] = true
			}
		}
	})
	return out
}

// bindings tells of each statement of a block whether a register that one of them declares is live in it and in another.
func bindings(body []loop.Stmt) []bool {
	declared, used := map[any]int{}, map[any]int{}
	for i, s := range body {
		switch s := s.(type) {
		case *loop.Def:
			declared[s.Var] = i
		case *loop.Open:
			declared[s.View] = i
		case *loop.For:
			declared[s.Rest] = i
		}
		loop.WalkStmts(body[i:i+1], func(s loop.Stmt) {
			if s, ok := s.(*loop.Set); ok {
				used[s.Var] = i
			}
			for _, e := range loop.Exprs(s) {
				loop.Walk(e, func(e loop.Expr) {
					switch e := e.(type) {
					case *loop.Ref:
						used[e.Var] = i
					case *loop.Peek:
						used[e.View] = i
					}
				})
			}
		})
	}
	out := make([]bool, len(body))
	for r, from := range declared {
		for i := from; i <= used[r] && used[r] > from; i++ {
			out[i] = true
		}
	}
	return out
}
