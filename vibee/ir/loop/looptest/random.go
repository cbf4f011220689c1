package looptest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// Units is the length of every buffer of a random program, in its own units.
const Units = 256

// Random writes a valid program that never traps: every index is masked, every divisor
// positive, every float that becomes an integer clamped. Its first buffers are inputs; those
// with a role of Out or InOut start with any contents. A NaN may reach a float that is
// stored, but no integer.
func Random(r *rand.Rand, name string) *loop.Program {
	g := &random{r: r, p: &loop.Program{Name: name, Math: []string{"a random program"}, Grain: 1}}
	g.params()
	w := value("w", loop.Int, 1)
	g.vars = append(g.vars, w, g.p.Dims[0], g.p.Scalars[0])
	body := &loop.For{Var: w, Lo: ref(g.p.Lo), Hi: ref(g.p.Hi), Step: 1, Body: g.block(2, 8)}
	g.p.Body = append(g.p.Body, &loop.Note{Text: "one work item a turn"}, body)
	return g.p
}

type random struct {
	r     *rand.Rand
	p     *loop.Program
	vars  []*loop.Var  // in scope
	views []*loop.View // in scope
	count int
	out   []*loop.Buf
	in    []*loop.Buf
}

func (g *random) params() {
	p := g.p
	size := num(Units)
	for m := loop.MemU8; m <= loop.MemF64; m++ {
		p.Bufs = append(p.Bufs, &loop.Buf{Name: "in_" + m.String(), Role: loop.In, Elem: m, Shape: "[256]", Size: size})
	}
	p.Bufs = append(p.Bufs, &loop.Buf{Name: "packed", Role: loop.In, Elem: loop.MemU8, Bytes: true, Size: size})
	for i, m := range []loop.Mem{loop.MemF32, loop.MemF64, loop.MemI64, loop.MemF16, loop.MemBF16, loop.MemI8, loop.MemU16} {
		role := loop.Out
		if i%2 == 0 {
			role = loop.InOut
		}
		p.Bufs = append(p.Bufs, &loop.Buf{Name: "out_" + m.String(), Role: role, Elem: m, Size: size})
	}
	p.Bufs = append(p.Bufs, &loop.Buf{Name: "out_packed", Role: loop.Out, Elem: loop.MemU8, Bytes: true, Size: size})
	p.Dims = []*loop.Var{intVar("N")}
	p.Scalars = []*loop.Var{value("eps", loop.F32, 1)}
	p.Lo, p.Hi, p.Work = intVar("lo"), intVar("hi"), ref(p.Dims[0])
	p.Temps = []*loop.Buf{
		{Name: "tmp", Role: loop.Temp, Elem: loop.MemF32, Shape: "[N+256]", Size: add(ref(p.Dims[0]), size)},
		{Name: "tmp2", Role: loop.Temp, Elem: loop.MemU8, Bytes: true, Size: size},
	}
	for _, m := range []loop.Mem{loop.MemF32, loop.MemI8, loop.MemI64, loop.MemF64} {
		t := &loop.Buf{Name: "table_" + m.String(), Role: loop.Table, Elem: m}
		for range Units {
			switch m {
			case loop.MemF32:
				t.Data = append(t.Data, int64(math.Float32bits(float32(g.r.NormFloat64()))))
			case loop.MemF64:
				t.Data = append(t.Data, int64(math.Float64bits(g.float())))
			default:
				t.Data = append(t.Data, wrap(m, int64(g.r.Uint64())))
			}
		}
		t.Size = num(int64(len(t.Data)))
		p.Tables = append(p.Tables, t)
	}
	for _, b := range p.Bufs {
		if b.Role != loop.Out {
			g.in = append(g.in, b)
		}
		if b.Role != loop.In {
			g.out = append(g.out, b)
		}
	}
	g.in = append(g.in, p.Tables...)
	// Temps start undefined: fill them, so that they may be read.
	for _, t := range p.Temps {
		i := intVar("fill_" + t.Name)
		var v loop.Expr = conv(loop.F32, ref(i))
		if t.Bytes {
			v = mul(ref(i), num(7))
		}
		p.Body = append(p.Body, loopTo(i, num(Units), store(t, ref(i), v)))
	}
	g.in, g.out = append(g.in, p.Temps...), append(g.out, p.Temps...)
}

func (g *random) chance(n int) bool { return g.r.IntN(n) == 0 }

func pick[E any](g *random, s ...E) E { return s[g.r.IntN(len(s))] }

func (g *random) name(base string) string {
	g.count++
	return fmt.Sprintf("%s_%d", base, g.count)
}

func (g *random) lanes() int { return pick(g, 1, 1, 1, 2, 4, 8, 16, 16, 32) }

func (g *random) kind() loop.Type {
	return pick(g, loop.Int, loop.Int, loop.F32, loop.F32, loop.F32, loop.F64, loop.Bool)
}

// block writes n statements; what they declare goes out of scope with it.
func (g *random) block(depth, n int) []loop.Stmt {
	vars, views := len(g.vars), len(g.views)
	var body []loop.Stmt
	for range n {
		body = append(body, g.stmt(depth)...)
	}
	g.vars, g.views = g.vars[:vars], g.views[:views]
	return body
}

