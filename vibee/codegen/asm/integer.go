package asm

import (
	"fmt"
	"math/bits"

	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
	"github.com/mmcloughlin/avo/x86"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// integer is one 64-bit integer: a constant, or a general-purpose register.
type integer struct {
	constant int64
	reg      reg.GPVirtual // nil: constant
	key      string        // names the value: the same key is the same value
	level    int           // of the region in which it is settled
	data     bool          // it depends on memory: as an index it must be checked
	loop     *counting     // the loop whose counter it is
	natural  bool          // it is not negative
	below    *polynomial   // what it is less than; nil: not known
	also     *polynomial   // what else it is less than
}

func number(v int64) integer { return integer{constant: v, key: fmt.Sprint(v), natural: v >= 0} }

func (i integer) isConst() bool { return i.reg == nil }

func (i integer) value() value {
	return value{typ: loop.Int, lanes: 1, integerValue: i, key: i.key, level: i.level}
}

// pure gives a value that depends on nothing but others: computed once, in the outermost place where that saves
// work, which is before a loop.
func (c *compiler) pure(key string, deps []integer, emit func(to reg.GPVirtual)) integer {
	level, data := 0, false
	for _, d := range deps {
		level, data = max(level, d.level), data || d.data
		key += " " + d.key
	}
	v := c.once(key, level, func() value {
		r := c.Regs.GP64()
		emit(r)
		return integer{reg: r, key: fmt.Sprintf("r%d", r.VirtualIndex()), level: c.Level()}.value()
	}).integer()
	v.data = data
	return v
}

// once gives the value known under key in a region, or emits it in the outermost region that level allows and
// that is outside of a loop.
func (c *compiler) once(key string, level int, emit func() value) value {
	here := c.Level()
	for l := here; l >= level; l-- {
		if v, ok := c.known[l][key]; ok {
			return v
		}
	}
	target := here
	for _, l := range c.loops {
		if l.level > level && l.level <= here {
			target = l.level - 1
			break
		}
	}
	var v value
	c.At(target, func() {
		v = emit()
		v.level = c.Level()
	})
	c.known[target][key] = v
	return v
}

// in32 is a constant as an immediate operand.
func in32(v int64) operand.Op { return operand.I32(int32(v)) }

func fits32(v int64) bool { return v == int64(int32(v)) }

// gp gives i in a register.
func (c *compiler) gp(i integer) reg.GPVirtual {
	if i.reg != nil {
		return i.reg
	}
	return c.pure("constant "+i.key, nil, func(to reg.GPVirtual) { c.loadConst(i.constant, to) }).reg
}

func (c *compiler) loadConst(v int64, to reg.GPVirtual) {
	if fits32(v) {
		c.Emit(x86.MOVQ(in32(v), to))
		return
	}
	c.Emit(x86.MOVQ(operand.I64(v), to))
}

// source is i as an operand that may be an immediate.
func (c *compiler) source(i integer) operand.Op {
	if i.isConst() && fits32(i.constant) {
		return in32(i.constant)
	}
	return c.gp(i)
}

// two emits a copy of a and an instruction that changes it by b.
func (c *compiler) two(name string, a, b integer, op func(b, a operand.Op) (*ir.Instruction, error)) integer {
	ra, rb := c.gp(a), c.source(b)
	return c.pure(name, []integer{a, b}, func(to reg.GPVirtual) {
		c.Emit(x86.MOVQ(ra, to))
		c.Emit(op(rb, to))
	})
}

func (c *compiler) addInt(a, b integer) integer {
	switch {
	case a.isConst() && b.isConst():
		return number(a.constant + b.constant)
	case a.isConst():
		a, b = b, a
	}
	if b.isConst() {
		if b.constant == 0 {
			return a
		}
		if fits32(b.constant) {
			v := c.pure("+", []integer{a, b}, func(to reg.GPVirtual) {
				c.Emit(x86.LEAQ(operand.Mem{Base: a.reg, Disp: int(b.constant)}, to))
			}).naturalIf(a, b)
			if a.below != nil {
				below := a.below.plus(polynomial{rest: b.constant}, 1)
				v.below = &below
			}
			return v
		}
		b.reg = c.gp(b)
	}
	return c.scaled(a, b, 1)
}

// scaled is a + b*scale.
func (c *compiler) scaled(a, b integer, scale int64) integer {
	ra, rb := c.gp(a), c.gp(b)
	return c.pure(fmt.Sprintf("+%d*", scale), []integer{a, b}, func(to reg.GPVirtual) {
		c.Emit(x86.LEAQ(operand.Mem{Base: ra, Index: rb, Scale: uint8(scale)}, to))
	}).naturalIf(a, b)
}

// naturalIf notes that i is not negative if the operands are not.
func (i integer) naturalIf(operands ...integer) integer {
	i.natural = true
	for _, o := range operands {
		i.natural = i.natural && o.natural
	}
	return i
}

func (c *compiler) mulInt(a, b integer) integer {
	switch {
	case a.isConst() && b.isConst():
		return number(a.constant * b.constant)
	case a.isConst():
		a, b = b, a
	}
	if b.isConst() {
		switch k := b.constant; {
		case k == 0:
			return number(0)
		case k == 1:
			return a
		case k > 0 && k&(k-1) == 0:
			return c.shift("<<", a, number(int64(bits.TrailingZeros64(uint64(k)))))
		}
	}
	if a.loop == nil || b.level >= a.loop.level {
		a, b = b, a
	}
	if a.loop != nil && b.level < a.loop.level {
		return c.multiple(a, b)
	}
	if a.isConst() {
		a, b = b, a
	}
	ra, rb := c.gp(a), c.source(b)
	return c.pure("*", []integer{a, b}, func(to reg.GPVirtual) {
		if _, immediate := rb.(operand.Constant); immediate {
			c.Emit(x86.IMUL3Q(rb, ra, to))
			return
		}
		c.Emit(x86.MOVQ(ra, to))
		c.Emit(x86.IMULQ(rb, to))
	}).naturalIf(a, b)
}

// multiple is a loop's counter times what the loop does not change: a register that runs along.
func (c *compiler) multiple(counter, by integer) integer {
	l := counter.loop
	key := "multiple " + counter.key + " " + by.key
	if v, ok := c.known[l.level][key]; ok {
		return v.integer()
	}
	r := c.Regs.GP64()
	v := integer{reg: r, key: fmt.Sprintf("r%d", r.VirtualIndex()), level: l.level, data: counter.data || by.data}.naturalIf(counter, by)
	var step integer
	c.At(l.level-1, func() { step = c.mulInt(by, number(l.step)) })
	l.running = append(l.running, running{v, step})
	c.At(l.level-1, func() {
		first := c.mulInt(by, l.lo)
		if first.isConst() {
			c.loadConst(first.constant, r)
			return
		}
		c.Emit(x86.MOVQ(first.reg, r))
	})
	c.known[l.level][key] = v.value()
	return v
}

// shift is a << or an unsigned >>.
func (c *compiler) shift(op string, a, by integer) integer {
	if a.isConst() && by.isConst() {
		if op == "<<" {
			return number(a.constant << uint(by.constant))
		}
		return number(int64(uint64(a.constant) >> uint(by.constant)))
	}
	if by.isConst() {
		if by.constant == 0 {
			return a
		}
		ra := c.gp(a)
		return c.pure(op, []integer{a, by}, func(to reg.GPVirtual) {
			c.Emit(x86.MOVQ(ra, to))
			if op == "<<" {
				c.Emit(x86.SHLQ(operand.U8(by.constant), to))
			} else {
				c.Emit(x86.SHRQ(operand.U8(by.constant), to))
			}
		}).naturalIf(a)
	}
	ra, rb := c.gp(a), c.gp(by)
	return c.pure(op, []integer{a, by}, func(to reg.GPVirtual) {
		if op == "<<" {
			c.Emit(x86.SHLXQ(rb, ra, to))
		} else {
			c.Emit(x86.SHRXQ(rb, ra, to))
		}
	})
}

// divide is a / b, or a % b. A constant power of two divides what is not negative by a shift.
func (c *compiler) divide(e *loop.Binary) integer {
	a, b := c.int(e.A), c.int(e.B)
	remainder := e.Op == loop.Mod
	if a.isConst() && b.isConst() && b.constant != 0 {
		if remainder {
			return number(a.constant % b.constant)
		}
		return number(a.constant / b.constant)
	}
	if k := b.constant; b.isConst() && k > 0 && k&(k-1) == 0 && c.ranges.Int(e.A).Lo >= 0 {
		if remainder {
			return c.reduced(a, b, c.two("&", a, number(k-1), x86.ANDQ))
		}
		return c.divided(a, b, c.shift(">>", a, number(int64(bits.TrailingZeros64(uint64(k))))))
	}
	if c.ranges.Int(e.B).Lo < 0 {
		unsupported("a division by what may be negative")
	}
	ra, rb := c.gp(a), c.gp(b)
	name := "/"
	if remainder {
		name = "%"
	}
	v := c.pure(name, []integer{a, b}, func(to reg.GPVirtual) {
		if !b.isConst() {
			c.Emit(x86.TESTQ(rb, rb))
			c.Emit(x86.JEQ(operand.LabelRef(c.fail)))
			c.fails = true
		}
		c.Emit(x86.MOVQ(ra, reg.RAX))
		c.Emit(x86.CQO())
		c.Emit(x86.IDIVQ(rb))
		if remainder {
			c.Emit(x86.MOVQ(reg.RDX, to))
		} else {
			c.Emit(x86.MOVQ(reg.RAX, to))
		}
	})
	if remainder {
		return c.reduced(a, b, v)
	}
	return c.divided(a, b, v)
}
