package lower

import (
	"math/bits"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// start is what a dot of n codes begins with, so that W's codes, which are raised by offset, count as they are:
// -offset times the sum of the codes of row k of x. A block may keep that, or what a shift makes it of.
func (d *dots) start(k, from, n int) loop.Expr {
	if d.offset == 0 {
		return spread(zero(loop.Int), d.lanes)
	}
	var near *spec.Sums
	for _, s := range d.fx.CodeSums(n) {
		switch {
		case s.Times == -d.offset:
			return spread(d.element(k, s, from/n), d.lanes)
		case power(-d.offset, s.Times) || power(s.Times, -d.offset):
			near = s
		}
	}
	if near == nil {
		return d.less(d.sum(k, from, n))
	}
	op, by := loop.Shl, -d.offset/near.Times
	if by == 0 {
		op, by = loop.Shr, near.Times/-d.offset // exact: the sum is a multiple
	}
	count := spread(&loop.ConstInt{V: int64(bits.TrailingZeros64(uint64(by)))}, d.lanes)
	return &loop.Wrap{Mem: loop.MemI32, A: &loop.Binary{Op: op, A: spread(d.element(k, near, from/n), d.lanes), B: count}}
}

// less is -offset times a sum of codes of x, in all lanes.
func (d *dots) less(sum loop.Expr) loop.Expr {
	by := spread(&loop.ConstInt{V: -d.offset}, d.lanes)
	return &loop.Wrap{Mem: loop.MemI32, A: &loop.Binary{Op: loop.Mul, A: spread(sum, d.lanes), B: by}}
}

// power reports whether a is b times a power of two above 1.
func power(a, b int64) bool {
	q := a / b
	return a%b == 0 && q > 1 && q&(q-1) == 0
}

// element is number i of the sums that the block of row k of x keeps.
func (d *dots) element(k int, s *spec.Sums, i int) loop.Expr {
	return d.ofX(k, func() loop.Expr { return d.value(&spec.FieldRef{Field: s.Field, At: &spec.IntLit{V: int64(i)}}) })
}

// sum is the sum of n codes of row k of x from value from of its block on: one that the block keeps, or several added.
func (d *dots) sum(k, from, n int) loop.Expr {
	var sums *spec.Sums
	for by := n; by > 0 && sums == nil; by-- {
		for _, s := range d.fx.CodeSums(by) {
			if s.Times == 1 && n%by == 0 && from%by == 0 {
				sums = s
			}
		}
	}
	if sums == nil {
		d.failf("format %s keeps no sums of codes that make up the runs of %s, which are %d long: sums s by %[3]d", d.fx.Name, d.fw.Name, n)
	}
	var sum loop.Expr
	for i := from / sums.By; i < (from+n)/sums.By; i++ {
		sum = d.join(loop.Add, sum, d.element(k, sums, i))
	}
	return sum
}
