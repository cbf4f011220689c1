package looptest

import (
	"math"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

var floats = []float64{0, 1, -1, 0.5, 3, 1e-3, 255, 65504, 1e10, math.Copysign(0, -1), math.Inf(1), math.Inf(-1), math.NaN(),
	math.SmallestNonzeroFloat32, 0x1p-127, math.MaxFloat32}

func (g *random) float() float64 {
	if g.chance(2) {
		return pick(g, floats...)
	}
	return float64(float32(g.r.NormFloat64()))
}

// expr is of type t with n lanes; small depths give leaves.
func (g *random) expr(t loop.Type, n, depth int) loop.Expr {
	if depth <= 0 || g.chance(5) {
		return g.leaf(t, n)
	}
	if n > 1 && g.chance(6) {
		return splat(g.expr(t, 1, depth-1), n)
	}
	if n == 1 && t != loop.Bool && g.chance(10) {
		return &loop.Reduce{Op: pick(g, loop.Add, loop.Max, loop.Min), A: g.expr(t, pick(g, 2, 4, 8, 16, 32), depth-1)}
	}
	if t == loop.Int && n <= 8 && g.chance(8) {
		return &loop.Dot{A: g.expr(t, 4*n, depth-1), B: g.expr(t, pick(g, 4, 4*n), depth-1)}
	}
	if t != loop.Bool && g.chance(6) {
		return &loop.Select{Cond: g.expr(loop.Bool, n, depth-1), A: g.expr(t, n, depth-1), B: g.expr(t, n, depth-1)}
	}
	switch t {
	case loop.Bool:
		return g.condition(n, depth)
	case loop.Int:
		return g.integer(n, depth)
	}
	return g.floating(t, n, depth)
}

func (g *random) leaf(t loop.Type, n int) loop.Expr {
	if t == loop.Bool && g.chance(2) {
		return g.condition(n, 0)
	}
	for _, i := range g.r.Perm(len(g.vars)) {
		if v := g.vars[i]; v.Type == t && v.Lanes == n && !g.chance(3) {
			return ref(v)
		}
	}
	if g.chance(2) && t != loop.Bool {
		if e := g.memory(t, n); e != nil {
			return e
		}
	}
	switch t {
	case loop.Bool:
		return g.condition(n, 0)
	case loop.Int:
		if n > 1 && g.chance(3) {
			return &loop.Iota{N: n}
		}
		return splat(num(pick[int64](g, 0, 1, -1, 2, 3, 7, 15, 255, 256, -128, g.r.Int64(), math.MinInt64)), n)
	case loop.F32:
		return splat(f32(g.float()), n)
	}
	return splat(f64(g.float()), n)
}

// memory reads from a buffer or a view, nil where none fits.
func (g *random) memory(t loop.Type, n int) loop.Expr {
	for _, i := range g.r.Perm(len(g.views)) {
		v := g.views[i]
		if v.Lanes != n || g.chance(3) {
			continue
		}
		m := v.Buf.Elem
		if v.Buf.Bytes {
			m = loop.Mem(g.r.IntN(int(loop.MemF64) + 1))
		}
		if m.Type() != t {
			continue
		}
		return g.safe(v.Buf, m, peek(m, v, pick(g, num(g.r.Int64N(24)), bin(loop.And, g.expr(loop.Int, 1, 1), num(15)))))
	}
	for _, i := range g.r.Perm(len(g.in)) {
		b := g.in[i]
		m := b.Elem
		if b.Bytes {
			m = loop.Mem(g.r.IntN(int(loop.MemF64) + 1))
		}
		if m.Type() != t {
			continue
		}
		l := &loop.Load{Buf: b, Mem: m}
		switch {
		case n == 1:
			l.Index = g.index(127)
		case g.chance(3):
			l.Index = bin(loop.And, g.expr(loop.Int, n, 1), splat(num(127), n))
		default:
			l.Index, l.Stride, l.N = g.index(63), g.stride(4), n
		}
		return g.safe(b, m, l)
	}
	return nil
}

// safe keeps floats that were made of any bytes from being NaN, whose bits differ by machine.
func (g *random) safe(b *loop.Buf, m loop.Mem, e loop.Expr) loop.Expr {
	if b.Bytes && m.Type().Float() {
		return g.noNaN(e)
	}
	return e
}

func (g *random) noNaN(e loop.Expr) loop.Expr {
	zero := f32(0)
	if e.Type() == loop.F64 {
		zero = f64(0)
	}
	return &loop.Select{Cond: bin(loop.Eq, e, e), A: e, B: splat(zero, e.Lanes())}
}

func (g *random) condition(n, depth int) loop.Expr {
	if depth > 0 && g.chance(3) {
		a := g.condition(n, depth-1)
		if g.chance(3) {
			return un(loop.Not, a)
		}
		return bin(pick(g, loop.And, loop.Or), a, g.condition(n, depth-1))
	}
	t := pick(g, loop.Int, loop.F32, loop.F64)
	return bin(pick(g, loop.Eq, loop.Ne, loop.Lt, loop.Le, loop.Gt, loop.Ge), g.expr(t, n, depth-1), g.expr(t, n, depth-1))
}

func (g *random) integer(n, depth int) loop.Expr {
	a := func() loop.Expr { return g.expr(loop.Int, n, depth-1) }
	masked := func(mask int64) loop.Expr { return bin(loop.And, a(), splat(num(mask), n)) }
	switch g.r.IntN(9) {
	case 0:
		return bin(pick(g, loop.Div, loop.Mod), a(), add(masked(15), splat(num(1), n)))
	case 1:
		return bin(pick(g, loop.Div, loop.Mod), a(), splat(num(pick[int64](g, 1, 2, 3, 32)), n))
	case 2:
		return bin(pick(g, loop.Shl, loop.Shr), a(), pick(g, masked(63), splat(num(g.r.Int64N(64)), n)))
	case 3:
		return un(pick(g, loop.Neg, loop.Abs), a())
	case 4:
		return &loop.Wrap{Mem: pick(g, loop.MemU8, loop.MemI8, loop.MemU16, loop.MemI16, loop.MemU32, loop.MemI32, loop.MemI64), A: a()}
	case 5: // float to Int: a clamp, which takes the NaN too
		t := pick(g, loop.F32, loop.F64)
		limit, x := f32(1e6), g.expr(t, n, depth-1)
		low := f32(-1e6)
		if t == loop.F64 {
			limit, low = f64(1e15), f64(-1e15)
		}
		return conv(loop.Int, bin(loop.Max, bin(loop.Min, x, splat(limit, n)), splat(low, n)))
	case 6:
		return &loop.Bits{To: loop.Int, A: g.noNaN(g.expr(pick(g, loop.F32, loop.F64), n, depth-1))}
	}
	return bin(pick(g, loop.Add, loop.Sub, loop.Mul, loop.Min, loop.Max, loop.And, loop.Or, loop.Xor), a(), a())
}

func (g *random) floating(t loop.Type, n, depth int) loop.Expr {
	a := func() loop.Expr { return g.expr(t, n, depth-1) }
	switch g.r.IntN(9) {
	case 0:
		return conv(t, g.expr(loop.Int, n, depth-1))
	case 1: // codes of a format
		c := bin(pick(g, loop.And, loop.Shr), bin(loop.And, g.expr(loop.Int, n, 1), splat(num(255), n)), splat(num(pick[int64](g, 1, 3, 4, 15)), n))
		return conv(t, bin(loop.Sub, c, splat(num(pick[int64](g, 0, 8, 100)), n)))
	case 2:
		return un(pick(g, loop.Neg, loop.Abs, loop.Sqrt, loop.Floor, loop.Ceil, loop.Trunc, loop.Rint), a())
	case 3:
		if t == loop.F32 {
			return &loop.Round{Mem: pick(g, loop.MemF16, loop.MemBF16), A: a()}
		}
		return conv(t, g.expr(loop.F32, n, depth-1))
	case 4:
		if t == loop.F32 {
			return conv(t, g.expr(loop.F64, n, depth-1))
		}
		return g.noNaN(&loop.Bits{To: t, A: g.expr(loop.Int, n, depth-1)})
	case 6:
		if t == loop.F32 {
			word := func() loop.Expr { return g.expr(loop.Int, n, depth-1) }
			return &loop.Pairs{Sum: a(), A: word(), B: word()}
		}
	case 5:
		if t == loop.F32 {
			return g.noNaN(&loop.Bits{To: t, A: &loop.Wrap{Mem: loop.MemU32, A: g.expr(loop.Int, n, depth-1)}})
		}
	}
	return bin(pick(g, loop.Add, loop.Sub, loop.Mul, loop.Mul, loop.Div, loop.Min, loop.Max), a(), a())
}
