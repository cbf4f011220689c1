package lower

import (
	"github.com/trinity-engine/trinity/vibee/ir/check"
	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

// chains is how many sums of integers are kept at once at least: a product is added to one while those of the
// others are on their way.
const chains = 4

// wholeRow sums integers over the whole row, of which all has one scale: A*(dot - offset*sum).
func (d *dots) wholeRow(r *spec.Reduce, blocks sym.Poly) []loop.Expr {
	if d.run != 0 || d.aw.b != nil {
		d.failf("%s has no scale, and %s several a row or an offset: only a uniform weight is summed so", d.fx.Name, d.fw.Name)
	}
	d.fits(r)
	n := 1
	if d.lanes > 1 {
		n = max(1, chains/len(d.ts))
	}
	dot, sum := make([][]*loop.Var, len(d.ts)), make([]*loop.Var, len(d.ts))
	for k := range dot {
		for range n {
			dot[k] = append(dot[k], d.integer("dot", spread(zero(loop.Int), d.lanes)))
		}
		sum[k] = d.integer("sum", zero(loop.Int))
	}
	nx := d.fx.Count
	d.forLoop("b", sym.Poly{}, blocks, func(j sym.Poly) {
		d.cw = d.cellOf(d.w, d.known("w", d.blockAt(d.w, d.m, j)))
		d.forLoop("j", sym.Poly{}, sym.Const(int64(d.fw.Count/nx)), func(i sym.Poly) {
			d.rowsOfX(j, i)
			d.products(i.Scale(int64(nx)), 0, nx, func(k, i int, e loop.Expr) { d.addInteger(dot[k][i/4%n], e) })
			for k := range sum {
				d.addInteger(sum[k], d.sum(k, 0, nx))
			}
		})
	})
	d.cw = d.cellOf(d.w, sym.Poly{})
	scale := d.ofW(d.aw.a, sym.Poly{})
	out := make([]loop.Expr, len(d.ts))
	for k := range out {
		for _, more := range dot[k][1:] {
			d.addInteger(dot[k][0], &loop.Ref{Var: more})
		}
		if d.offset != 0 {
			d.addInteger(dot[k][0], d.less(&loop.Ref{Var: sum[k]}))
		}
		out[k] = float(dot[k][0])
		if scale != nil {
			out[k] = &loop.Binary{Op: loop.Mul, A: scale, B: out[k]}
		}
	}
	return out
}

// fits refuses a row whose sum might be no i32.
func (d *dots) fits(r *spec.Reduce) {
	most := int64(1)<<31 - 1
	if widest := 128 * max(1, check.Range(d.code).Hi); widest < most {
		most /= widest
	} else {
		most = 0
	}
	for _, f := range d.op.Facts {
		if limit, ok := f.Y.(*spec.IntLit); ok && f.AtMost && limit.V <= most && d.poly(f.X).Equal(d.poly(r.Index[0].Hi)) {
			return
		}
	}
	d.failf("sums of integers over a whole row need a limit: where %s <= %d", spec.Text(r.Index[0].Hi), min(most, 65536))
}
