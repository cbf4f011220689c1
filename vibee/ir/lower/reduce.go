package lower

import (
	"math"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

// reduce folds a body over indices, in the op's order where that matters.
func (b *builder) reduce(r *spec.Reduce) loop.Expr {
	defer b.within(r.Pos)()
	if e, ok := b.summed[r]; ok {
		return e
	}
	if b.lane != nil && !b.varies(r) {
		saved := b.lane
		b.lane = nil
		defer func() { b.lane = saved }()
	}
	if b.opt.Mode == Scheduled || b.input != nil { // what a block holds has one meaning
		if r.Kind == "sum" && r.Type().Float() {
			return b.orderedSum(r)
		}
		if n := b.foldLanes(r); n > 0 {
			return b.laneFold(r, n)
		}
	}
	return b.ascending(r)
}

// foldLanes is the order lanes(k, n) of a fold that needs none: of integers, or no sum.
func (b *builder) foldLanes(r *spec.Reduce) int {
	if r.Kind == "any" || r.Kind == "all" || b.lane != nil {
		return 0
	}
	for _, o := range b.ordersOf(r) {
		if o.Kind == "lanes" {
			return o.N
		}
	}
	return 0
}

// ordersOf are the orders of a sum: those of the equations that are being computed.
func (b *builder) ordersOf(r *spec.Reduce) []spec.Order {
	name := r.Index[len(r.Index)-1].Name
	if b.input != nil {
		return b.input.orders[name]
	}
	return b.body.Orders[name]
}

// varies reports whether an expression may differ along the strip.
func (b *builder) varies(e spec.Expr) bool {
	found := false
	look := func(e spec.Expr) bool {
		b.step()
		switch e := e.(type) {
		case *spec.IndexRef:
			if p, ok := b.index[e.Index]; ok && wide(p) {
				found = true
			}
		case *spec.LetRef:
			if pl := b.lets[e.Let]; pl != nil && pl.value != nil && pl.value.Lanes() > 1 {
				found = true
			}
			if b.lets[e.Let] == nil && b.varies(e.Let.Value) {
				found = true
			}
		case *spec.ValueRef:
			if a, ok := b.args[e.Param]; ok && a.Lanes() > 1 {
				found = true
			}
		}
		return !found
	}
	spec.Walk(e, look)
	if r, ok := e.(*spec.Reduce); ok {
		for _, i := range r.Index {
			spec.Walk(i.Lo, look)
			spec.Walk(i.Hi, look)
		}
	}
	return found
}

// orderedSum takes the first order that applies; sums of what is not relaxed ascend where nothing else is said.
func (b *builder) orderedSum(r *spec.Reduce) loop.Expr {
	orders := b.ordersOf(r)
	if len(orders) == 0 && !b.op.Eval32 && len(b.op.Kernels) == 0 {
		return b.ascending(r)
	}
	for _, o := range orders {
		switch o.Kind {
		case "ascending":
			return b.ascending(r)
		case "lanes":
			return b.laneFold(r, o.N)
		case "blocks", "pairs":
			if o.With != nil {
				return b.besideSums(r, o, nil)[0]
			}
			if a, ok := affineOf(b.formats[o.Weight]); ok {
				return b.blockSum(r, o.Weight, a)
			}
		}
	}
	if n := len(orders); n > 0 {
		w := orders[n-1].Weight
		b.failf("no order of the sum over %s applies where %s is %s, which is no scale times a code: say what `else`", r.Index[len(r.Index)-1].Name, w.Name, b.formats[w].Name)
	}
	b.failf("the sum over %s has no order: say `order ascending(%[1]s)` or `order lanes(%[1]s, 16)`", r.Index[len(r.Index)-1].Name)
	return nil
}

var reduceOps = map[string]loop.Op{"sum": loop.Add, "max": loop.Max, "min": loop.Min, "any": loop.Or, "all": loop.And}

// identity is what a reduction of nothing gives.
func identity(kind string, t loop.Type) loop.Expr {
	switch {
	case kind == "sum" || kind == "any":
		return zero(t)
	case kind == "all":
		return &loop.Binary{Op: loop.Eq, A: &loop.ConstInt{}, B: &loop.ConstInt{}}
	case t == loop.Int && kind == "max":
		return &loop.ConstInt{V: math.MinInt64}
	case t == loop.Int:
		return &loop.ConstInt{V: math.MaxInt64}
	case kind == "max":
		return &loop.ConstFloat{T: t, V: math.Inf(-1)}
	}
	return &loop.ConstFloat{T: t, V: math.Inf(1)}
}

func (b *builder) ascending(r *spec.Reduce) loop.Expr {
	t := types[r.Type()]
	if b.packs() && b.lane != nil && t == loop.Int {
		if e := b.packedFold(r); e != nil {
			return e
		}
	}
	acc := b.variable(accName[r.Kind], t, b.lanes(), true)
	b.emit(&loop.Def{Var: acc, Value: spread(identity(r.Kind, t), acc.Lanes)})
	b.over(r.Index, func() {
		b.accumulate(acc, reduceOps[r.Kind], b.value(r.Body))
	})
	return &loop.Ref{Var: acc}
}

var accName = map[string]string{"sum": "sum", "max": "top", "min": "low", "any": "any", "all": "all"}

func (b *builder) accumulate(acc *loop.Var, op loop.Op, v loop.Expr) {
	b.emit(&loop.Set{Var: acc, Value: &loop.Binary{Op: op, A: &loop.Ref{Var: acc}, B: spread(v, acc.Lanes)}})
}

// over opens plain loops over indices.
func (b *builder) over(index []*spec.Index, body func()) {
	if len(index) == 0 {
		body()
		return
	}
	v := index[0]
	lo, hi := b.poly(v.Lo), b.poly(v.Hi)
	if wide(lo) || wide(hi) {
		panic(noStrip{})
	}
	b.turns(v.Name, lo, hi, func(i sym.Poly) {
		b.index[v] = i
		b.over(index[1:], body)
	})
}

// laneFold keeps n folds, the j-th of the k ≡ j mod n, and folds them by halving. Inside a
// strip each of them is a strip; else they are one.
func (b *builder) laneFold(r *spec.Reduce, n int) loop.Expr {
	if len(r.Index) != 1 {
		b.failf("a %s in lanes has one index", r.Kind)
	}
	op := reduceOps[r.Kind]
	v := r.Index[0]
	lo, hi := b.poly(v.Lo), b.poly(v.Hi)
	if b.lane != nil {
		if b.lane.n <= n || wide(lo) || wide(hi) || r.Kind != "sum" {
			panic(noStrip{})
		}
		return b.stripSums(r, n, lo, hi)
	}
	t := types[r.Type()]
	acc := b.variable(accName[r.Kind], t, n, true)
	b.emit(&loop.Def{Var: acc, Value: spread(identity(r.Kind, t), n)})
	loE, hiE := b.scalar(lo), b.scalar(hi)
	var rest *loop.Var
	whole := b.attempt(func() {
		rest = b.variable("rest", loop.Int, 1, false)
		b.push(false)
		k := b.variable(v.Name, loop.Int, 1, false)
		b.lane = &lane{n, len(b.blocks) - 1}
		defer func() { b.lane = nil }()
		b.index[v] = b.counter(k, lo, hi).Add(lanesOf(n))
		b.accumulate(acc, op, b.value(r.Body))
		b.emit(&loop.For{Var: k, Lo: loE, Hi: hiE, Step: int64(n), Whole: true, Rest: rest, Body: b.pop()})
	})
	if !whole {
		rest = nil
	}
	if extent, ok := hi.Sub(lo).Constant(); !whole || !ok || extent%int64(n) != 0 {
		b.foldRest(r, op, acc, rest, lo, hi)
	}
	return &loop.Reduce{Op: op, A: &loop.Ref{Var: acc}}
}

// foldRest folds the last k of a width that is no multiple of the lanes, or all (rest is nil) where a body can't
// be computed for all lanes at once: lane by lane, through memory.
func (b *builder) foldRest(r *spec.Reduce, op loop.Op, acc, rest *loop.Var, lo, hi sym.Poly) {
	v, n := r.Index[0], acc.Lanes
	start, from, spilled := b.scalar(lo), lo, func(k sym.Poly) sym.Poly { return k.Sub(lo).Mod(sym.Const(int64(n))) }
	if rest != nil {
		start, from = &loop.Ref{Var: rest}, b.atomOf(rest, sym.Interval{Lo: lo.Range().Lo, Hi: hi.Range().Hi})
		spilled = func(k sym.Poly) sym.Poly { return k.Sub(from) }
	}
	spill := &loop.Buf{Name: b.unique("lanes"), Role: loop.Temp, Elem: b.tempElem(r), Size: &loop.ConstInt{V: int64(n)}}
	b.prog.Temps = append(b.prog.Temps, spill)
	b.push(true)
	one, none := &loop.ConstInt{V: 1}, &loop.ConstInt{}
	b.emit(&loop.Store{Buf: spill, Mem: spill.Elem, Index: none, Stride: one, Value: &loop.Ref{Var: acc}})
	b.forLoop(v.Name, from, hi, func(k sym.Poly) {
		b.index[v] = k
		j := b.compute(spilled(k))
		old := &loop.Load{Buf: spill, Mem: spill.Elem, Index: j}
		b.emit(&loop.Store{Buf: spill, Mem: spill.Elem, Index: j, Value: &loop.Binary{Op: op, A: old, B: b.value(r.Body)}})
	})
	b.emit(&loop.Set{Var: acc, Value: &loop.Load{Buf: spill, Mem: spill.Elem, Index: none, Stride: one, N: n}})
	b.emit(&loop.If{Cond: &loop.Binary{Op: loop.Lt, A: start, B: b.scalar(hi)}, Then: b.pop()})
}

// stripSums is laneFold where the strip runs along another index: n sums, each a strip.
func (b *builder) stripSums(r *spec.Reduce, n int, lo, hi sym.Poly) loop.Expr {
	v, t := r.Index[0], types[r.Type()]
	sums := make([]*loop.Var, n)
	for j := range sums {
		sums[j] = b.variable("sum", t, b.lane.n, true)
		b.emit(&loop.Def{Var: sums[j], Value: spread(zero(t), b.lane.n)})
	}
	rest := b.variable("rest", loop.Int, 1, false)
	loE, hiE := b.scalar(lo), b.scalar(hi)
	b.push(false)
	k := b.variable(v.Name, loop.Int, 1, false)
	base := b.counter(k, lo, hi)
	for j := range sums {
		b.index[v] = base.Add(sym.Const(int64(j)))
		b.accumulate(sums[j], loop.Add, b.value(r.Body))
	}
	b.emit(&loop.For{Var: k, Lo: loE, Hi: hiE, Step: int64(n), Whole: true, Rest: rest, Body: b.pop()})
	from := b.atomOf(rest, sym.Interval{Lo: lo.Range().Lo, Hi: hi.Range().Hi})
	var tail func(j int) []loop.Stmt
	tail = func(j int) []loop.Stmt {
		if j == n-1 {
			return nil
		}
		b.push(true)
		b.index[v] = from.Add(sym.Const(int64(j)))
		b.accumulate(sums[j], loop.Add, b.value(r.Body))
		for _, s := range tail(j + 1) {
			b.emit(s)
		}
		then := b.pop()
		more := &loop.Binary{Op: loop.Lt, A: b.compute(from.Add(sym.Const(int64(j)))), B: hiE}
		return []loop.Stmt{&loop.If{Cond: more, Then: then}}
	}
	for _, s := range tail(0) {
		b.emit(s)
	}
	for half := n / 2; half >= 1; half /= 2 {
		for j := range half {
			b.accumulate(sums[j], loop.Add, &loop.Ref{Var: sums[j+half]})
		}
	}
	return &loop.Ref{Var: sums[0]}
}
