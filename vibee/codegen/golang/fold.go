package golang

import (
	"math"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/loop/ranges"
)

// fold simplifies e without changing its value: known variables become constants, integer
// constants are gathered at the end of a sum, neutral operands go. Floats are only
// touched where both operands are constants, in their own precision.
func (g *gen) fold(e loop.Expr) loop.Expr {
	if r, ok := e.(*loop.Ref); ok {
		if v, ok := g.known[r.Var]; ok {
			return &loop.ConstInt{V: v}
		}
		if v, ok := g.inlined[r.Var]; ok {
			return v
		}
		if v, ok := g.newVars[r.Var]; ok {
			return &loop.Ref{Var: v}
		}
		return e
	}
	e = loop.Rebuild(e, g.fold)
	switch e := e.(type) {
	case *loop.Peek:
		if v, ok := g.newViews[e.View]; ok {
			return &loop.Peek{View: v, Mem: e.Mem, Index: e.Index}
		}
	case *loop.Unary:
		return foldUnary(e)
	case *loop.Reduce:
		return g.foldReduce(e)
	case *loop.Binary:
		return g.foldBinary(e)
	case *loop.Splat:
		if e.N == 1 {
			return e.A
		}
	case *loop.Convert:
		if e.To == e.A.Type() {
			return e.A
		}
		if c, ok := constInt(e.A); ok && e.To == loop.F32 {
			return widen(&loop.ConstFloat{T: loop.F32, V: float64(float32(c))}, e.Lanes())
		} else if ok && e.To == loop.F64 {
			return widen(&loop.ConstFloat{T: loop.F64, V: float64(c)}, e.Lanes())
		}
		return foldConvert(e)
	case *loop.Wrap:
		if s := ranges.OfMem(e.Mem); g.ranges.Int(e.A).Within(s.Lo, s.Hi) && e.Mem != loop.MemI64 {
			return e.A
		}
		if e.Mem == loop.MemI64 {
			return e.A
		}
	case *loop.Select:
		if v, ok := constBool(e.Cond); ok && v {
			return e.A
		} else if ok {
			return e.B
		}
		if equal(e.A, e.B) {
			return e.A
		}
	}
	return e
}

// widen repeats a one-lane constant where its expression had lanes.
func widen(e loop.Expr, lanes int) loop.Expr {
	if lanes == 1 {
		return e
	}
	return &loop.Splat{A: e, N: lanes}
}

// scalar strips the Splat of e.
func scalar(e loop.Expr) loop.Expr {
	if s, ok := e.(*loop.Splat); ok {
		return scalar(s.A)
	}
	return e
}

func constInt(e loop.Expr) (int64, bool) {
	c, ok := scalar(e).(*loop.ConstInt)
	if !ok {
		return 0, false
	}
	return c.V, true
}

func constFloat(e loop.Expr) (float64, bool) {
	c, ok := scalar(e).(*loop.ConstFloat)
	if !ok {
		return 0, false
	}
	return c.V, true
}

func foldUnary(e *loop.Unary) loop.Expr {
	n := e.Lanes()
	if c, ok := constInt(e.A); ok && e.Op == loop.Neg {
		return widen(&loop.ConstInt{V: -c}, n)
	} else if ok && e.Op == loop.Abs {
		return widen(&loop.ConstInt{V: max(c, -c)}, n)
	}
	if c, ok := constFloat(e.A); ok && e.Op == loop.Neg {
		return widen(&loop.ConstFloat{T: e.Type(), V: -c}, n)
	} else if ok && e.Op == loop.Abs {
		return widen(&loop.ConstFloat{T: e.Type(), V: math.Abs(c)}, n)
	}
	return e
}

// foldReduce folds what holds constants and Iota alone.
func (g *gen) foldReduce(e *loop.Reduce) loop.Expr {
	constant := true
	loop.Walk(e.A, func(e loop.Expr) {
		switch e.(type) {
		case *loop.Ref, *loop.Load, *loop.Peek:
			constant = false
		}
	})
	if !constant {
		return e
	}
	lanes := make([]loop.Expr, e.A.Lanes())
	for k := range lanes {
		lanes[k] = scalar(g.special(e.A, lane{k: k}))
		switch lanes[k].(type) {
		case *loop.ConstInt, *loop.ConstFloat:
		default:
			return e
		}
	}
	for half := len(lanes) / 2; half > 0; half /= 2 {
		for k := range half {
			lanes[k] = g.fold(&loop.Binary{Op: e.Op, A: lanes[k], B: lanes[k+half]})
		}
	}
	return lanes[0]
}

