package lower

import (
	"slices"

	"github.com/trinity-engine/trinity/vibee/ir/check"
	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

// chains is how many sums of integers are kept at once at least: a product is added to one while those of the
// others are on their way.
const chains = 4

// mostPlaced bounds codes that are larger than W's, so that no processor's sum of two products saturates.
const mostPlaced = 127

// chain is a sum of products for each row of x, of codes 2^shift times as large as W's.
type chain struct {
	shift int64
	sums  []*loop.Var
}

// openChains declares the sums over whole rows. Where x has few rows, bits of W's bytes are multiplied where they lie, which
// saves a shift for each four columns; what comes of it is shifted once a row.
func (d *dots) openChains(r *spec.Reduce) []chain {
	n := 1
	if d.lanes > 1 {
		n = max(1, chains/len(d.ts))
	}
	d.placed = n == chains && d.fits(r, mostPlaced)
	counts, groups := map[int64]int{}, d.fx.Count/4
	for i := range groups {
		counts[d.shiftAt(int64(4*i))]++
	}
	var shifts []int64
	for shift := range counts {
		shifts = append(shifts, shift)
	}
	slices.Sort(shifts)
	var out []chain
	for _, shift := range shifts {
		for range (counts[shift]*n + groups - 1) / groups {
			c := chain{shift: shift}
			for range d.ts {
				c.sums = append(c.sums, d.integer("dot", spread(zero(loop.Int), d.lanes)))
			}
			out = append(out, c)
		}
	}
	return out
}

// of is the chain of a row of x for codes of the columns from i on, 2^shift times as large as W's: those that there are
// take turns.
func (d *dots) of(list []chain, k, i int, shift int64) *loop.Var {
	list = slices.DeleteFunc(slices.Clone(list), func(c chain) bool { return c.shift != shift })
	return list[i/4%len(list)].sums[k]
}

// total adds the chains of a row of x up.
func (d *dots) total(list []chain, k int) *loop.Var {
	for j, c := range list {
		sum := loop.Expr(&loop.Ref{Var: c.sums[k]})
		if c.shift > 0 { // exact: it is a multiple
			sum = &loop.Wrap{Mem: loop.MemI32, A: d.join(loop.Shr, sum, &loop.ConstInt{V: c.shift})}
		}
		if j > 0 {
			d.addInteger(list[0].sums[k], sum)
		} else if c.shift > 0 {
			d.emit(&loop.Set{Var: c.sums[k], Value: sum})
		}
	}
	return list[0].sums[k]
}

// shiftAt is how much larger than W's the codes of four columns from i on are, in every block of x.
func (d *dots) shiftAt(i int64) int64 {
	if !d.placed {
		return 0
	}
	saved := clone(d.index)
	defer func() { d.index = saved }()
	nx := int64(d.fx.Count)
	any := sym.Of(&sym.Var{Name: probed, Bounds: sym.Interval{Lo: 0, Hi: int64(d.fw.Count)/nx - 1}, Rank: lastRank})
	d.atColumns(any.Scale(nx).Add(sym.Const(i)), d.lanes)
	_, shift, _ := d.field(d.code)
	return shift
}

// columns gives W's codes of the columns at hand, 2^d.shift times as large.
func (d *dots) columns() (code loop.Expr) {
	d.shift = 0
	if d.placed {
		if x, shift, mask := d.field(d.code); x != nil {
			d.shift = shift
			return d.join(loop.And, d.value(x), &loop.ConstInt{V: mask << uint(shift)})
		}
	}
	return d.value(d.code)
}

// field takes a code apart as x >> shift & mask, where shift is a constant and x & mask << shift is small enough; x is nil
// where it is not of that form.
func (d *dots) field(e spec.Expr) (x spec.Expr, shift, mask int64) {
	switch e := e.(type) {
	case *spec.LetRef:
		for i, v := range e.Let.Index {
			d.index[v] = d.poly(e.At[i])
		}
		return d.field(e.Let.Value)
	case *spec.Cond:
		if yes, known := d.decide(e.If); known && yes {
			return d.field(e.Then)
		} else if known {
			return d.field(e.Else)
		}
	case *spec.Binary:
		by, ok := e.A.(*spec.Binary)
		m, constant := e.B.(*spec.IntLit)
		if e.Op != "&" || !ok || by.Op != ">>" || !constant || !check.Arithmetic(by.B) {
			return nil, 0, 0
		}
		n, constant := d.poly(by.B).Constant()
		if bytes := check.Range(by.A); constant && n < 8 && bytes.Lo >= 0 && bytes.Hi <= 255 && m.V<<uint(n) <= mostPlaced {
			return by.A, n, m.V
		}
	}
	return nil, 0, 0
}
