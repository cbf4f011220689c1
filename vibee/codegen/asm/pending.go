package asm

import (
	"slices"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
	"github.com/mmcloughlin/avo/x86"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// pending is words, sums of products of bytes by twos, that are yet to be added by twos to lanes of 32 bits. Where
// several dots are added to a variable one after the other, their words are added while they fit.
type pending struct {
	sum    value // where they belong
	shares [2]share
}

// share is pending words, which count 2^shift each.
type share struct {
	shift uint8
	words []reg.Register // nil: none
	most  int64          // no word is larger in magnitude
}

const mostWord = 1<<15 - 1

// addPending takes the products of a, unsigned bytes, and b, signed ones, by twos: most in magnitude.
func (c *compiler) addPending(p *pending, s *share, a, b value, most int64) {
	if s.words != nil && s.most+most > mostWord {
		c.flushShare(p, s)
	}
	fresh := s.words == nil
	for i := range a.parts {
		to := widthOf(c.vector(a.bytes), a.bytes)
		c.Emit(three(x86.VPMADDUBSW)(b.op(i), a.op(i), to))
		if fresh {
			s.words = append(s.words, to)
		} else {
			c.Emit(three(x86.VPADDW)(to, s.words[i], s.words[i]))
		}
	}
	s.most += most
}

// flush adds all that is pending to the sum.
func (c *compiler) flush(p *pending) {
	for i := range p.shares {
		c.flushShare(p, &p.shares[i])
	}
}

func (c *compiler) flushShare(p *pending, s *share) {
	for i, w := range s.words {
		fours := widthOf(c.vector(p.sum.bytes), p.sum.bytes)
		c.Emit(three(x86.VPMADDWD)(c.data.lanes(i32, repeated(0x00010001, c.isa.bytes/4)...), w, fours))
		if s.shift > 0 {
			c.Emit(x86.VPSLLD(operand.U8(s.shift), fours, fours))
		}
		c.Emit(three(x86.VPADDD)(fours, p.sum.op(i), p.sum.op(i)))
	}
	s.words, s.most = nil, 0
}

// flushBefore adds what is pending for the variables that what follows mentions first otherwise than by adding another dot.
func (c *compiler) flushBefore(rest []loop.Stmt) {
	c.pending = slices.DeleteFunc(c.pending, func(p *ofVariable) bool {
		for _, s := range rest {
			if _, ok := addedDot(p.v, s); ok {
				return false
			}
			if mentionsVariable(s, p.v) {
				break
			}
		}
		c.flush(&p.pending)
		return true
	})
}

// ofVariable is what is pending for a variable.
type ofVariable struct {
	pending
	v *loop.Var
}

// pendingOf is what dots are added to that are added to v.
func (c *compiler) pendingOf(v *loop.Var, sum value) *pending {
	for _, p := range c.pending {
		if p.v == v {
			return &p.pending
		}
	}
	p := &ofVariable{newPending(sum), v}
	c.pending = append(c.pending, p)
	return &p.pending
}

func newPending(sum value) pending { return pending{sum: sum, shares: [2]share{{}, {shift: 4}}} }

// addedDot finds the dot in v = v + dot, or in what wraps that to 32 bits.
func addedDot(v *loop.Var, s loop.Stmt) (*loop.Dot, bool) {
	set, ok := s.(*loop.Set)
	if !ok || set.Var != v || v.Lanes == 1 {
		return nil, false
	}
	e := set.Value
	if w, ok := e.(*loop.Wrap); ok && w.Mem.Bytes() == 4 {
		e = w.A
	}
	b, ok := e.(*loop.Binary)
	if !ok || b.Op != loop.Add {
		return nil, false
	}
	r, isRef := b.A.(*loop.Ref)
	d, isDot := b.B.(*loop.Dot)
	return d, isRef && isDot && r.Var == v && !mentions(d, v)
}

func mentions(e loop.Expr, v *loop.Var) (found bool) {
	loop.Walk(e, func(e loop.Expr) {
		r, ok := e.(*loop.Ref)
		found = found || ok && r.Var == v
	})
	return found
}

// mentionsVariable reports whether a statement, or one within it, reads or sets v.
func mentionsVariable(s loop.Stmt, v *loop.Var) (found bool) {
	loop.WalkStmts([]loop.Stmt{s}, func(s loop.Stmt) {
		set, ok := s.(*loop.Set)
		found = found || ok && set.Var == v
		for _, e := range loop.Exprs(s) {
			found = found || mentions(e, v)
		}
	})
	return found
}
