package lower

import (
	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/loop/turns"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

// jam is n values of an index, from what the nest knows it by, that are computed together: what they
// share is computed once.
type jam struct {
	index *spec.Index
	n     int64
}

// jamOf is how many turns of a loop the schedule wants side by side, where they have something to share:
// the codes of a weight.
func (b *builder) jamOf(name string) int {
	if b.opt.Mode != Scheduled {
		return 1
	}
	for _, s := range b.body.Sets {
		if sum, _ := b.dotted(s.Value); sum == nil {
			return 1
		}
	}
	return b.sched.Unroll[name]
}

// dotted is the sum of products of codes in a value that has one, and its order.
func (b *builder) dotted(e spec.Expr) (sum *spec.Reduce, order spec.Order) {
	spec.Walk(e, func(e spec.Expr) bool {
		r, ok := e.(*spec.Reduce)
		if !ok {
			return sum == nil
		}
		if r.Kind == "sum" {
			for _, o := range b.ordersOf(r) {
				if o.With != nil && sum == nil {
					sum, order = r, o
				}
			}
		}
		return false
	})
	return sum, order
}

// besideSums gives a sum whose order names two factors, for each of x's rows that are computed together.
func (b *builder) besideSums(r *spec.Reduce, o spec.Order, v *spec.Index) []loop.Expr {
	if o.Kind == "pairs" {
		return b.pairSums(r, o, v)
	}
	return b.dotSums(r, o, v)
}

// jamLoop runs body for n values at a time, for half as many where so many are left, then one by one for the rest.
func (b *builder) jamLoop(v *spec.Index, n int, lo, hi sym.Poly, body func(sym.Poly)) {
	most := n
	for ; n == most || n > 3; n /= 2 {
		loE, hiE := b.scalar(lo), b.scalar(hi)
		rest := b.variable("rest", loop.Int, 1, false)
		b.push(false)
		i := b.variable(v.Name, loop.Int, 1, false)
		b.few[i] = n < most
		b.jam = &jam{v, int64(n)}
		body(b.counter(i, lo, hi))
		b.jam = nil
		b.emit(&loop.For{Var: i, Lo: loE, Hi: hiE, Step: int64(n), Whole: true, Rest: rest, Body: b.pop()})
		lo = b.atomOf(rest, sym.Interval{Lo: lo.Range().Lo, Hi: hi.Range().Hi})
	}
	b.forLoop(v.Name, lo, hi, func(i sym.Poly) {
		counters(i, func(v *loop.Var) { b.few[v] = true })
		body(i)
	})
}

// setJammed computes a result for all values of the jam.
func (b *builder) setJammed(nest []string, s *spec.Set, at map[string]sym.Poly) {
	if own := b.bindNest(nest, s.Index, at); len(own) > 0 || s.Field != nil {
		b.failf("unroll %s: the nest holds all indices of the result then", b.jam.index.Name)
	}
	var v *spec.Index
	for _, i := range s.Index {
		if i.Name == b.jam.index.Name {
			v = i
		}
	}
	first := b.index[v]
	sum, order := b.dotted(s.Value)
	for i, e := range b.besideSums(sum, order, v) {
		b.index[v] = first.Add(sym.Const(int64(i)))
		b.summed[sum] = e
		b.store(b.bufs[s.Out][0], b.bufs[s.Out][0].Elem, b.flat(b.polys(s.At), b.polys(s.Out.Shape)), b.value(s.Value))
	}
	delete(b.summed, sum)
}

// jammed gives a row for all values of the jam's index v, or the one at hand where v is nil.
func (b *builder) jammed(row spec.Expr, v *spec.Index) (rows []sym.Poly) {
	if v == nil {
		return []sym.Poly{b.poly(row)}
	}
	first := b.index[v]
	for i := range b.jam.n {
		b.index[v] = first.Add(sym.Const(i))
		rows = append(rows, b.poly(row))
	}
	b.index[v] = first
	return rows
}

// sideBySide has write emit a loop over work items, and puts as many of its turns side by side as the schedule unrolls.
func (b *builder) sideBySide(name string, write func()) {
	write()
	if b.sched.Unroll[name] < 2 || b.opt.Mode != Scheduled {
		return
	}
	defer b.within(b.sched.Pos)()
	if err := b.joinTurns(name); err != nil {
		b.failf("unroll %s: %v", name, err)
	}
}

// joinTurns puts turns of the loop that was written last side by side.
func (b *builder) joinTurns(name string) error {
	top := b.top()
	last := len(top.stmts) - 1
	stmts, err := turns.Join(top.stmts[last].(*loop.For), b.sched.Unroll[name], func(name string) string {
		b.step()
		return b.unique(name)
	})
	if err == nil {
		top.stmts = append(top.stmts[:last], stmts...)
	}
	return err
}
