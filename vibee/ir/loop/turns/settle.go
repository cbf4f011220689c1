package turns

import (
	"slices"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// settles reports whether a definition is of an integer that depends on parameters and others such alone.
func (j *joiner) settles(d *loop.Def) bool {
	return !d.Var.Mutable && d.Var.Type == loop.Int && d.Var.Lanes == 1 && j.known(d.Value)
}

// known reports whether an expression depends on parameters and what turns settle alone.
func (j *joiner) known(e loop.Expr) bool {
	ok := true
	loop.Walk(e, func(e loop.Expr) {
		switch e := e.(type) {
		case *loop.Ref:
			ok = ok && (!j.inner[e.Var] || j.settled[e.Var] != nil)
		case *loop.Load:
			ok = ok && j.constant(e.Buf)
		case *loop.Peek:
			ok = false
		}
	})
	return ok
}

// settle defines for a turn what it settles and is needed.
func (j *joiner) settle(t *turn, needed map[*loop.Var]bool) (defs []loop.Stmt) {
	var list []*loop.Def
	for _, d := range slices.Backward(j.order) {
		if needed[d.Var] {
			list = append(list, d)
			j.mention(t, needed, d.Value)
		}
	}
	for _, d := range slices.Backward(list) {
		v := j.fresh(d.Var)
		defs = append(defs, &loop.Def{Var: v, Value: j.of(t, d.Value)})
		t.vars[d.Var] = v
	}
	return defs
}

// needs are the variables that statements read in a turn.
func (j *joiner) needs(t *turn, body []loop.Stmt) map[*loop.Var]bool {
	out := map[*loop.Var]bool{}
	loop.WalkStmts(body, func(s loop.Stmt) {
		for _, e := range loop.Exprs(s) {
			j.mention(t, out, e)
		}
	})
	return out
}

// mention adds the variables of an expression, but for what the turn takes from another.
func (j *joiner) mention(t *turn, to map[*loop.Var]bool, e loop.Expr) {
	if j.taken(t, e) {
		return
	}
	if r, ok := e.(*loop.Ref); ok {
		to[r.Var] = true
	}
	for _, o := range loop.Operands(e) {
		j.mention(t, to, o)
	}
}
