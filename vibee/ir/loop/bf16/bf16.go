package bf16

import "github.com/trinity-engine/trinity/vibee/ir/loop"

// Expand gives a program without loop.Pairs.
func Expand(p *loop.Program) *loop.Program {
	x := &expander{opened: map[*loop.Var]*halves{}, views: map[*loop.View]*loop.View{}}
	loop.WalkStmts(p.Body, func(s loop.Stmt) {
		for _, e := range loop.Exprs(s) {
			loop.Walk(e, x.look)
		}
	})
	if !x.found {
		return p
	}
	out := *p
	out.Body = x.block(p.Body)
	return &out
}

type expander struct {
	found  bool
	opened map[*loop.Var]*halves // of the variables whose words are multiplied
	views  map[*loop.View]*loop.View
}

// halves are the two bf16s in each lane of a variable.
type halves struct{ low, high *loop.Var }

// look notes the variables that e multiplies.
func (x *expander) look(e loop.Expr) {
	p, ok := e.(*loop.Pairs)
	if !ok {
		return
	}
	x.found = true
	for _, word := range []loop.Expr{p.A, p.B} {
		if r, ok := word.(*loop.Ref); ok && !r.Var.Mutable {
			x.opened[r.Var] = nil
		}
	}
}

func (x *expander) block(body []loop.Stmt) (out []loop.Stmt) {
	for _, s := range body {
		switch s := s.(type) {
		case *loop.Tiled:
			out = append(out, &loop.Tiled{Tiles: s.Tiles, Body: x.block(s.Body)})
		case *loop.Open:
			out = append(out, &loop.Open{View: x.view(s.View)})
		case *loop.Def:
			out = append(out, loop.RebuildStmt(s, x.expr, x.block))
			out = append(out, x.open(s.Var)...)
		default:
			out = append(out, loop.RebuildStmt(s, x.expr, x.block))
		}
	}
	return out
}

// open defines what the words of a variable hold, if that is asked for.
func (x *expander) open(v *loop.Var) []loop.Stmt {
	if _, asked := x.opened[v]; !asked {
		return nil
	}
	word := &loop.Ref{Var: v}
	h := &halves{&loop.Var{Name: v.Name + "_low", Type: loop.F32, Lanes: v.Lanes}, &loop.Var{Name: v.Name + "_high", Type: loop.F32, Lanes: v.Lanes}}
	x.opened[v] = h
	return []loop.Stmt{&loop.Def{Var: h.low, Value: low(word)}, &loop.Def{Var: h.high, Value: high(word)}}
}

// view is v where its place holds pairs; others point to what it was.
func (x *expander) view(v *loop.View) *loop.View {
	n := *v
	n.Index = x.expr(v.Index)
	if v.Stride != nil {
		n.Stride = x.expr(v.Stride)
	}
	x.views[v] = &n
	return &n
}

func (x *expander) expr(e loop.Expr) loop.Expr {
	switch e := e.(type) {
	case *loop.Peek:
		return &loop.Peek{View: x.views[e.View], Mem: e.Mem, Index: x.expr(e.Index)}
	case *loop.Pairs:
		aLow, aHigh := x.parts(e.A)
		bLow, bHigh := x.parts(e.B)
		return add(add(x.expr(e.Sum), mul(aHigh, bHigh)), mul(aLow, bLow))
	}
	return loop.Rebuild(e, x.expr)
}

// parts are the two bf16s in each lane of a word.
func (x *expander) parts(word loop.Expr) (lower, upper loop.Expr) {
	if r, ok := word.(*loop.Ref); ok {
		if h := x.opened[r.Var]; h != nil {
			return &loop.Ref{Var: h.low}, &loop.Ref{Var: h.high}
		}
	}
	word = x.expr(word)
	return low(word), high(word)
}

// low is the bf16 in the low half of each lane, high that in the half above.
func low(word loop.Expr) loop.Expr {
	return &loop.Bits{To: loop.F32, A: &loop.Binary{Op: loop.Shl, A: word, B: spread(16, word.Lanes())}}
}

func high(word loop.Expr) loop.Expr {
	return &loop.Bits{To: loop.F32, A: &loop.Binary{Op: loop.And, A: word, B: spread(0xffff0000, word.Lanes())}}
}

func add(a, b loop.Expr) loop.Expr { return &loop.Binary{Op: loop.Add, A: a, B: b} }

func mul(a, b loop.Expr) loop.Expr { return &loop.Binary{Op: loop.Mul, A: a, B: b} }

func spread(v int64, n int) loop.Expr {
	if n == 1 {
		return &loop.ConstInt{V: v}
	}
	return &loop.Splat{A: &loop.ConstInt{V: v}, N: n}
}
