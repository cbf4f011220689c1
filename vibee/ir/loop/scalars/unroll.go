package scalars

import "github.com/trinity-engine/trinity/vibee/ir/loop"

// most is how many turns of a loop are written out.
const most = 8

// unroller writes out the loops of known bounds in which some scratch memory is used.
type unroller struct {
	temps  map[*loop.Buf]bool
	name   func(string) string     // makes a name that is not taken
	as     map[*loop.Var]loop.Expr // what stands for a variable in the turn at hand
	copies int                     // turns that are being written out
	failed bool                    // there is a statement that can't be repeated
}

func (u *unroller) block(body []loop.Stmt) (out []loop.Stmt) {
	for _, s := range body {
		switch s := s.(type) {
		case *loop.For:
			out = append(out, u.loop(s)...)
			continue
		case *loop.Def, *loop.Set, *loop.Store, *loop.If, *loop.Prefetch, *loop.Note:
		default:
			u.failed = u.failed || u.copies > 0
		}
		s = loop.RebuildStmt(s, u.expr, u.block)
		if d, ok := s.(*loop.Def); ok {
			s = &loop.Def{Var: u.own(d.Var), Value: d.Value}
		}
		if t, ok := s.(*loop.Set); ok {
			s = &loop.Set{Var: u.now(t.Var), Value: t.Value}
		}
		out = append(out, s)
	}
	return out
}

// own is a variable that the turn at hand declares.
func (u *unroller) own(v *loop.Var) *loop.Var {
	if v == nil || u.copies == 0 {
		return v
	}
	c := *v
	c.Name = u.name(v.Name)
	u.as[v] = &loop.Ref{Var: &c}
	return &c
}

// now is what a variable is in the turn at hand.
func (u *unroller) now(v *loop.Var) *loop.Var {
	if r, ok := u.as[v].(*loop.Ref); ok {
		return r.Var
	}
	return v
}

func (u *unroller) loop(s *loop.For) []loop.Stmt {
	lo, hi := u.expr(s.Lo), u.expr(s.Hi)
	first, okLo := lo.(*loop.ConstInt)
	end, okHi := hi.(*loop.ConstInt)
	if !okLo || !okHi || end.V-first.V > most*s.Step || !u.uses(s.Body) {
		f := *s
		f.Lo, f.Hi = lo, hi
		f.Var = u.own(s.Var)
		f.Body = u.block(s.Body)
		f.Rest = u.own(s.Rest)
		return []loop.Stmt{&f}
	}
	var out []loop.Stmt
	i := first.V
	u.copies++
	for ; i < end.V && (!s.Whole || i+s.Step <= end.V); i += s.Step {
		u.as[s.Var] = &loop.ConstInt{V: i}
		out = append(out, u.block(s.Body)...)
	}
	u.copies--
	if s.Rest != nil {
		u.as[s.Rest] = &loop.ConstInt{V: i}
	}
	return out
}

// uses reports whether a body reads or writes the scratch memory.
func (u *unroller) uses(body []loop.Stmt) bool {
	found := false
	loop.WalkStmts(body, func(s loop.Stmt) {
		if s, ok := s.(*loop.Store); ok && u.temps[s.Buf] {
			found = true
		}
		for _, e := range loop.Exprs(s) {
			loop.Walk(e, func(e loop.Expr) {
				if l, ok := e.(*loop.Load); ok && u.temps[l.Buf] {
					found = true
				}
			})
		}
	})
	return found
}

// expr is e in the turn at hand; sums and products of constants are constants.
func (u *unroller) expr(e loop.Expr) loop.Expr {
	if r, ok := e.(*loop.Ref); ok {
		if as := u.as[r.Var]; as != nil {
			return as
		}
		return e
	}
	e = loop.Rebuild(e, u.expr)
	b, ok := e.(*loop.Binary)
	if !ok {
		return e
	}
	x, okX := b.A.(*loop.ConstInt)
	y, okY := b.B.(*loop.ConstInt)
	switch {
	case !okX || !okY:
		return e
	case b.Op == loop.Add:
		return &loop.ConstInt{V: x.V + y.V}
	case b.Op == loop.Sub:
		return &loop.ConstInt{V: x.V - y.V}
	case b.Op == loop.Mul:
		return &loop.ConstInt{V: x.V * y.V}
	}
	return e
}
