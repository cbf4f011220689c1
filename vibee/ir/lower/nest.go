package lower

import (
	"slices"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

// run writes the loops: the nest of the schedule, and at each of its levels the lets
// that need no more than its indices.
func (b *builder) run() {
	if len(b.body.Sets) == 0 {
		b.failf("%s has no equation for a result", b.op.Name)
	}
	first, sched := b.body.Sets[0], b.cases[0]
	parallel := sched.Parallel // of all cases the same
	if len(parallel) == 0 && len(first.Index) > 0 {
		parallel = []string{first.Index[0].Name}
	}
	for _, s := range b.body.Sets {
		for _, name := range append(slices.Clone(parallel), sched.Loop...) {
			if indexNamed(s.Index, name) == nil {
				b.failf("the work of %s is split along %s, which is no index of %s: a schedule says what else", b.op.Name, name, s.Out.Name)
			}
		}
	}
	b.prog.Grain = max(sched.Grain, 1)
	work := sym.Const(1)
	for _, name := range parallel {
		v := indexNamed(first.Index, name)
		work = work.Mul(b.poly(v.Hi).Sub(b.poly(v.Lo)))
	}
	if len(parallel) > 0 {
		b.rows = b.rowsOfWork(work)
		work = work.Add(sym.Const(b.rows - 1)).Div(sym.Const(b.rows))
		b.prog.Grain = int((int64(b.prog.Grain) + b.rows - 1) / b.rows)
	}
	b.prog.Rows = max(int(b.rows), 1)
	b.prog.Work = b.scalar(work)
	b.prog.Strip = b.itemsTogether(parallel)
	b.arrange(b.cases, parallel)
	b.prog.Body = b.pop()
	b.prefetches(b.prog.Body)
}

// itemsTogether is how many items of work the schedules compute side by side at most: in lanes, in tiles, or in turns.
func (b *builder) itemsTogether(parallel []string) int {
	most := 1
	if b.opt.Mode != Scheduled || len(parallel) == 0 {
		return most
	}
	last := parallel[len(parallel)-1]
	for _, s := range b.cases {
		most = max(most, s.Lanes[last]/b.prog.Rows, s.Tile[last]/b.prog.Rows)
		if len(parallel) > 1 {
			most = max(most, s.Unroll[last])
		}
	}
	return most
}

// arrange writes the nest of the schedule, or a choice of nests.
func (b *builder) arrange(cases []*spec.Schedule, parallel []string) {
	b.sched = cases[0]
	if len(cases) > 1 {
		is := b.holds(cases[0])
		b.emit(&loop.If{Cond: is, Then: b.branch(cases[:1], parallel), Else: b.branch(cases[1:], parallel)})
		return
	}
	nest := slices.Clone(b.sched.Loop)
	for _, p := range parallel {
		if !slices.Contains(nest, p) {
			nest = append(nest, p)
		}
	}
	b.inside = b.levels(nest)
	b.tiling = b.newTiling(nest, parallel)
	b.level(nest, parallel, -1, 0, map[string]sym.Poly{})
}

// branch is a nest that runs only where its case holds: what it computes is known to no other.
func (b *builder) branch(cases []*spec.Schedule, parallel []string) []loop.Stmt {
	lets, index := clone(b.lets), clone(b.index)
	b.push(true)
	b.arrange(cases, parallel)
	b.lets, b.index = lets, index
	return b.pop()
}

// holds is the condition of a case.
func (b *builder) holds(s *spec.Schedule) loop.Expr {
	var all loop.Expr
	for _, t := range s.When {
		x := loop.Expr(&loop.Ref{Var: b.dims[s.Dim]})
		if t.Mod != 0 {
			x = &loop.Binary{Op: loop.Mod, A: x, B: &loop.ConstInt{V: t.Mod}}
		}
		all = b.join(loop.And, all, &loop.Binary{Op: binaryOps[t.Op], A: x, B: &loop.ConstInt{V: t.Than}})
	}
	return all
}

func indexNamed(list []*spec.Index, name string) *spec.Index {
	for _, i := range list {
		if i.Name == name {
			return i
		}
	}
	return nil
}

// need is how many loops of the nest a let needs.
func need(nest []string, index []*spec.Index) int {
	n := 0
	for i, name := range nest {
		if indexNamed(index, name) != nil {
			n = i + 1
		}
	}
	return n
}

// level writes what can be computed inside the first depth loops of the nest but not inside the first
// above of them, then the next loop.
func (b *builder) level(nest, parallel []string, above, depth int, at map[string]sym.Poly) {
	for _, l := range b.body.Lets {
		if n := b.inside[l]; n > above && n <= depth {
			b.computeLet(nest, l, at)
		}
	}
	if depth == len(nest) {
		for _, s := range b.body.Sets {
			b.computeSet(nest, s, at)
		}
		return
	}
	name := nest[depth]
	v := indexNamed(b.body.Sets[0].Index, name)
	lo, hi := b.poly(v.Lo), b.poly(v.Hi)
	if b.tiling != nil && name == b.tiling.t.Name && b.lane != nil {
		lo = wholeTiles(hi)
	}
	next := func(n int, at map[string]sym.Poly) { b.level(nest, parallel, depth, n, at) }
	with := func(i sym.Poly) map[string]sym.Poly {
		out := clone(at)
		out[name] = i
		b.noteLoop(name, i)
		return out
	}
	switch {
	case len(parallel) > 0 && name == parallel[0] && len(parallel) > 1:
		if depth+len(parallel) > len(nest) || !slices.Equal(nest[depth:depth+len(parallel)], parallel) {
			b.failf("parallel loops stand side by side in the nest")
		}
		b.sideBySide(parallel[len(parallel)-1], func() {
			b.flatten(parallel, at, func(at map[string]sym.Poly) { next(depth+len(parallel), at) })
		})
	case len(parallel) > 0 && name == parallel[0] && b.rows > 1:
		if s := b.body.Sets[0]; b.formats[s.Out] != nil { // a block is written whole
			lo, hi = b.workRange(sym.Poly{})
			b.forLoop("tile", lo, hi, func(tile sym.Poly) { next(depth+1, with(tile.Scale(b.rows))) })
			return
		}
		if b.tiling != nil {
			b.tiling.run(hi)
		}
		b.tiles(name, b.rows, b.stripOf(name, depth == len(nest)-1), hi, func(i sym.Poly) { next(depth+1, with(i)) })
	case b.jamOf(name) > 1:
		b.jamLoop(v, b.jamOf(name), lo, hi, func(i sym.Poly) { next(depth+1, with(i)) })
	case len(parallel) > 0 && name == parallel[0]:
		lo, hi = b.workRange(hi)
		b.strip(name, b.stripOf(name, depth == len(nest)-1), false, lo, hi, func(i sym.Poly) { next(depth+1, with(i)) })
	default:
		body := func(i sym.Poly) { next(depth+1, with(i)) }
		if !b.turnsOfNest(name, depth == len(nest)-1, lo, hi, body) {
			b.strip(name, b.stripOf(name, depth == len(nest)-1), false, lo, hi, body)
		}
	}
}

// turnsOfNest puts turns of a loop of the nest side by side, if the schedule says so, others stand in it, and they share
// what they read.
func (b *builder) turnsOfNest(name string, last bool, lo, hi sym.Poly, body func(sym.Poly)) bool {
	if n := b.sched.Unroll[name]; last || n < 2 || b.opt.Mode != Scheduled || b.stripOf(name, last) > 1 || b.lane != nil {
		return false
	}
	return b.attempt(func() {
		b.forLoop(name, lo, hi, body)
		if b.joinTurns(name) != nil {
			panic(noStrip{})
		}
	})
}

// levels is how many loops of the nest each let is inside of: those of its own indices, and those of
// the lets that it reads.
func (b *builder) levels(nest []string) map[*spec.Let]int {
	out := map[*spec.Let]int{}
	for _, l := range b.body.Lets { // what a let reads comes before it
		n := need(nest, l.Index)
		look := func(e spec.Expr) bool {
			if r, ok := e.(*spec.LetRef); ok {
				n = max(n, out[r.Let])
			}
			return true
		}
		spec.Walk(l.Value, look)
		for _, i := range l.Index {
			spec.Walk(i.Lo, look)
			spec.Walk(i.Hi, look)
		}
		out[l] = n
	}
	return out
}

// workRange is lo..hi of the call: both lie within 0..limit.
func (b *builder) workRange(limit sym.Poly) (lo, hi sym.Poly) {
	lo = sym.Of(&sym.Var{Name: "lo", Bounds: sym.Natural, Of: &bounded{v: b.prog.Lo}, Rank: b.rank(b.prog.Lo)})
	hi = sym.Of(&sym.Var{Name: "hi", Bounds: sym.Natural, Of: &bounded{v: b.prog.Hi, limit: limit}, Rank: b.rank(b.prog.Hi)})
	return lo, hi
}

// flatten runs one loop over the product of several indices.
func (b *builder) flatten(names []string, at map[string]sym.Poly, body func(map[string]sym.Poly)) {
	lo, hi := b.workRange(sym.Poly{})
	b.forLoop("w", lo, hi, func(w sym.Poly) {
		out := clone(at)
		for k := len(names) - 1; k >= 0; k-- {
			v := indexNamed(b.body.Sets[0].Index, names[k])
			extent := b.poly(v.Hi)
			i := w
			if k > 0 {
				i, w = w.Mod(extent), w.Div(extent)
			}
			reg := b.variable(names[k], loop.Int, 1, false)
			b.emit(&loop.Def{Var: reg, Value: b.scalar(i)})
			out[names[k]] = b.counter(reg, sym.Poly{}, extent)
			if k > 0 {
				quotient := b.variable("w", loop.Int, 1, false)
				b.emit(&loop.Def{Var: quotient, Value: b.scalar(w)})
				w = b.atomOf(quotient, sym.Natural)
			}
		}
		body(out)
	})
}

// stripOf is the width of strips along a loop.
func (b *builder) stripOf(name string, last bool) int {
	if b.input != nil {
		return b.input.lanes
	}
	if b.opt.Mode != Scheduled {
		if last {
			return exactLanes
		}
		return 1
	}
	return b.sched.Lanes[name]
}

// bindNest gives the equation's own variables the values of the nest's loops, and
// lists those that are left.
func (b *builder) bindNest(nest []string, index []*spec.Index, at map[string]sym.Poly) (own []int) {
	for k, v := range index {
		if p, ok := at[v.Name]; ok && slices.Contains(nest, v.Name) {
			b.index[v] = p
			continue
		}
		own = append(own, k)
	}
	return own
}

func (b *builder) computeLet(nest []string, l *spec.Let, at map[string]sym.Poly) {
	defer b.within(l.Pos)()
	own := b.bindNest(nest, l.Index, at)
	if len(own) == 0 {
		b.lets[l] = &place{value: b.define(l.Name, b.value(l.Value))}
		return
	}
	if b.lane != nil {
		panic(noStrip{})
	}
	pl := &place{own: own, temp: &loop.Buf{Name: b.unique(l.Name), Role: loop.Temp, Elem: b.tempElem(l.Value)}}
	size := sym.Const(1)
	for _, k := range own {
		n := b.above(l.Index[k].Hi)
		pl.size = append(pl.size, n)
		size = size.Mul(n)
	}
	pl.temp.Size = b.scalar(size)
	b.prog.Temps = append(b.prog.Temps, pl.temp)
	b.own(l.Index, own, func() {
		at := make([]sym.Poly, len(own))
		for i, k := range own {
			at[i] = b.index[l.Index[k]]
		}
		b.store(pl.temp, pl.temp.Elem, b.flat(at, pl.size), b.value(l.Value))
	})
	b.lets[l] = pl
}

// own opens the loops of an equation's own indices; the last may run in strips.
func (b *builder) own(index []*spec.Index, own []int, body func()) {
	if len(own) == 0 {
		body()
		return
	}
	v := index[own[0]]
	n := 1
	if len(own) == 1 {
		n = b.stripOf(v.Name, true)
		if b.packs() && b.packStrips(n, b.poly(v.Lo), b.poly(v.Hi), func(i sym.Poly) {
			b.index[v] = i
			body()
		}) {
			return
		}
	}
	b.strip(v.Name, n, false, b.poly(v.Lo), b.poly(v.Hi), func(i sym.Poly) {
		b.index[v] = i
		b.own(index, own[1:], body)
	})
}

// unrounded is a field's value without the rounding that storing it does anyway.
func unrounded(e spec.Expr, f *spec.Field) spec.Expr {
	if r, ok := e.(*spec.Round); ok && f != nil && r.Elem == f.Elem {
		return r.A
	}
	return e
}

func (b *builder) computeSet(nest []string, s *spec.Set, at map[string]sym.Poly) {
	defer b.within(s.Pos)()
	if b.formats[s.Out] != nil {
		b.setBlocks(nest, s, at)
		return
	}
	if b.jam != nil {
		b.setJammed(nest, s, at)
		return
	}
	own := b.bindNest(nest, s.Index, at)
	set := func(value spec.Expr) {
		buf := b.bufs[s.Out][0]
		v := b.value(unrounded(value, s.Field))
		switch {
		case s.Field != nil:
			b.store(buf, memOf(s.Field.Elem), b.slot(s.Out, s.Field, s.At), v)
		default:
			b.store(buf, buf.Elem, b.flat(b.polys(s.At), b.polys(s.Out.Shape)), v)
		}
	}
	if n := len(own); n > 0 && b.opt.Mode == Scheduled {
		b.own(s.Index, own[:n-1], func() { b.inPieces(s.Index[own[n-1]], s.Value, set) })
		return
	}
	b.own(s.Index, own, func() { set(s.Value) })
}

// above bounds an integer expression from above by a polynomial of dims.
func (b *builder) above(e spec.Expr) sym.Poly {
	switch e := e.(type) {
	case *spec.IntLit, *spec.DimRef:
		return b.poly(e)
	case *spec.IndexRef:
		return b.above(e.Index.Hi).Sub(sym.Const(1))
	case *spec.LetRef:
		return b.above(e.Let.Value)
	case *spec.PlaceRef:
		for _, p := range b.op.Params {
			if v := b.pages[p]; v != nil {
				return b.atomOf(v, sym.Natural).Scale(int64(p.Format.Count)).Sub(sym.Const(1))
			}
		}
	case *spec.Binary:
		lit, constant := e.B.(*spec.IntLit)
		switch {
		case e.Op == "+":
			return b.above(e.A).Add(b.above(e.B))
		case e.Op == "*":
			return b.above(e.A).Mul(b.above(e.B))
		case e.Op == "-" && constant:
			return b.above(e.A).Sub(sym.Const(lit.V))
		case e.Op == "-", e.Op == "min", e.Op == "%":
			return b.above(e.A)
		case e.Op == "/" && constant:
			return b.above(e.A).Div(sym.Const(lit.V))
		case e.Op == "max" && constant && lit.V <= 0:
			return b.above(e.A)
		case e.Op == "max":
			if zero, ok := e.A.(*spec.IntLit); ok && zero.V <= 0 {
				return b.above(e.B)
			}
			return b.above(e.A).Add(b.above(e.B))
		}
	}
	b.failf("the size of a let is not known: its range is not bounded by dims")
	return sym.Poly{}
}
