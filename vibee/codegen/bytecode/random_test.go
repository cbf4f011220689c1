package bytecode

import (
	"fmt"
	"math/rand/v2"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// A generator makes random valid programs. Indices are mostly kept inside, so that few faults end a run.
type generator struct {
	*rand.Rand
	ins, outs, tables []*loop.Buf
	raw               *loop.Buf // mixed bytes
	vars              []*loop.Var
	views             []*loop.View
	names             int
	counters          map[*loop.Var]bool
}

const elements = 512 // of each buffer

var widths = []int{1, 1, 2, 3, 8, 16, 64}

func newGenerator(seed uint64) *generator {
	return &generator{Rand: rand.New(rand.NewPCG(seed, 1)), counters: map[*loop.Var]bool{}}
}

func (g *generator) name(prefix string) string {
	g.names++
	return fmt.Sprintf("%s%d", prefix, g.names)
}

func pick[T any](g *generator, list []T) T { return list[g.IntN(len(list))] }

func num(v int64) loop.Expr { return &loop.ConstInt{V: v} }

func ref(v *loop.Var) loop.Expr { return &loop.Ref{Var: v} }

func splat(e loop.Expr, n int) loop.Expr {
	if n == 1 {
		return e
	}
	return &loop.Splat{A: e, N: n}
}

func (g *generator) program() *loop.Program {
	dim := &loop.Var{Name: "D", Type: loop.Int, Lanes: 1}
	scalar := &loop.Var{Name: "s", Type: loop.F32, Lanes: 1}
	p := &loop.Program{
		Name: "random", Grain: 1, Dims: []*loop.Var{dim}, Scalars: []*loop.Var{scalar},
		Lo: &loop.Var{Name: "lo", Type: loop.Int, Lanes: 1}, Hi: &loop.Var{Name: "hi", Type: loop.Int, Lanes: 1},
		Work: &loop.Binary{Op: loop.Add, A: ref(dim), B: num(3)},
	}
	size := &loop.Binary{Op: loop.Mul, A: ref(dim), B: num(elements / 4)} // D is 4
	for m := loop.MemU8; m <= loop.MemF64; m++ {
		in := &loop.Buf{Name: "in_" + m.String(), Role: loop.In, Elem: m, Size: size}
		out := &loop.Buf{Name: "out_" + m.String(), Role: loop.Out, Elem: m}
		tmp := &loop.Buf{Name: "tmp_" + m.String(), Role: loop.Temp, Elem: m, Size: size}
		p.Bufs = append(p.Bufs, in, out)
		p.Temps = append(p.Temps, tmp)
		g.ins, g.outs = append(g.ins, in, out), append(g.outs, out, tmp)
		tab := &loop.Buf{Name: "tab_" + m.String(), Role: loop.Table, Elem: m}
		for range 256 {
			tab.Data = append(tab.Data, int64(g.Uint64())&^(1<<30|1<<62|1<<14)) // no NaN
		}
		p.Tables, g.tables = append(p.Tables, tab), append(g.tables, tab)
	}
	g.raw = &loop.Buf{Name: "raw", Role: loop.InOut, Elem: loop.MemU8, Bytes: true}
	p.Bufs = append(p.Bufs, g.raw)
	g.vars = []*loop.Var{dim, scalar, p.Lo, p.Hi}
	for range 4 {
		p.Body = append(p.Body, g.def(pick(g, []loop.Type{loop.Bool, loop.Int, loop.F32, loop.F64}), pick(g, widths), true))
	}
	p.Body = append(p.Body, g.block(3, 10)...)
	for _, v := range g.vars[4:] { // what every variable holds at the end
		if s := g.dump(v); s != nil {
			p.Body = append(p.Body, s)
		}
	}
	return p
}

func (g *generator) dump(v *loop.Var) loop.Stmt {
	for _, b := range g.outs {
		if b.Elem.Type() == v.Type && b.Role == loop.Out && b.Elem != loop.MemF16 {
			return &loop.Store{Buf: b, Mem: b.Elem, Index: num(int64(g.IntN(64))), Stride: strided(v.Lanes, num(1)), Value: ref(v)}
		}
	}
	return nil
}

func strided(lanes int, e loop.Expr) loop.Expr {
	if lanes == 1 {
		return nil
	}
	return e
}

func (g *generator) def(t loop.Type, lanes int, mutable bool) loop.Stmt {
	e := g.expr(t, lanes, 3)
	v := &loop.Var{Name: g.name("v"), Type: t, Lanes: lanes, Mutable: mutable}
	g.vars = append(g.vars, v)
	return &loop.Def{Var: v, Value: e}
}

func (g *generator) block(depth, n int) []loop.Stmt {
	vars, views := len(g.vars), len(g.views)
	outer := depth == 3
	var list []loop.Stmt
	for range n {
		switch k := g.IntN(12); {
		case k < 3:
			list = append(list, g.def(pick(g, []loop.Type{loop.Bool, loop.Int, loop.F32, loop.F64}), pick(g, widths), g.IntN(2) == 0))
		case k < 5:
			if v := pick(g, g.vars); v.Mutable {
				list = append(list, &loop.Set{Var: v, Value: g.expr(v.Type, v.Lanes, 3)})
			}
		case k == 5:
			list = append(list, g.open())
		case k < 9:
			list = append(list, g.store())
		case k == 9 && depth > 0:
			s := &loop.If{Cond: g.expr(loop.Bool, 1, 2), Then: g.block(depth-1, 3)}
			if g.IntN(2) == 0 {
				s.Else = g.block(depth-1, 3)
			}
			list = append(list, s)
		case k > 9 && depth > 0:
			list = append(list, g.loop(depth))
		}
	}
	if !outer {
		g.vars, g.views = g.vars[:vars], g.views[:views]
	}
	return list
}

func (g *generator) loop(depth int) loop.Stmt {
	i := &loop.Var{Name: g.name("i"), Type: loop.Int, Lanes: 1}
	s := &loop.For{Var: i, Lo: num(int64(g.IntN(4))), Hi: num(int64(g.IntN(9))), Step: 1 + g.Int64N(3), Whole: g.IntN(2) == 0, Unroll: g.IntN(2) == 0}
	if g.IntN(2) == 0 {
		s.Lo, s.Hi = g.within(3, 2), g.within(7, 2)
	}
	before := len(g.vars)
	g.vars = append(g.vars, i)
	s.Body = g.block(depth-1, 4)
	g.vars = g.vars[:before]
	if s.Whole && g.IntN(2) == 0 {
		s.Rest = &loop.Var{Name: g.name("rest"), Type: loop.Int, Lanes: 1}
		g.vars = append(g.vars, s.Rest)
	}
	return s
}

// within is an index of one lane from 0 to mask; now and then anything.
func (g *generator) within(mask int64, depth int) loop.Expr { return g.indices(mask, 1, depth) }

func (g *generator) indices(mask int64, lanes, depth int) loop.Expr {
	if g.IntN(3000) == 0 {
		return g.expr(loop.Int, lanes, depth)
	}
	if g.IntN(2) == 0 && lanes == 1 {
		return num(g.Int64N(mask + 1))
	}
	return &loop.Binary{Op: loop.And, A: g.expr(loop.Int, lanes, depth), B: splat(num(mask), lanes)}
}

func (g *generator) open() loop.Stmt {
	b := pick(g, append([]*loop.Buf{g.raw, g.raw, g.raw}, g.ins...))
	v := &loop.View{Name: g.name("w"), Buf: b, Lanes: pick(g, widths), Size: 1 + g.IntN(16), Index: g.within(63, 2)}
	if v.Lanes > 1 {
		v.Stride = g.within(3, 2)
	}
	g.views = append(g.views, v)
	return &loop.Open{View: v}
}

func (g *generator) store() loop.Stmt {
	b := pick(g, append([]*loop.Buf{g.raw}, g.outs...))
	s := &loop.Store{Buf: b, Mem: g.memOf(b)}
	n := pick(g, widths)
	s.Value = g.expr(s.Mem.Type(), n, 4)
	if b.Bytes && s.Mem.Type().Float() { // where NaNs could be read as integers, there are none
		zero := splat(&loop.ConstFloat{T: s.Mem.Type()}, n)
		s.Value = &loop.Select{Cond: &loop.Binary{Op: loop.Eq, A: s.Value, B: s.Value}, A: s.Value, B: zero}
	}
	switch {
	case n > 1 && g.IntN(3) == 0:
		s.Index = g.indices(255, n, 2)
	case n > 1:
		s.Stride = g.within(3, 1)
		fallthrough
	default:
		s.Index = g.within(63, 3)
	}
	return s
}

func (g *generator) memOf(b *loop.Buf) loop.Mem {
	if b.Bytes {
		return loop.Mem(g.IntN(int(loop.MemF64) + 1))
	}
	return b.Elem
}

func (g *generator) expr(t loop.Type, n, depth int) loop.Expr {
	if depth <= 0 {
		return g.leaf(t, n)
	}
	sub := func(t loop.Type) loop.Expr { return g.expr(t, n, depth-1) }
	if n > 1 && g.IntN(8) == 0 {
		return splat(g.expr(t, 1, depth-1), n)
	}
	if g.IntN(10) == 0 {
		return &loop.Select{Cond: sub(loop.Bool), A: sub(t), B: sub(t)}
	}
	switch t {
	case loop.Bool:
		switch g.IntN(5) {
		case 0:
			return &loop.Binary{Op: pick(g, []loop.Op{loop.And, loop.Or, loop.Eq, loop.Ne}), A: sub(t), B: sub(t)}
		case 1:
			return &loop.Unary{Op: loop.Not, A: sub(t)}
		}
		of := pick(g, []loop.Type{loop.Int, loop.F32, loop.F64})
		return &loop.Binary{Op: loop.Eq + loop.Op(g.IntN(6)), A: sub(of), B: sub(of)}
	case loop.Int:
		return g.intExpr(n, depth, sub)
	}
	return g.floatExpr(t, n, depth, sub)
}

func (g *generator) intExpr(n, depth int, sub func(loop.Type) loop.Expr) loop.Expr {
	switch g.IntN(13) {
	case 12:
		if n > 16 {
			return g.leaf(loop.Int, n)
		}
		return &loop.Dot{A: g.expr(loop.Int, 4*n, depth-1), B: g.expr(loop.Int, pick(g, []int{4, 4 * n}), depth-1)}
	case 0:
		return &loop.Binary{Op: pick(g, []loop.Op{loop.Shl, loop.Shr}), A: sub(loop.Int), B: g.indices(63, n, depth-1)}
	case 1:
		d := &loop.Binary{Op: loop.Or, A: sub(loop.Int), B: splat(num(1), n)}
		return &loop.Binary{Op: pick(g, []loop.Op{loop.Div, loop.Mod}), A: sub(loop.Int), B: d}
	case 2:
		return &loop.Wrap{Mem: loop.Mem(g.IntN(int(loop.MemI64) + 1)), A: sub(loop.Int)}
	case 3: // NaNs have no one bit pattern
		f := loop.F32 + loop.Type(g.IntN(2))
		v := sub(f)
		return &loop.Select{Cond: &loop.Binary{Op: loop.Eq, A: v, B: v}, A: &loop.Bits{To: loop.Int, A: v}, B: sub(loop.Int)}
	case 4:
		f := loop.F32 + loop.Type(g.IntN(2))
		bound := func(v float64) loop.Expr { return splat(&loop.ConstFloat{T: f, V: v}, n) }
		v := &loop.Binary{Op: loop.Min, A: sub(f), B: bound(1 << 52)}
		return &loop.Convert{To: loop.Int, A: &loop.Binary{Op: loop.Max, A: v, B: bound(-1000)}}
	case 5:
		return &loop.Unary{Op: pick(g, []loop.Op{loop.Neg, loop.Abs}), A: sub(loop.Int)}
	case 6:
		return g.reduce(loop.Int, n, depth)
	case 7:
		return g.leaf(loop.Int, n)
	}
	return &loop.Binary{Op: pick(g, []loop.Op{loop.Add, loop.Add, loop.Sub, loop.Mul, loop.Min, loop.Max, loop.And, loop.Or, loop.Xor}), A: sub(loop.Int), B: sub(loop.Int)}
}

func (g *generator) reduce(t loop.Type, n, depth int) loop.Expr {
	if n > 1 {
		return g.leaf(t, n)
	}
	return &loop.Reduce{Op: pick(g, []loop.Op{loop.Add, loop.Max, loop.Min}), A: g.expr(t, pick(g, []int{1, 2, 8, 64}), depth-1)}
}

func (g *generator) floatExpr(t loop.Type, n, depth int, sub func(loop.Type) loop.Expr) loop.Expr {
	switch g.IntN(14) {
	case 0:
		return &loop.Unary{Op: pick(g, []loop.Op{loop.Neg, loop.Abs, loop.Sqrt, loop.Floor, loop.Ceil, loop.Trunc, loop.Rint}), A: sub(t)}
	case 1:
		return &loop.Convert{To: t, A: sub(loop.Int)}
	case 2:
		return &loop.Convert{To: t, A: sub(loop.F32 + loop.F64 - t)}
	case 3:
		return &loop.Bits{To: t, A: sub(loop.Int)}
	case 4:
		return g.reduce(t, n, depth)
	case 5, 6, 7: // a sum of a product
		p := &loop.Binary{Op: loop.Mul, A: sub(t), B: sub(t)}
		if g.IntN(2) == 0 {
			return &loop.Binary{Op: loop.Add, A: p, B: sub(t)}
		}
		return &loop.Binary{Op: loop.Add, A: sub(t), B: p}
	case 8:
		if t == loop.F32 {
			return &loop.Round{Mem: pick(g, []loop.Mem{loop.MemF16, loop.MemBF16}), A: sub(t)}
		}
	case 9:
		return g.leaf(t, n)
	case 12:
		if t == loop.F32 {
			return &loop.Pairs{Sum: sub(t), A: g.leaf(loop.Int, n), B: g.leaf(loop.Int, n)}
		}
	case 10, 11:
		if e := g.code(n); e != nil && t == loop.F32 {
			return e
		}
	}
	return &loop.Binary{Op: pick(g, []loop.Op{loop.Add, loop.Sub, loop.Mul, loop.Div, loop.Min, loop.Max}), A: sub(t), B: sub(t)}
}

// code is a function of one byte, as formats decode them.
func (g *generator) code(n int) loop.Expr {
	v := g.viewOf(loop.MemU8, n)
	if v == nil {
		return nil
	}
	mem := loop.MemU8
	if v.Buf.Bytes {
		mem = pick(g, []loop.Mem{loop.MemU8, loop.MemI8})
	}
	var e loop.Expr = &loop.Peek{View: v, Mem: mem, Index: num(g.Int64N(int64(v.Size)))}
	bin := func(op loop.Op, v int64) { e = &loop.Binary{Op: op, A: e, B: splat(num(v), n)} }
	if g.IntN(2) == 0 {
		bin(loop.Shr, g.Int64N(8))
	}
	if g.IntN(2) == 0 {
		bin(loop.And, 1+g.Int64N(255))
	}
	if g.IntN(2) == 0 {
		bin(pick(g, []loop.Op{loop.Add, loop.Sub, loop.Mul}), g.Int64N(40))
	}
	if g.IntN(3) == 0 {
		t := pick(g, g.tables[loop.MemI8:loop.MemF32])
		if bin(loop.And, 255); t.Elem.Type() == loop.F32 {
			return &loop.Load{Buf: t, Mem: t.Elem, Index: e}
		}
		e = &loop.Load{Buf: t, Mem: t.Elem, Index: e}
	}
	if g.IntN(4) == 0 {
		e = &loop.Binary{Op: loop.Div, A: splat(num(1000), n), B: e} // a fault where it is 0
	}
	return &loop.Convert{To: loop.F32, A: e}
}

func (g *generator) viewOf(m loop.Mem, n int) *loop.View {
	for range 8 {
		if len(g.views) == 0 {
			return nil
		}
		v := pick(g, g.views)
		if v.Lanes == n && (v.Buf.Bytes && v.Size >= m.Bytes() || v.Buf.Elem == m) {
			return v
		}
	}
	return nil
}

func (g *generator) leaf(t loop.Type, n int) loop.Expr {
	for range 6 {
		switch g.IntN(4) {
		case 0:
			if v := pick(g, g.vars); v.Type == t && v.Lanes == n {
				return ref(v)
			} else if v.Type == t && v.Lanes == 1 {
				return splat(ref(v), n)
			}
		case 1:
			if e := g.load(t, n); e != nil {
				return e
			}
		case 2:
			m := loop.Mem(g.IntN(int(loop.MemF64) + 1))
			if v := g.viewOf(m, n); v != nil && m.Type() == t {
				last := v.Size
				if v.Buf.Bytes {
					last -= m.Bytes() - 1
				}
				return &loop.Peek{View: v, Mem: m, Index: num(g.Int64N(int64(last)))}
			}
		case 3:
			if t == loop.Int && n > 1 {
				return &loop.Iota{N: n}
			}
		}
	}
	switch t {
	case loop.Bool:
		return &loop.Binary{Op: loop.Lt, A: splat(num(g.Int64N(3)), n), B: splat(num(1), n)}
	case loop.Int:
		return splat(num(pick(g, []int64{0, 1, -1, 7, 255, 1 << 40, -1 << 63, g.Int64N(1000)})), n)
	}
	return splat(&loop.ConstFloat{T: t, V: float64(float32(pick(g, []float64{0, 1, -1, 0.5, 65504, 1e-7, 1e38, g.NormFloat64()})))}, n)
}

func (g *generator) load(t loop.Type, n int) loop.Expr {
	b := pick(g, append(append([]*loop.Buf{g.raw, g.raw}, g.ins...), g.tables...))
	m := g.memOf(b)
	if m.Type() != t {
		return nil
	}
	switch {
	case n == 1:
		return &loop.Load{Buf: b, Mem: m, Index: g.within(63, 1)}
	case g.IntN(2) == 0:
		return &loop.Load{Buf: b, Mem: m, Index: g.indices(255, n, 1), N: n}
	}
	return &loop.Load{Buf: b, Mem: m, Index: g.within(31, 1), Stride: g.within(3, 1), N: n}
}
