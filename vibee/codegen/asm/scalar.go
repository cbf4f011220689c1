package asm

import (
	"fmt"

	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
	"github.com/mmcloughlin/avo/x86"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// int emits an Int expression of one lane.
func (c *compiler) int(e loop.Expr) integer {
	switch e := e.(type) {
	case *loop.ConstInt:
		return number(e.V)
	case *loop.Ref:
		if v := c.vars[e.Var]; v != nil && v.sum != nil {
			return c.total(*v.sum)
		}
		return c.read(e.Var).integer()
	case *loop.Load:
		return c.loadInt(e.Mem, c.element(e.Buf, e.Mem, c.polynomial(e.Index)))
	case *loop.Peek:
		return c.loadInt(e.Mem, c.peek(e, 0))
	case *loop.Binary:
		return c.intBinary(e)
	case *loop.Unary:
		return c.intUnary(e)
	case *loop.Wrap:
		return c.wrap(e)
	case *loop.Convert:
		return c.truncate(e)
	case *loop.Bits:
		return c.bitsOf(e)
	case *loop.Select:
		return c.intSelect(e)
	case *loop.Reduce:
		if e.A.Lanes() == 1 {
			return c.int(e.A)
		}
		return c.reduceInt(e)
	}
	unsupported("%T of integers", e)
	return integer{}
}

// read gives a variable's value. A mutable one is its register, until it is set again.
func (c *compiler) read(v *loop.Var) value {
	x := c.vars[v]
	if x == nil {
		panic(fmt.Errorf("%s is not assigned", v.Name))
	}
	out := x.value
	if v.Mutable {
		out.key, out.level = fmt.Sprintf("%s@%d", v.Name, x.version), x.level
		out.integerValue.key, out.integerValue.level = out.key, x.level
	}
	return out
}

func (c *compiler) intBinary(e *loop.Binary) integer {
	switch e.Op {
	case loop.Add, loop.Sub, loop.Mul:
		return c.total(c.polynomial(e))
	case loop.Div, loop.Mod:
		return c.divide(e)
	case loop.Min, loop.Max:
		return c.extreme(e)
	}
	a, b := c.int(e.A), c.int(e.B)
	switch e.Op {
	case loop.Shl:
		return c.shift("<<", a, b)
	case loop.Shr:
		return c.shift(">>", a, b)
	case loop.And:
		if a.isConst() && b.isConst() {
			return number(a.constant & b.constant)
		}
		if s := c.ranges.Int(e.A); b.isConst() && b.constant&(b.constant+1) == 0 && s.Within(0, b.constant) {
			return a
		}
		return c.commutative("&", a, b, x86.ANDQ)
	case loop.Or:
		if a.isConst() && b.isConst() {
			return number(a.constant | b.constant)
		}
		return c.commutative("|", a, b, x86.ORQ)
	case loop.Xor:
		if a.isConst() && b.isConst() {
			return number(a.constant ^ b.constant)
		}
		return c.commutative("^", a, b, x86.XORQ)
	}
	unsupported("the operator %v of integers", e.Op)
	return integer{}
}

func (c *compiler) commutative(name string, a, b integer, op func(b, a operand.Op) (*ir.Instruction, error)) integer {
	if a.isConst() {
		a, b = b, a
	}
	return c.two(name, a, b, op)
}

// extreme is min or max.
func (c *compiler) extreme(e *loop.Binary) integer {
	a, b := c.int(e.A), c.int(e.B)
	if a.isConst() && b.isConst() {
		if e.Op == loop.Min {
			return number(min(a.constant, b.constant))
		}
		return number(max(a.constant, b.constant))
	}
	ra, rb := c.gp(a), c.gp(b)
	v := c.pure(e.Op.String(), []integer{a, b}, func(to reg.GPVirtual) {
		c.Emit(x86.MOVQ(rb, to))
		c.Emit(x86.CMPQ(ra, rb))
		if e.Op == loop.Min {
			c.Emit(x86.CMOVQLT(ra, to))
		} else {
			c.Emit(x86.CMOVQGT(ra, to))
		}
	}).naturalIf(a, b)
	if e.Op == loop.Min && v.natural {
		below, also := atom(a), atom(b)
		below.rest++
		also.rest++
		v.below, v.also = &below, &also
	}
	return v
}

func (c *compiler) intUnary(e *loop.Unary) integer {
	a := c.int(e.A)
	switch {
	case e.Op == loop.Neg:
		return c.mulInt(a, number(-1))
	case e.Op == loop.Abs && a.isConst():
		return number(max(a.constant, -a.constant))
	case e.Op == loop.Abs:
		ra := c.gp(a)
		return c.pure("abs", []integer{a}, func(to reg.GPVirtual) {
			c.Emit(x86.MOVQ(ra, to))
			c.Emit(x86.NEGQ(to))
			c.Emit(x86.CMOVQMI(ra, to))
		})
	}
	unsupported("the operator %v of integers", e.Op)
	return integer{}
}

// wrap keeps the low bits of an integer and extends them.
func (c *compiler) wrap(e *loop.Wrap) integer {
	a := c.int(e.A)
	if a.isConst() {
		switch e.Mem {
		case loop.MemU8:
			return number(int64(uint8(a.constant)))
		case loop.MemI8:
			return number(int64(int8(a.constant)))
		case loop.MemU16:
			return number(int64(uint16(a.constant)))
		case loop.MemI16:
			return number(int64(int16(a.constant)))
		case loop.MemU32:
			return number(int64(uint32(a.constant)))
		case loop.MemI32:
			return number(int64(int32(a.constant)))
		}
		return a
	}
	ra := c.gp(a)
	if e.Mem == loop.MemI64 {
		return a
	}
	return c.pure("wrap "+e.Mem.String(), []integer{a}, func(to reg.GPVirtual) {
		switch e.Mem {
		case loop.MemU8:
			c.Emit(x86.MOVBQZX(ra.As8L(), to))
		case loop.MemI8:
			c.Emit(x86.MOVBQSX(ra.As8L(), to))
		case loop.MemU16:
			c.Emit(x86.MOVWQZX(ra.As16(), to))
		case loop.MemI16:
			c.Emit(x86.MOVWQSX(ra.As16(), to))
		case loop.MemU32:
			c.Emit(x86.MOVL(ra.As32(), to.As32()))
		case loop.MemI32:
			c.Emit(x86.MOVLQSX(ra.As32(), to))
		}
	})
}

// loadInt reads an integer of memory.
func (c *compiler) loadInt(m loop.Mem, at operand.Mem) integer {
	r := c.Regs.GP64()
	switch m {
	case loop.MemU8:
		c.Emit(x86.MOVBQZX(at, r))
	case loop.MemI8:
		c.Emit(x86.MOVBQSX(at, r))
	case loop.MemU16:
		c.Emit(x86.MOVWQZX(at, r))
	case loop.MemI16:
		c.Emit(x86.MOVWQSX(at, r))
	case loop.MemU32:
		c.Emit(x86.MOVL(at, r.As32()))
	case loop.MemI32:
		c.Emit(x86.MOVLQSX(at, r))
	default:
		c.Emit(x86.MOVQ(at, r))
	}
	return c.computed(r)
}

// computed is a value that is settled here, and depends on memory.
func (c *compiler) computed(r reg.GPVirtual) integer {
	return integer{reg: r, key: fmt.Sprintf("r%d", r.VirtualIndex()), level: c.Level(), data: true}
}

// truncate makes an integer of a float.
func (c *compiler) truncate(e *loop.Convert) integer {
	r := c.Regs.GP64()
	a := c.float(e.A)
	if e.A.Type() == loop.F64 {
		c.Emit(x86.VCVTTSD2SIQ(a.op(0), r))
	} else {
		c.Emit(x86.VCVTTSS2SIQ(a.op(0), r))
	}
	return c.computed(r)
}

// bitsOf reinterprets a float.
func (c *compiler) bitsOf(e *loop.Bits) integer {
	r := c.Regs.GP64()
	a := c.float(e.A)
	if e.A.Type() == loop.F64 {
		c.Emit(x86.VMOVQ(a.op(0), r))
	} else {
		c.Emit(x86.VMOVD(a.op(0), r.As32()))
	}
	return c.computed(r)
}

// intSelect chooses between two integers.
func (c *compiler) intSelect(e *loop.Select) integer {
	if v, ok := c.decided(e.Cond); ok {
		if v {
			return c.int(e.A)
		}
		return c.int(e.B)
	}
	a, b := c.int(e.A), c.int(e.B)
	ra, rb := c.gp(a), c.gp(b)
	cond := c.flag(e.Cond)
	r := c.Regs.GP64()
	c.Emit(x86.MOVQ(rb, r))
	c.Emit(x86.TESTQ(cond, cond))
	c.Emit(x86.CMOVQNE(ra, r))
	v := c.computed(r)
	v.data = a.data || b.data
	return v
}
