package golang

import (
	"github.com/dave/jennifer/jen"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// lookup is dots of codes that no fields hold, as they come from a table: one code, or two, that the same bytes
// hold, a column each. A table over a byte gives both, each in half of a word; times the factor of the first
// above that of the second, the upper half is the sum of both products.
type lookup struct {
	leaf   loop.Expr // the bytes
	terms  []dotTerm // one or two
	table  string
	factor []value // of each column
}

// pair joins the terms of one sum on the same bytes.
func pair(terms []dotTerm) (out []*lookup) {
	for _, t := range terms {
		joined := false
		for _, p := range out {
			if len(p.terms) == 1 && p.terms[0].sum == t.sum && equal(p.leaf, t.leaf) {
				p.terms, joined = append(p.terms, t), true
				break
			}
		}
		if !joined {
			out = append(out, &lookup{leaf: t.leaf, terms: []dotTerm{t}})
		}
	}
	return out
}

// lookUp emits dots that need tables as a loop over rows.
func (g *gen) lookUp(r *dotRun) {
	lookups := pair(r.terms)
	for _, s := range r.sums { // one multiplication adds two products
		s.left, s.least = 0, 2*s.least
	}
	for _, p := range lookups {
		p.terms[0].sum.left += 4
		g.share(p.leaf)
		codes := p.terms[0].code
		if len(p.terms) == 2 {
			high := &loop.Binary{Op: loop.Shl, A: p.terms[1].code, B: &loop.Splat{A: &loop.ConstInt{V: 32}, N: codes.Lanes()}}
			codes = &loop.Binary{Op: loop.Add, A: codes, B: high}
		}
		p.table = g.pkg.wordTable(codes, p.leaf)
		for column := range 4 {
			var factor value
			for i, t := range p.terms {
				l := lane{k: column}
				v := g.eval(g.special(t.x, l), l).to(kInt)
				if i == 0 {
					factor = infix(kInt, "<<", precMul, v, intLiteral(32))
				} else {
					factor = infix(kInt, "+", precAdd, factor, v)
				}
			}
			p.factor = append(p.factor, g.factor(factor))
		}
	}
	g.overLanes(r.sums[0].v.Lanes, nil, func(l lane) {
		for _, p := range lookups {
			sum := p.terms[0].sum
			for column, f := range p.factor {
				code := primary(kU64, jen.Id(p.table).Index(g.byteOf(p.leaf, l.part(column, 4)).code))
				sum.add(g, r.fields, infix(kU64, "*", precMul, code, f))
			}
			sum.write(g)
		}
		for _, s := range r.sums {
			s.store(g, l, upper(s.halves))
		}
	})
}
