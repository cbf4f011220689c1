package asm

import (
	"github.com/mmcloughlin/avo/x86"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// line is how many bytes a processor brings from memory at once.
const line = 64

// prefetch asks for each line of what is wanted: to the first cache what is written, which takes its place at once,
// to the second what is read, which is more. No address faults.
func (c *compiler) prefetch(s *loop.Prefetch) {
	ask := x86.PREFETCHT1
	if s.Write {
		ask = x86.PREFETCHT0
	}
	first := atom(c.base(s.Buf)).plus(c.polynomial(s.Index), unit(s.Buf))
	if s.Stride == nil {
		c.Emit(ask(c.memory(first)))
		return
	}
	stride := c.mulInt(c.total(c.polynomial(s.Stride)), number(unit(s.Buf)))
	if stride.isConst() && stride.constant > 0 && stride.constant < line {
		for at := int64(0); at < int64(s.N)*stride.constant; at += line {
			c.Emit(ask(c.memory(first.plus(polynomial{rest: at}, 1))))
		}
		return
	}
	for _, at := range c.spread(first, stride, s.N) {
		c.Emit(ask(c.memory(at.polynomial())))
	}
}