// foldConvert converts a float constant: Go refuses to do it where digits are lost.
func foldConvert(e *loop.Convert) loop.Expr {
	c, ok := constFloat(e.A)
	switch {
	case !ok:
		return e
	case e.To == loop.Int:
		return widen(&loop.ConstInt{V: int64(c)}, e.Lanes())
	case e.To == loop.F32:
		c = float64(float32(c))
	}
	return widen(&loop.ConstFloat{T: e.To, V: c}, e.Lanes())
}

func (g *gen) foldBinary(e *loop.Binary) loop.Expr {
	t := e.A.Type()
	if t.Float() {
		return foldFloat(e, t)
	}
	if (e.Op == loop.And || e.Op == loop.Or) && equal(e.A, e.B) {
		return e.A
	}
	if t != loop.Int || e.Op.Compare() {
		return e
	}
	n := e.Lanes()
	x, okx := constInt(e.A)
	y, oky := constInt(e.B)
	if okx && oky {
		if v, ok := evalInt(e.Op, x, y); ok {
			return widen(&loop.ConstInt{V: v}, n)
		}
		return e
	}
	switch e.Op {
	case loop.Add, loop.Sub:
		return foldSum(e)
	case loop.Mul:
		if okx { // constants last
			return g.foldBinary(&loop.Binary{Op: loop.Mul, A: e.B, B: e.A})
		}
		if oky && y == 1 {
			return e.A
		}
		if oky && y == 0 {
			return e.B
		}
		if a, ok := e.A.(*loop.Binary); ok && oky && a.Op == loop.Mul {
			if z, ok := constInt(a.B); ok {
				return g.foldBinary(&loop.Binary{Op: loop.Mul, A: a.A, B: widen(&loop.ConstInt{V: y * z}, n)})
			}
		}
	case loop.Div:
		if oky && y == 1 {
			return e.A
		}
		if s := g.ranges.Int(e); s.Known() && s.Lo == s.Hi {
			return widen(&loop.ConstInt{V: s.Lo}, n)
		}
	case loop.Mod:
		s := g.ranges.Int(e.A)
		if oky && y > 0 && s.Known() && s.Lo >= 0 && s.Lo/y == s.Hi/y { // all in one period
			return foldSum(&loop.Binary{Op: loop.Sub, A: e.A, B: widen(&loop.ConstInt{V: s.Lo / y * y}, n)})
		}
	case loop.And:
		if okx {
			return g.foldBinary(&loop.Binary{Op: loop.And, A: e.B, B: e.A})
		}
		if oky && y == 0 {
			return e.B
		}
		if s := g.ranges.Int(e.A); oky && s.Lo >= 0 && s.Known() && y > 0 && y&(y+1) == 0 && s.Hi <= y {
			return e.A
		}
	case loop.Or, loop.Xor:
		if oky && y == 0 {
			return e.A
		}
		if okx && x == 0 {
			return e.B
		}
	case loop.Shl, loop.Shr:
		if oky && y == 0 || okx && x == 0 {
			return e.A
		}
	}
	return e
}

// foldFloat computes + - * / of two constants as the target would: Go itself would
// keep more digits.
func foldFloat(e *loop.Binary, t loop.Type) loop.Expr {
	x, okx := constFloat(e.A)
	y, oky := constFloat(e.B)
	if !okx || !oky {
		return e
	}
	v := 0.0
	switch e.Op { // in f64, then rounded: for these of two f32 the same as in f32
	case loop.Add:
		v = x + y
	case loop.Sub:
		v = x - y
	case loop.Mul:
		v = x * y
	case loop.Div:
		v = x / y
	case loop.Min:
		if v = y; x < y {
			v = x
		}
	case loop.Max:
		if v = y; x > y {
			v = x
		}
	default:
		return e
	}
	if t == loop.F32 {
		v = float64(float32(v))
	}
	return widen(&loop.ConstFloat{T: t, V: v}, e.Lanes())
}
