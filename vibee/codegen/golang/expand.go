package golang

import (
	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/loop/ranges"
)

// expand simplifies a body before anything is emitted: it repeats the bodies of unrolled loops, with
// variables of their own, folds expressions, and takes the known branches. So what is
// left unused by that can be pruned.
func (g *gen) expand(body []loop.Stmt) []loop.Stmt {
	var out []loop.Stmt
	for _, s := range body {
		out = append(out, g.expandOne(s)...)
	}
	return out
}

func (g *gen) expandOne(s loop.Stmt) []loop.Stmt {
	switch s := s.(type) {
	case *loop.For:
		return g.expandLoop(s)
	case *loop.If:
		cond := g.fold(s.Cond)
		if v, ok := constBool(cond); ok && v {
			return g.expand(s.Then)
		} else if ok {
			return g.expand(s.Else)
		}
		return []loop.Stmt{&loop.If{Cond: cond, Then: g.expand(s.Then), Else: g.expand(s.Else)}}
	case *loop.Def:
		e := g.fold(s.Value)
		if c, ok := e.(*loop.ConstInt); ok && !s.Var.Mutable {
			g.known[s.Var] = c.V
			return nil
		}
		delete(g.known, s.Var) // of the repetition before
		if !s.Var.Mutable && s.Var.Lanes > scalarLanes && bytesAlone(e) {
			g.inlined[s.Var] = e
			return nil
		}
		v := g.declare(s.Var)
		if v.Type == loop.Int && !v.Mutable {
			g.ranges.Set(v, g.ranges.Int(e))
		}
		return []loop.Stmt{&loop.Def{Var: v, Value: e}}
	case *loop.Set:
		v, e := g.renamed(s.Var), g.fold(s.Value)
		if r, ok := e.(*loop.Ref); ok && r.Var == v {
			return nil
		}
		return []loop.Stmt{&loop.Set{Var: v, Value: e}}
	case *loop.Open:
		v := *s.View
		v.Index = g.fold(v.Index)
		if v.Stride != nil {
			v.Stride = g.fold(v.Stride)
		}
		g.newViews[s.View] = &v
		return []loop.Stmt{&loop.Open{View: &v}}
	case *loop.Prefetch: // Go has no word for it
		return nil
	case *loop.Store:
		st := *s
		st.Index, st.Value = g.fold(s.Index), g.fold(s.Value)
		if s.Stride != nil {
			st.Stride = g.fold(s.Stride)
		}
		return []loop.Stmt{&st}
	}
	return []loop.Stmt{s}
}

// declare gives the variable that stands for v from now on: a new one in each repetition.
func (g *gen) declare(v *loop.Var) *loop.Var {
	if !g.repeating {
		return v
	}
	n := *v
	g.newVars[v] = &n
	return &n
}

func (g *gen) renamed(v *loop.Var) *loop.Var {
	if n, ok := g.newVars[v]; ok {
		return n
	}
	return v
}

func (g *gen) expandLoop(s *loop.For) []loop.Stmt {
	f := *s
	f.Lo, f.Hi = g.fold(s.Lo), g.fold(s.Hi)
	first, okLo := constInt(f.Lo)
	last, okHi := constInt(f.Hi)
	more := func(v int64) bool { return v < last }
	if s.Whole {
		more = func(v int64) bool { return v+s.Step <= last }
	}
	if okLo && okHi && (s.Unroll || !more(first)) {
		var out []loop.Stmt
		outer := g.repeating
		g.repeating = true
		v := first
		for ; more(v); v += s.Step {
			g.known[s.Var] = v
			out = append(out, g.expand(s.Body)...)
		}
		g.repeating = outer
		delete(g.known, s.Var)
		if s.Rest != nil {
			g.known[s.Rest] = v
		}
		return out
	}
	f.Var = g.declare(s.Var)
	g.ranges.Set(f.Var, g.counterRange(f.Lo, f.Hi))
	if s.Rest != nil {
		delete(g.known, s.Rest)
		f.Rest = g.declare(s.Rest)
		g.ranges.Set(f.Rest, g.restRange(f.Lo))
	}
	f.Body = g.expand(s.Body)
	return []loop.Stmt{&f}
}

// counterRange bounds the values of a loop's counter.
func (g *gen) counterRange(lo, hi loop.Expr) ranges.Int {
	from, to := g.ranges.Int(lo), g.ranges.Int(hi)
	if !from.Known() {
		return ranges.Unknown
	}
	if to.Known() && to.Hi > from.Lo {
		return ranges.Int{Lo: from.Lo, Hi: to.Hi - 1}
	}
	return ranges.Int{Lo: from.Lo, Hi: ranges.Natural.Hi}
}

// restRange bounds the first value that a loop from lo does not do.
func (g *gen) restRange(lo loop.Expr) ranges.Int {
	if from := g.ranges.Int(lo); from.Known() {
		return ranges.Int{Lo: from.Lo, Hi: ranges.Natural.Hi}
	}
	return ranges.Unknown
}

// bytesAlone reports whether e is bytes of an input, shifted, masked and moved by constants, or what a table has
// for them: less work to do again than to keep in an array.
func bytesAlone(e loop.Expr) bool {
	switch e := e.(type) {
	case *loop.Load:
		if e.Buf.Role == loop.Table && e.Stride == nil {
			return e.Mem.Type() == loop.Int && bytesAlone(e.Index)
		}
		return e.Buf.Role == loop.In && e.Stride != nil && e.Mem.Bytes() == 1
	case *loop.Binary:
		switch e.Op {
		case loop.Add, loop.Sub, loop.And, loop.Or, loop.Xor, loop.Shl, loop.Shr:
			return (bytesAlone(e.A) || isConst(e.A)) && (bytesAlone(e.B) || isConst(e.B))
		}
	}
	return false
}

func isConst(e loop.Expr) bool {
	_, ok := constInt(e)
	return ok
}