func (g *random) stmt(depth int) []loop.Stmt {
	switch k := g.r.IntN(12); {
	case k < 4:
		return []loop.Stmt{g.def()}
	case k < 6:
		return []loop.Stmt{g.change()}
	case k < 7:
		return []loop.Stmt{g.open()}
	case k < 10 || depth == 0:
		return []loop.Stmt{g.put()}
	case k < 11:
		s := &loop.If{Cond: g.expr(loop.Bool, 1, 2), Then: g.block(depth-1, 3)}
		if g.chance(2) {
			s.Else = g.block(depth-1, 2)
		}
		return []loop.Stmt{s}
	}
	return g.loop(depth)
}

func (g *random) def() loop.Stmt {
	v := &loop.Var{Name: g.name("v"), Type: g.kind(), Lanes: g.lanes(), Mutable: g.chance(2)}
	e := g.expr(v.Type, v.Lanes, 3)
	g.vars = append(g.vars, v)
	return def(v, e)
}

func (g *random) change() loop.Stmt {
	for _, i := range g.r.Perm(len(g.vars)) {
		if v := g.vars[i]; v.Mutable {
			return set(v, g.expr(v.Type, v.Lanes, 3))
		}
	}
	return g.def()
}

func (g *random) open() loop.Stmt {
	v := &loop.View{Name: g.name("view"), Buf: pick(g, g.in...), Index: g.index(63), Lanes: g.lanes(), Size: 32}
	if v.Lanes > 1 {
		v.Stride = g.stride(4)
	}
	g.views = append(g.views, v)
	return &loop.Open{View: v}
}

func (g *random) put() loop.Stmt {
	b, n := pick(g, g.out...), g.lanes()
	s := &loop.Store{Buf: b, Mem: b.Elem}
	if b.Bytes {
		s.Mem = loop.Mem(g.r.IntN(int(loop.MemF64) + 1))
	}
	s.Value = g.expr(s.Mem.Type(), n, 3)
	if b.Bytes && s.Mem.Type().Float() { // bytes are compared as they are
		s.Value = g.noNaN(s.Value)
	}
	if n == 1 || g.chance(4) {
		s.Index = bin(loop.And, g.expr(loop.Int, n, 2), splat(num(127), n))
		if n > 1 { // lanes that write one place: the last would win, but overlapping ones are nobody's need
			stride := int64(4)
			if b.Bytes {
				stride = 8
			}
			s.Index = bin(loop.Min, mul(&loop.Iota{N: n}, splat(num(stride), n)), splat(num(Units-8), n))
		}
		return s
	}
	s.Index, s.Stride = g.index(63), g.stride(4)
	if b.Bytes {
		s.Stride = num(pick[int64](g, 4, 5))
		if s.Mem.Bytes() == 8 || n == 32 {
			s.Mem, s.Value, s.Stride = loop.MemU16, g.expr(loop.Int, n, 2), num(2)
		}
	}
	return s
}

// index is an integer of one lane in 0..mask.
func (g *random) index(mask int64) loop.Expr {
	if g.chance(3) {
		return num(g.r.Int64N(mask + 1))
	}
	return bin(loop.And, g.expr(loop.Int, 1, 2), num(mask))
}

// stride is in 1..most: a constant or not.
func (g *random) stride(most int64) loop.Expr {
	if g.chance(2) {
		return num(1)
	}
	if g.chance(2) {
		return num(1 + g.r.Int64N(most))
	}
	return add(bin(loop.And, g.expr(loop.Int, 1, 1), num(most-1)), num(1))
}

func (g *random) loop(depth int) []loop.Stmt {
	v := intVar(g.name("i"))
	f := &loop.For{Var: v, Lo: num(0), Hi: num(g.r.Int64N(6)), Step: 1}
	switch g.r.IntN(4) {
	case 0:
		f.Unroll = true
		f.Hi = num(g.r.Int64N(4))
	case 1:
		f.Lo, f.Hi = num(g.r.Int64N(3)), bin(loop.And, g.expr(loop.Int, 1, 2), num(7))
	case 2:
		f.Step, f.Whole = 1+g.r.Int64N(3), true
		f.Hi = bin(loop.And, g.expr(loop.Int, 1, 2), num(7))
		f.Rest = intVar(g.name("rest"))
	case 3:
		f.Step = 1 + g.r.Int64N(3)
	}
	g.vars = append(g.vars, v)
	f.Body = g.block(depth-1, 3)
	g.vars = slices.DeleteFunc(g.vars, func(x *loop.Var) bool { return x == v })
	out := []loop.Stmt{f}
	if f.Rest != nil && g.chance(2) {
		u := intVar(g.name("i"))
		g.vars = append(g.vars, u)
		tail := &loop.For{Var: u, Lo: ref(f.Rest), Hi: num(8), Step: 1, Body: g.block(depth-1, 2)}
		g.vars = slices.DeleteFunc(g.vars, func(x *loop.Var) bool { return x == u })
		out = append(out, tail)
	}
	if f.Rest != nil && g.chance(2) {
		g.vars = append(g.vars, f.Rest)
	}
	return out
}
