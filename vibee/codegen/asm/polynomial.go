package asm

import (
	"math"
	"slices"
	"strings"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// polynomial is a sum of products: what an index is made of. So its parts can be computed where
// they are settled, from the outermost loop to the innermost.
type polynomial struct {
	terms []term
	rest  int64
}

type term struct {
	by      int64
	factors []integer // by level
}

func (t term) level() int {
	l := 0
	for _, f := range t.factors {
		l = max(l, f.level)
	}
	return l
}

func (t term) key() string {
	var keys []string
	for _, f := range t.factors {
		keys = append(keys, f.key)
	}
	slices.Sort(keys)
	return strings.Join(keys, "*")
}

// add puts a term in, joined with one of the same factors.
func (p polynomial) add(t term) polynomial {
	key := t.key()
	terms := slices.Clone(p.terms)
	for i := range terms {
		if terms[i].key() == key {
			terms[i].by += t.by
			if terms[i].by == 0 {
				terms = slices.Delete(terms, i, i+1)
			}
			return polynomial{terms, p.rest}
		}
	}
	return polynomial{append(terms, t), p.rest}
}

func (p polynomial) plus(q polynomial, by int64) polynomial {
	for _, t := range q.terms {
		p = p.add(term{t.by * by, t.factors})
	}
	p.rest += q.rest * by
	return p
}

func (p polynomial) times(q polynomial) polynomial {
	out := polynomial{rest: p.rest * q.rest}
	for _, t := range p.terms {
		if q.rest != 0 {
			out = out.add(term{t.by * q.rest, t.factors})
		}
		for _, u := range q.terms {
			out = out.add(term{t.by * u.by, slices.Concat(t.factors, u.factors)})
		}
	}
	if p.rest != 0 {
		for _, u := range q.terms {
			out = out.add(term{u.by * p.rest, u.factors})
		}
	}
	return out
}

// data reports whether a part depends on memory.
func (p polynomial) data() bool {
	return slices.ContainsFunc(p.terms, func(t term) bool {
		return slices.ContainsFunc(t.factors, func(f integer) bool { return f.data })
	})
}

// most is how many terms a product may be multiplied out to.
const most = 8

// polynomial takes an Int expression of one lane apart.
func (c *compiler) polynomial(e loop.Expr) polynomial {
	if r, ok := e.(*loop.Ref); ok && c.vars[r.Var] != nil && c.vars[r.Var].sum != nil {
		return *c.vars[r.Var].sum
	}
	if b, ok := e.(*loop.Binary); ok {
		switch b.Op {
		case loop.Add:
			return c.polynomial(b.A).plus(c.polynomial(b.B), 1)
		case loop.Sub:
			return c.polynomial(b.A).plus(c.polynomial(b.B), -1)
		case loop.Mul:
			p, q := c.polynomial(b.A), c.polynomial(b.B)
			if (len(p.terms)+1)*(len(q.terms)+1) <= most {
				return p.times(q)
			}
			return atom(c.mulInt(c.total(p), c.total(q)))
		}
	}
	return atom(c.int(e))
}

func atom(i integer) polynomial {
	if i.isConst() {
		return polynomial{rest: i.constant}
	}
	return polynomial{terms: []term{{1, []integer{i}}}}
}

// product multiplies factors, the outermost first.
func (c *compiler) product(t term, by int64) integer {
	factors := slices.Clone(t.factors)
	slices.SortStableFunc(factors, func(a, b integer) int { return a.level - b.level })
	v := number(by)
	for _, f := range factors {
		v = c.mulInt(v, f)
	}
	return v
}

// total computes a polynomial.
func (c *compiler) total(p polynomial) integer {
	terms := slices.Clone(p.terms)
	slices.SortStableFunc(terms, func(a, b term) int { return a.level() - b.level() })
	sum := number(0)
	for _, t := range terms {
		if scale := t.by; !sum.isConst() && (scale == 2 || scale == 4 || scale == 8) {
			sum = c.scaled(sum, c.product(t, 1), scale)
			continue
		}
		sum = c.addInt(sum, c.product(t, t.by))
	}
	return c.addInt(sum, number(p.rest))
}

// memory is the place of what p counts in bytes.
func (c *compiler) memory(p polynomial) operand.Mem {
	last := -1
	for i, t := range p.terms {
		small := len(t.factors) == 1 && (t.by == 1 || t.by == 2 || t.by == 4 || t.by == 8)
		if small && (last < 0 || t.level() >= p.terms[last].level()) {
			last = i
		}
	}
	var index reg.Register
	scale := uint8(0)
	if last >= 0 && len(p.terms) > 1 {
		deepest := true
		for i, t := range p.terms {
			deepest = deepest && (i == last || t.level() <= p.terms[last].level())
		}
		if deepest {
			t := p.terms[last]
			index, scale = c.gp(t.factors[0]), uint8(t.by)
			p.terms = slices.Delete(slices.Clone(p.terms), last, last+1)
		}
	}
	disp := p.rest
	if disp < math.MinInt32/2 || disp > math.MaxInt32/2 {
		disp = 0
	}
	p.rest -= disp
	return operand.Mem{Base: c.gp(c.total(p)), Index: index, Scale: scale, Disp: int(disp)}
}
