package lower

import (
	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

// pairs are sums over k of W[m, k]*x[t, k], both bf16s in blocks of as many columns. Two columns are a word:
//
//	acc = (acc + W[m, 2j+1]*x[t, 2j+1]) + W[m, 2j]*x[t, 2j]
type pairs struct {
	*builder
	w, x   *spec.Param
	fw, fx *spec.Format
	m      sym.Poly
	ts     []sym.Poly // rows of x
}

const (
	brainBytes = 2 // of a bf16
	wordBytes  = 2 * brainBytes
)

func (b *builder) newPairs(r *spec.Reduce, o spec.Order, v *spec.Index) *pairs {
	if r.Type() != spec.F32 {
		b.failf("pairs are summed in f32: this order needs the licence `relax eval(f32)`")
	}
	ref, other := b.factors(r, o.Weight)
	x, ok := other.(*spec.WeightRef)
	if !ok || x.Param != o.With {
		b.failf("pairs(%s, %s, %s) is for a sum of products of the two", r.Index[0].Name, o.Weight.Name, o.With.Name)
	}
	p := &pairs{builder: b, w: o.Weight, x: o.With, fw: b.formats[o.Weight], fx: b.formats[o.With], m: b.poly(ref.At[0])}
	for _, f := range []*spec.Format{p.fw, p.fx} {
		if f.Brains() == nil || f.Count%2 != 0 {
			b.failf("pairs are for blocks of bf16s and nothing else, an even number a row: %s is none", f.Name)
		}
	}
	if p.fw.Count != p.fx.Count || p.fx.Rows != 1 {
		b.failf("pairs are for blocks of as many columns: %s and %s differ", p.fw.Name, p.fx.Name)
	}
	p.ts = b.jammed(x.At[0], v)
	return p
}

// pairSums gives the sum for x's row, or for all values of the jam's index v.
func (b *builder) pairSums(r *spec.Reduce, o spec.Order, v *spec.Index) []loop.Expr {
	p := b.newPairs(r, o, v)
	saved, index := b.cell, clone(b.index)
	defer func() { b.cell, b.index = saved, index }()
	lanes := b.lanes()
	acc := make([]*loop.Var, len(p.ts))
	for k := range acc {
		acc[k] = b.variable("acc", loop.F32, lanes, true)
		b.emit(&loop.Def{Var: acc[k], Value: spread(zero(loop.F32), lanes)})
	}
	n := int64(p.fw.Count)
	b.forLoop("b", sym.Poly{}, b.poly(r.Index[0].Hi).Div(sym.Const(n)), func(block sym.Poly) {
		cw := b.cellOf(p.w, b.known("w", b.blockAt(p.w, p.m, block)))
		cx := make([]*cell, len(p.ts))
		for k, t := range p.ts {
			cx[k] = b.cellOf(p.x, b.known("x", b.blockAt(p.x, t, block)))
		}
		b.forLoop("j", sym.Poly{}, sym.Const(n/2), func(j sym.Poly) {
			word := b.define("w", spread(p.word(cw, j), lanes))
			for k := range acc {
				shared := b.define("x", spread(p.word(cx[k], j), lanes))
				b.emit(&loop.Set{Var: acc[k], Value: &loop.Pairs{Sum: &loop.Ref{Var: acc[k]}, A: word, B: shared}})
			}
		})
	})
	out := make([]loop.Expr, len(acc))
	for k, a := range acc {
		out[k] = &loop.Ref{Var: a}
	}
	return out
}

// word reads columns 2j and 2j + 1 of a block.
func (p *pairs) word(c *cell, j sym.Poly) loop.Expr {
	return p.load(c.buf, loop.MemU32, c.base.Add(p.offset(c.format, p.m.Mod(sym.Const(int64(c.format.Rows))), j)))
}

// offset is where in a block the word of columns 2j and 2j + 1 of a row lies.
func (p *pairs) offset(f *spec.Format, row, j sym.Poly) sym.Poly {
	field := f.Brains()
	if f.Row != nil {
		p.index[f.Row] = row
	}
	at := func(column sym.Poly) sym.Poly {
		p.index[f.Index] = column
		return p.poly(field.At).Scale(brainBytes).Add(sym.Const(int64(field.Field.Offset)))
	}
	first := at(j.Scale(2))
	if !at(j.Scale(2).Add(sym.Const(1))).Equal(first.Add(sym.Const(brainBytes))) {
		p.failf("two columns of a row make a word: those of %s do not lie side by side", f.Name)
	}
	return first
}
