package lower

import (
	"math"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

// reduce folds a body over indices, in the op's order where that matters.
func (b *builder) reduce(r *spec.Reduce) loop.Expr {
	if b.lane != nil && !b.varies(r) {
		saved := b.lane
		b.lane = nil
		defer func() { b.lane = saved }()
	}
	if b.opt.Mode == Scheduled && r.Kind == "sum" && r.Type().Float() {
		return b.orderedSum(r)
	}
	return b.ascending(r)
}

// varies reports whether an expression may differ along the strip.
func (b *builder) varies(e spec.Expr) bool {
	found := false
	look := func(e spec.Expr) bool {
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
	orders := b.body.Orders[r.Index[len(r.Index)-1].Name]
	if len(orders) == 0 && !b.op.Eval32 && len(b.op.Kernels) == 0 {
		return b.ascending(r)
	}
	for _, o := range orders {
		switch o.Kind {
		case "ascending":
			return b.ascending(r)
		case "lanes":
			return b.laneSum(r, o.N)
		case "blocks":
			if a, ok := affineOf(b.formats[o.Weight]); ok {
				return b.blockSum(r, o.Weight, a)
			}
		}
	}
	b.failf("the sum over %s has no order that applies: say order ascending(%[1]s) or lanes(%[1]s, 16)", r.Index[len(r.Index)-1].Name)
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
	b.forLoop(v.Name, lo, hi, func(i sym.Poly) {
		b.index[v] = i
		b.over(index[1:], body)
	})
}

// laneSum keeps n sums, the j-th of the k ≡ j mod n, and adds them by halving. Inside a
// strip each of them is a strip; else they are one.
func (b *builder) laneSum(r *spec.Reduce, n int) loop.Expr {
	if len(r.Index) != 1 {
		b.failf("a sum in lanes has one index")
	}
	v := r.Index[0]
	lo, hi := b.poly(v.Lo), b.poly(v.Hi)
	if b.lane != nil {
		if b.lane.n <= n || wide(lo) || wide(hi) {
			panic(noStrip{})
		}
		return b.stripSums(r, n, lo, hi)
	}
	t := types[r.Type()]
	acc := b.variable("sum", t, n, true)
	b.emit(&loop.Def{Var: acc, Value: spread(zero(t), n)})
	rest := b.variable("rest", loop.Int, 1, false)
	loE, hiE := b.scalar(lo), b.scalar(hi)
	b.push(false)
	k := b.variable(v.Name, loop.Int, 1, false)
	b.lane = &lane{n, len(b.blocks) - 1}
	b.index[v] = b.counter(k, lo, hi).Add(sym.Of(&sym.Var{Name: laneKey, Bounds: sym.Interval{Lo: 0, Hi: int64(n - 1)}}))
	b.accumulate(acc, loop.Add, b.value(r.Body))
	b.lane = nil
	b.emit(&loop.For{Var: k, Lo: loE, Hi: hiE, Step: int64(n), Whole: true, Rest: rest, Body: b.pop()})
	// The last k of a width that is no multiple of n: lane by lane, through memory.
	spill := &loop.Buf{Name: b.unique("lanes"), Role: loop.Temp, Elem: tempElem(r.Type()), Size: &loop.ConstInt{V: int64(n)}}
	b.prog.Temps = append(b.prog.Temps, spill)
	b.push(true)
	one, none := &loop.ConstInt{V: 1}, &loop.ConstInt{}
	b.emit(&loop.Store{Buf: spill, Mem: spill.Elem, Index: none, Stride: one, Value: &loop.Ref{Var: acc}})
	from := atomOf(rest, sym.Interval{Lo: lo.Range().Lo, Hi: hi.Range().Hi})
	b.forLoop(v.Name, from, hi, func(k sym.Poly) {
		b.index[v] = k
		j := b.compute(k.Sub(from))
		old := &loop.Load{Buf: spill, Mem: spill.Elem, Index: j}
		b.emit(&loop.Store{Buf: spill, Mem: spill.Elem, Index: j, Value: &loop.Binary{Op: loop.Add, A: old, B: b.value(r.Body)}})
	})
	b.emit(&loop.Set{Var: acc, Value: &loop.Load{Buf: spill, Mem: spill.Elem, Index: none, Stride: one, N: n}})
	b.emit(&loop.If{Cond: &loop.Binary{Op: loop.Lt, A: &loop.Ref{Var: rest}, B: hiE}, Then: b.pop()})
	return &loop.Reduce{Op: loop.Add, A: &loop.Ref{Var: acc}}
}

// stripSums is laneSum where the strip runs along another index: n sums, each a strip.
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
	from := atomOf(rest, sym.Interval{Lo: lo.Range().Lo, Hi: hi.Range().Hi})
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
