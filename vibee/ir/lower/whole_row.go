package lower

import (
	"github.com/trinity-engine/trinity/vibee/ir/check"
	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

// wholeRow sums integers over the whole row, of which all has one scale: A*(dot - offset*sum).
func (d *dots) wholeRow(r *spec.Reduce, blocks sym.Poly) []loop.Expr {
	if d.run != 0 || d.aw.b != nil {
		d.failf("%s has no scale, and %s several a row or an offset: only a uniform weight is summed so", d.fx.Name, d.fw.Name)
	}
	if !d.fits(r, check.Range(d.code).Hi) {
		d.failf("sums of integers over a whole row need a limit: where %s <= %d", spec.Text(r.Index[0].Hi), min(widest(check.Range(d.code).Hi), 65536))
	}
	dot, sum := d.openChains(r), make([]*loop.Var, len(d.ts))
	for k := range sum {
		sum[k] = d.integer("sum", zero(loop.Int))
	}
	nx := d.fx.Count
	d.forLoop("b", sym.Poly{}, blocks, func(j sym.Poly) {
		d.cw = d.cellOf(d.w, d.known("w", d.blockAt(d.w, d.m, j)))
		d.forLoop("j", sym.Poly{}, sym.Const(int64(d.fw.Count/nx)), func(i sym.Poly) {
			d.rowsOfX(j, i)
			d.products(i.Scale(int64(nx)), 0, nx, func(k, i int, e loop.Expr) { d.addInteger(d.of(dot, k, i, d.shift), e) })
			for k := range sum {
				d.addInteger(sum[k], d.sum(k, 0, nx))
			}
		})
	})
	d.cw = d.cellOf(d.w, sym.Poly{})
	scale := d.ofW(d.aw.a, sym.Poly{})
	out := make([]loop.Expr, len(d.ts))
	for k := range out {
		total := d.total(dot, k)
		if d.offset != 0 {
			d.addInteger(total, d.less(&loop.Ref{Var: sum[k]}))
		}
		out[k] = float(&loop.Ref{Var: total})
		if scale != nil {
			out[k] = &loop.Binary{Op: loop.Mul, A: scale, B: out[k]}
		}
	}
	return out
}

// fits reports whether sums of a row's products with codes up to most are i32, whatever the row is.
func (d *dots) fits(r *spec.Reduce, most int64) bool {
	for _, f := range d.op.Facts {
		if limit, ok := f.Y.(*spec.IntLit); ok && f.AtMost && limit.V <= widest(most) && d.poly(f.X).Equal(d.poly(r.Index[0].Hi)) {
			return true
		}
	}
	return false
}

// widest is how many products of codes up to most with bytes add up to an i32.
func widest(most int64) int64 {
	const top = int64(1)<<31 - 1
	if most > top {
		return 0
	}
	return top / (128 * max(1, most))
}
