package looptest

import "github.com/trinity-engine/trinity/vibee/ir/loop"

// Short names, so that the programs below can be read.

func ref(v *loop.Var) loop.Expr { return &loop.Ref{Var: v} }

func num(i int64) loop.Expr { return &loop.ConstInt{V: i} }

func f32(f float64) loop.Expr { return &loop.ConstFloat{T: loop.F32, V: float64(float32(f))} }

func f64(f float64) loop.Expr { return &loop.ConstFloat{T: loop.F64, V: f} }

func bin(op loop.Op, a, b loop.Expr) loop.Expr { return &loop.Binary{Op: op, A: a, B: b} }

func un(op loop.Op, a loop.Expr) loop.Expr { return &loop.Unary{Op: op, A: a} }

func add(a, b loop.Expr) loop.Expr { return bin(loop.Add, a, b) }

func mul(a, b loop.Expr) loop.Expr { return bin(loop.Mul, a, b) }

func div(a, b loop.Expr) loop.Expr { return bin(loop.Div, a, b) }

func splat(a loop.Expr, n int) loop.Expr {
	if n == 1 {
		return a
	}
	return &loop.Splat{A: a, N: n}
}

func conv(t loop.Type, a loop.Expr) loop.Expr { return &loop.Convert{To: t, A: a} }

func peek(m loop.Mem, v *loop.View, i loop.Expr) loop.Expr {
	return &loop.Peek{View: v, Mem: m, Index: i}
}

func load(b *loop.Buf, i loop.Expr) loop.Expr {
	return &loop.Load{Buf: b, Mem: b.Elem, Index: i}
}

func store(b *loop.Buf, i, v loop.Expr) loop.Stmt {
	return &loop.Store{Buf: b, Mem: b.Elem, Index: i, Value: v}
}

func storeWide(b *loop.Buf, i, stride, v loop.Expr) loop.Stmt {
	return &loop.Store{Buf: b, Mem: b.Elem, Index: i, Stride: stride, Value: v}
}

func def(v *loop.Var, e loop.Expr) loop.Stmt { return &loop.Def{Var: v, Value: e} }

func set(v *loop.Var, e loop.Expr) loop.Stmt { return &loop.Set{Var: v, Value: e} }

func intVar(name string) *loop.Var { return &loop.Var{Name: name, Type: loop.Int, Lanes: 1} }

func mutable(name string, t loop.Type, lanes int) *loop.Var {
	return &loop.Var{Name: name, Type: t, Lanes: lanes, Mutable: true}
}

func value(name string, t loop.Type, lanes int) *loop.Var {
	return &loop.Var{Name: name, Type: t, Lanes: lanes}
}

func loopTo(v *loop.Var, hi loop.Expr, body ...loop.Stmt) *loop.For {
	return &loop.For{Var: v, Lo: num(0), Hi: hi, Step: 1, Body: body}
}
