package asm

import (
	"slices"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
	"github.com/mmcloughlin/avo/x86"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// An access is inside of its buffer if that follows from the loops around it and the buffer's size, both polynomials
// in dims; the sizes are compared with the memory before the call. What does not follow is compared when it
// runs. A comparison that fails leaves the function, and the kernel's own Go does the work.

// check makes sure that index .. index + size lies inside of b.
func (c *compiler) check(b *loop.Buf, index polynomial, size int64) {
	if b.Size != nil && c.inside(b, index, size) {
		return
	}
	if l, lo, hi, ok := c.ends(index); ok {
		loops := c.loops
		c.loops = loops[:len(loops)-1]
		c.At(l.level-1, func() {
			c.compare(b, lo, size)
			c.compare(b, hi, size)
		})
		c.loops = loops
		return
	}
	c.compare(b, index, size)
}

// ends gives the least and the largest value of an index in the innermost loop, where the loop's counter is all that
// changes it there, and the loop always gets to it.
func (c *compiler) ends(index polynomial) (l *counting, lo, hi polynomial, ok bool) {
	if len(c.loops) == 0 {
		return nil, lo, hi, false
	}
	l = c.loops[len(c.loops)-1]
	if c.Level() != l.level || l.step != 1 && !l.whole {
		return nil, lo, hi, false
	}
	lo, hi = polynomial{rest: index.rest}, polynomial{rest: index.rest}
	for _, t := range index.terms {
		switch {
		case t.level() < l.level:
			lo, hi = lo.add(t), hi.add(t)
		case len(t.factors) == 1 && t.factors[0].loop == l && t.by > 0 && t.by < 1<<20:
			lo = lo.plus(atom(l.lo), t.by)
			hi = hi.plus(atom(l.limit), t.by)
			hi.rest -= t.by
		default:
			return nil, lo, hi, false
		}
	}
	return l, lo, hi, true
}

// compare jumps to the end where index .. index + size is not inside of b.
func (c *compiler) compare(b *loop.Buf, index polynomial, size int64) {
	room := c.roomFor(c.length(b), size)
	i := c.total(index)
	key := "inside " + b.Name + " " + i.key + " " + room.key
	for l := c.Level(); l >= i.level; l-- {
		if _, done := c.known[l][key]; done {
			return
		}
	}
	c.known[c.Level()][key] = value{}
	at, most := c.gp(i), c.source(room)
	c.Emit(x86.CMPQ(at, most))
	c.Emit(x86.JCC(operand.LabelRef(c.fail))) // unsigned: a negative index is large
	c.fails = true
}

// roomFor is how many places there are for size units among n.
func (c *compiler) roomFor(n integer, size int64) integer {
	room := c.addInt(n, number(1-size))
	if room.isConst() {
		return number(max(room.constant, 0))
	}
	zero := c.gp(number(0))
	return c.pure("at least 0", []integer{room}, func(to reg.GPVirtual) {
		c.Emit(x86.MOVQ(room.reg, to))
		c.Emit(x86.TESTQ(to, to))
		c.Emit(x86.CMOVQLT(zero, to))
	})
}

// inside proves that index .. index + size lies inside of b.
func (c *compiler) inside(b *loop.Buf, index polynomial, size int64) bool {
	if index.rest < 0 || index.data() {
		return false
	}
	for _, t := range index.terms {
		if t.by < 0 || !t.natural() {
			return false
		}
	}
	for _, c.second = range []bool{false, true} {
		most, ok := c.most(index)
		if !ok {
			return false
		}
		spare := c.polynomial(b.Size).plus(most, -1)
		spare.rest -= size
		if c.natural(spare) {
			return true
		}
	}
	return false
}

func (t term) natural() bool {
	return !slices.ContainsFunc(t.factors, func(f integer) bool { return !f.natural })
}

// most is a polynomial in dims that p, whose terms are natural, never exceeds.
func (c *compiler) most(p polynomial) (polynomial, bool) {
	out := polynomial{rest: p.rest}
	for _, t := range p.terms {
		product := polynomial{rest: t.by}
		for _, f := range t.factors {
			if !f.natural {
				return out, false
			}
			if f.below == nil { // a dim, or a quotient of one
				product = product.times(atom(f))
				continue
			}
			below := f.below
			if c.second && f.also != nil {
				below = f.also
			}
			high, ok := c.most(below.positive())
			if !ok {
				return out, false
			}
			high.rest--
			product = product.times(high)
		}
		out = out.plus(product, 1)
	}
	return out, true
}

// positive leaves out what can only make p less; dims stay, for what else there is to be compared with them.
func (p polynomial) positive() polynomial {
	out := polynomial{rest: p.rest}
	for _, t := range p.terms {
		exact := !slices.ContainsFunc(t.factors, func(f integer) bool { return f.below != nil })
		if t.by > 0 || exact || !t.natural() {
			out = out.add(t)
		}
	}
	return out
}

// natural proves that p is not negative.
func (c *compiler) natural(p polynomial) bool {
	if p.rest >= 0 && !slices.ContainsFunc(p.terms, func(t term) bool { return t.by < 0 || !t.natural() }) {
		return true
	}
	for _, q := range c.quotients { // n times a quotient is not more than what was divided
		if !slices.ContainsFunc(p.terms, func(t term) bool { return t.has(q.quotient) }) {
			continue
		}
		out := polynomial{rest: p.rest}
		for _, t := range p.terms {
			if !t.has(q.dividend) {
				out = out.add(t)
				continue
			}
			exact := polynomial{rest: t.by}
			for _, f := range t.factors {
				if f.key == q.dividend.key {
					exact = exact.times(atom(q.quotient).times(polynomial{rest: q.by}).plus(atom(q.remainder), 1))
				} else {
					exact = exact.times(atom(f))
				}
			}
			out = out.plus(exact, 1)
		}
		if out.rest >= 0 && !slices.ContainsFunc(out.terms, func(t term) bool { return t.by < 0 || !t.natural() }) {
			return true
		}
	}
	return false
}

func (t term) has(i integer) bool {
	return slices.ContainsFunc(t.factors, func(f integer) bool { return f.key == i.key })
}

// quotient says that dividend is by times quotient and a remainder.
type quotient struct {
	dividend, quotient, remainder integer
	by                            int64
}

// divided notes what is known of a / b.
func (c *compiler) divided(a, b, q integer) integer {
	q.natural = a.natural && b.natural
	if !q.natural {
		return q
	}
	if b.isConst() && a.below == nil && !slices.ContainsFunc(c.quotients, func(o quotient) bool { return o.quotient.key == q.key }) {
		rest := integer{reg: q.reg, key: q.key + " remainder", natural: true}
		for _, o := range c.quotients { // K / 32 is 8 times K / 256, and a remainder
			switch {
			case o.dividend.key != a.key:
			case b.constant%o.by == 0:
				c.quotients = append(c.quotients, quotient{o.quotient, q, rest, b.constant / o.by})
			case o.by%b.constant == 0:
				c.quotients = append(c.quotients, quotient{q, o.quotient, rest, o.by / b.constant})
			}
		}
		c.quotients = append(c.quotients, quotient{a, q, rest, b.constant})
	}
	if a.below == nil {
		return q
	}
	// a <= high, and each product in high but for a constant up to 0 is b times something.
	high, ok := c.most(a.below.positive())
	if !ok {
		return q
	}
	high.rest--
	below := polynomial{rest: 1}
	for _, t := range high.terms {
		i := slices.IndexFunc(t.factors, func(f integer) bool { return f.key == b.key })
		if b.isConst() || i < 0 {
			return q
		}
		below = below.add(term{t.by, slices.Delete(slices.Clone(t.factors), i, i+1)})
	}
	below = below.constantTerms()
	switch {
	case high.rest == 0:
	case high.rest < 0:
		below.rest--
	default:
		return q
	}
	q.below = &below
	return q
}

// constantTerms moves products of nothing to the constant.
func (p polynomial) constantTerms() polynomial {
	out := polynomial{rest: p.rest}
	for _, t := range p.terms {
		if len(t.factors) == 0 {
			out.rest += t.by
		} else {
			out = out.add(t)
		}
	}
	return out
}

// reduced notes what is known of a % b.
func (c *compiler) reduced(a, b, r integer) integer {
	r.natural = a.natural && b.natural
	if r.natural {
		below := atom(b)
		r.below = &below
	}
	return r
}
