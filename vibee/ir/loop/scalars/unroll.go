package scalars

import (
	"fmt"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// most is how many turns of a loop are written out.
const most = 8

// unroller writes out the loops of known bounds in which some scratch memory is used.
type unroller struct {
	temps  map[*loop.Buf]bool
	names  map[string]bool
	as     map[*loop.Var]loop.Expr // what stands for a variable in the turn at hand
	copies int                     // turns that are being written out
	failed bool                    // there is a statement that can't be repeated
}

// names are those of all variables and buffers of a program.
func names(p *loop.Program) map[string]bool {
	out := map[string]bool{}
	for _, list := range [][]*loop.Buf{p.Bufs, p.Temps, p.Tables} {
		for _, b := range list {
			out[b.Name] = true
		}
	}
	for _, v := range append(append([]*loop.Var{p.Lo, p.Hi}, p.Dims...), p.Scalars...) {
		out[v.Name] = true
	}
	loop.WalkStmts(p.Body, func(s loop.Stmt) {
		switch s := s.(type) {
		case *loop.Def:
			out[s.Var.Name] = true
		case *loop.For:
			out[s.Var.Name] = true
			if s.Rest != nil {
				out[s.Rest.Name] = true
			}
		case *loop.Open:
			out[s.View.Name] = true
		}
	})
	return out
}

// name makes one that no other thing of the program has.
func (u *unroller) name(like string) string {
	out := like
	for n := 2; u.names[out]; n++ {
		out = fmt.Sprintf("%s%d", like, n)
	}
	u.names[out] = true
	return out
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
		s = rebuild(s, u.expr, u.block)
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

// rebuild is a statement with its expressions and bodies changed; a view stays, which others point to.
func rebuild(s loop.Stmt, expr func(loop.Expr) loop.Expr, block func([]loop.Stmt) []loop.Stmt) loop.Stmt {
	maybe := func(e loop.Expr) loop.Expr {
		if e == nil {
			return nil
		}
		return expr(e)
	}
	switch s := s.(type) {
	case *loop.Def:
		return &loop.Def{Var: s.Var, Value: expr(s.Value)}
	case *loop.Set:
		return &loop.Set{Var: s.Var, Value: expr(s.Value)}
	case *loop.Store:
		c := *s
		c.Index, c.Stride, c.Value = expr(s.Index), maybe(s.Stride), expr(s.Value)
		return &c
	case *loop.Prefetch:
		c := *s
		c.Index, c.Stride = expr(s.Index), maybe(s.Stride)
		return &c
	case *loop.If:
		return &loop.If{Cond: expr(s.Cond), Then: block(s.Then), Else: block(s.Else)}
	case *loop.For:
		c := *s
		c.Lo, c.Hi, c.Body = expr(s.Lo), expr(s.Hi), block(s.Body)
		return &c
	}
	return s
}
