package asm

import (
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
	"github.com/mmcloughlin/avo/x86"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// predicates of VCMPPS: false where an operand is NaN, but Ne.
var predicates = map[loop.Op]operand.U8{loop.Eq: 0, loop.Ne: 4, loop.Lt: 17, loop.Le: 18, loop.Ge: 29, loop.Gt: 30}

// intPredicates are those of VPCMPD.
var intPredicates = map[loop.Op]operand.U8{loop.Eq: 0, loop.Lt: 1, loop.Le: 2, loop.Ne: 4, loop.Ge: 5, loop.Gt: 6}

type jump func(to operand.Op) (*ir.Instruction, error)

// jumps after comparing integers, when the comparison holds.
var jumps = map[loop.Op]jump{loop.Eq: x86.JEQ, loop.Ne: x86.JNE, loop.Lt: x86.JLT, loop.Le: x86.JLE, loop.Gt: x86.JGT, loop.Ge: x86.JGE}

var opposite = map[loop.Op]loop.Op{loop.Eq: loop.Ne, loop.Ne: loop.Eq, loop.Lt: loop.Ge, loop.Ge: loop.Lt, loop.Gt: loop.Le, loop.Le: loop.Gt}

var sets = map[loop.Op]func(operand.Op) (*ir.Instruction, error){loop.Eq: x86.SETEQ, loop.Ne: x86.SETNE, loop.Lt: x86.SETLT, loop.Le: x86.SETLE, loop.Gt: x86.SETGT, loop.Ge: x86.SETGE}

// decided evaluates a condition of one lane over constants.
func (c *compiler) decided(e loop.Expr) (holds, ok bool) {
	b, isBinary := e.(*loop.Binary)
	if u, isNot := e.(*loop.Unary); isNot {
		v, ok := c.decided(u.A)
		return !v, ok
	}
	if !isBinary {
		return false, false
	}
	if b.A.Type() == loop.Bool {
		x, okX := c.decided(b.A)
		y, okY := c.decided(b.B)
		switch b.Op {
		case loop.And:
			return x && y, okX && okY || okX && !x || okY && !y
		case loop.Or:
			return x || y, okX && okY || okX && x || okY && y
		}
		return false, false
	}
	p, okP := c.constantInt(b.A)
	q, okQ := c.constantInt(b.B)
	if !okP || !okQ {
		return false, false
	}
	return map[loop.Op]bool{loop.Eq: p == q, loop.Ne: p != q, loop.Lt: p < q, loop.Le: p <= q, loop.Gt: p > q, loop.Ge: p >= q}[b.Op], true
}

// constantInt evaluates an Int of one lane over constants, as unrolled loops have them.
func (c *compiler) constantInt(e loop.Expr) (int64, bool) {
	switch e := e.(type) {
	case *loop.ConstInt:
		return e.V, true
	case *loop.Ref:
		if v := c.vars[e.Var]; v != nil && v.sum != nil {
			return v.sum.rest, len(v.sum.terms) == 0
		} else if v != nil && e.Var.Type == loop.Int && e.Var.Lanes == 1 && v.integerValue.isConst() {
			return v.integerValue.constant, true
		}
	case *loop.Binary:
		x, okX := c.constantInt(e.A)
		y, okY := c.constantInt(e.B)
		switch {
		case !okX || !okY:
		case e.Op == loop.Add:
			return x + y, true
		case e.Op == loop.Sub:
			return x - y, true
		case e.Op == loop.Mul:
			return x * y, true
		case e.Op == loop.Div && y != 0:
			return x / y, true
		case e.Op == loop.Mod && y != 0:
			return x % y, true
		}
	}
	return 0, false
}

// branch jumps to label if a condition of one lane is what when says, else goes on.
func (c *compiler) branch(e loop.Expr, label string, when bool) {
	to := operand.LabelRef(label)
	switch e := e.(type) {
	case *loop.Unary:
		c.branch(e.A, label, !when)
		return
	case *loop.Binary:
		switch {
		case e.A.Type() == loop.Bool && (e.Op == loop.And || e.Op == loop.Or):
			second := func() { // what it computes is known only where it runs
				c.region(false, func() { c.branch(e.B, label, when) })
				c.Append(c.Close())
			}
			if (e.Op == loop.Or) == when {
				c.branch(e.A, label, when)
				second()
				return
			}
			past := c.Label("past")
			c.branch(e.A, past, !when)
			second()
			c.Mark(past)
			return
		case e.A.Type() == loop.Int && e.Op.Compare():
			op := e.Op
			if !when {
				op = opposite[op]
			}
			a, b := c.gp(c.int(e.A)), c.source(c.int(e.B))
			c.Emit(x86.CMPQ(a, b))
			c.Emit(jumps[op](to))
			return
		}
	}
	f := c.flag(e)
	c.Emit(x86.TESTQ(f, f))
	if when {
		c.Emit(x86.JNE(to))
	} else {
		c.Emit(x86.JEQ(to))
	}
}

// flag gives a condition of one lane as 0 or 1.
func (c *compiler) flag(e loop.Expr) reg.GPVirtual { return c.toFlag(c.boolean(e)) }

func (c *compiler) toFlag(v value) reg.GPVirtual {
	if !v.mask {
		return c.gp(v.integerValue)
	}
	r := c.Regs.GP64()
	if c.isa.masks {
		c.Emit(x86.KMOVW(v.parts[0], r.As32()))
	} else {
		c.Emit(x86.VMOVD(v.op(0), r.As32()))
	}
	one := c.Regs.GP64()
	c.Emit(x86.MOVQ(r, one))
	c.Emit(x86.ANDQ(operand.Imm(1), one))
	return one
}

// boolean emits a Bool expression: of one lane as it comes, of several as a mask.
func (c *compiler) boolean(e loop.Expr) value {
	switch e := e.(type) {
	case *loop.Ref:
		return c.read(e.Var)
	case *loop.Splat:
		return c.splatMask(e)
	case *loop.Unary:
		return c.invert(c.boolean(e.A))
	case *loop.Select:
		cond, a, b := c.boolean(e.Cond), c.boolean(e.A), c.boolean(e.B)
		return c.join(loop.Or, c.join(loop.And, cond, a), c.join(loop.And, c.invert(cond), b))
	case *loop.Binary:
		switch {
		case e.A.Type() == loop.Bool && e.Op == loop.Eq:
			return c.invert(c.join(loop.Xor, c.boolean(e.A), c.boolean(e.B)))
		case e.A.Type() == loop.Bool && e.Op == loop.Ne:
			return c.join(loop.Xor, c.boolean(e.A), c.boolean(e.B))
		case e.A.Type() == loop.Bool:
			return c.join(e.Op, c.boolean(e.A), c.boolean(e.B))
		case e.A.Type() == loop.Int && e.Lanes() == 1:
			return c.compareInt(e)
		case e.A.Type() == loop.Int:
			return c.compareLanes(e)
		}
		return c.compareFloat(e)
	}
	unsupported("%T of conditions", e)
	return value{}
}

func (c *compiler) compareInt(e *loop.Binary) value {
	a, b := c.gp(c.int(e.A)), c.source(c.int(e.B))
	low := c.Regs.GP64()
	c.Emit(x86.CMPQ(a, b))
	c.Emit(sets[e.Op](low.As8L()))
	r := c.Regs.GP64()
	c.Emit(x86.MOVBQZX(low.As8L(), r))
	return value{typ: loop.Bool, lanes: 1, integerValue: c.computed(r), level: c.Level()}
}

func (c *compiler) compareFloat(e *loop.Binary) value {
	a := c.float(e.A)
	v := c.freshMask(a.elem, e.Lanes())
	ops, broadcast := c.operands(e.B, a)
	double := a.elem == f64
	for i := range v.parts {
		p, args := predicates[e.Op], []operand.Op{ops[i], a.op(i), v.op(i)}
		args = append([]operand.Op{p}, args...)
		var op instruction
		switch {
		case v.lanes == 1 && double:
			op = x86.VCMPSD
		case v.lanes == 1:
			op = x86.VCMPSS
		case broadcast && double:
			op = x86.VCMPPD_BCST
		case broadcast:
			op = x86.VCMPPS_BCST
		case double:
			op = x86.VCMPPD
		default:
			op = x86.VCMPPS
		}
		c.Emit(op(args...))
	}
	return v
}

// compareLanes compares integers in the narrowest lanes that hold both.
func (c *compiler) compareLanes(e *loop.Binary) value {
	el := i64
	if x, y := c.ranges.Int(e.A), c.ranges.Int(e.B); x.Within(-1<<31, 1<<31-1) && y.Within(-1<<31, 1<<31-1) {
		el = i32
	}
	a, b := c.integers(e.A, el), c.integers(e.B, el)
	v := c.freshMask(el, e.Lanes())
	for i := range v.parts {
		if c.isa.masks {
			op := x86.VPCMPD
			if el == i64 {
				op = x86.VPCMPQ
			}
			c.Emit(op(intPredicates[e.Op], b.op(i), a.op(i), v.op(i)))
			continue
		}
		c.compareAVX2(e.Op, el, a.op(i), b.op(i), v.op(i))
	}
	return v
}

// compareAVX2 has only == and > to make the others of.
func (c *compiler) compareAVX2(op loop.Op, e elem, a, b, to operand.Op) {
	equal, greater := x86.VPCMPEQD, x86.VPCMPGTD
	if e == i64 {
		equal, greater = x86.VPCMPEQQ, x86.VPCMPGTQ
	}
	switch op {
	case loop.Eq, loop.Ne:
		c.Emit(equal(b, a, to))
	case loop.Gt, loop.Le:
		c.Emit(greater(b, a, to))
	default:
		c.Emit(greater(a, b, to))
	}
	if op == loop.Ne || op == loop.Le || op == loop.Ge {
		c.Emit(x86.VXORPS(c.ones(), to, to))
	}
}

// ones is a vector of set bits in memory.
func (c *compiler) ones() operand.Mem {
	return c.data.lanes(i32, repeated(-1, c.isa.bytes/4)...)
}

// invert is not.
func (c *compiler) invert(v value) value {
	if !v.mask {
		r := c.Regs.GP64()
		c.Emit(x86.MOVQ(c.gp(v.integerValue), r))
		c.Emit(x86.XORQ(operand.Imm(1), r))
		return value{typ: loop.Bool, lanes: 1, integerValue: c.computed(r), level: c.Level()}
	}
	out := c.freshMask(v.elem, v.lanes)
	for i := range v.parts {
		if c.isa.masks {
			c.Emit(x86.KNOTW(v.op(i), out.op(i)))
		} else {
			c.Emit(x86.VXORPS(c.ones(), v.op(i), out.op(i)))
		}
	}
	return out
}

// join combines conditions.
func (c *compiler) join(op loop.Op, a, b value) value {
	if !a.mask && !b.mask {
		r := c.Regs.GP64()
		c.Emit(x86.MOVQ(c.gp(a.integerValue), r))
		f := map[loop.Op]func(a, b operand.Op) (*ir.Instruction, error){loop.And: x86.ANDQ, loop.Or: x86.ORQ, loop.Xor: x86.XORQ}[op]
		c.Emit(f(c.gp(b.integerValue), r))
		return value{typ: loop.Bool, lanes: 1, integerValue: c.computed(r), level: c.Level()}
	}
	e := a.elem
	if !a.mask {
		e = b.elem
	}
	a, b = c.toMask(a, e), c.toMask(b, e)
	out := c.freshMask(e, a.lanes)
	for i := range out.parts {
		if c.isa.masks {
			f := map[loop.Op]func(a, b, to operand.Op) (*ir.Instruction, error){loop.And: x86.KANDW, loop.Or: x86.KORW, loop.Xor: x86.KXORW}[op]
			c.Emit(f(b.op(i), a.op(i), out.op(i)))
			continue
		}
		f := map[loop.Op]instruction{loop.And: x86.VANDPS, loop.Or: x86.VORPS, loop.Xor: x86.VXORPS}[op]
		c.Emit(f(b.op(i), a.op(i), out.op(i)))
	}
	return out
}

// toMask gives a condition as a mask for lanes of e.
func (c *compiler) toMask(v value, e elem) value {
	if v.mask {
		switch {
		case v.elem.bytes() == e.bytes():
			return v
		case c.isa.masks && v.lanes == 1:
			v.elem = e
			return v
		case v.lanes == 1 && e.bytes() == 8:
			out := c.freshMask(e, 1)
			c.Emit(x86.VPMOVSXDQ(v.op(0), out.op(0)))
			return out
		case v.lanes == 1: // the low half of a wide lane
			v.elem = e
			return v
		}
		unsupported("a condition on lanes of %d bytes for lanes of %d", v.elem.bytes(), e.bytes())
	}
	out := c.freshMask(e, 1)
	f := c.gp(v.integerValue)
	if c.isa.masks {
		c.Emit(x86.KMOVW(f.As32(), out.op(0)))
		return out
	}
	r := c.Regs.GP64()
	c.Emit(x86.MOVQ(f, r))
	c.Emit(x86.NEGQ(r))
	c.Emit(x86.VMOVQ(r, out.op(0)))
	return out
}

// splatMask repeats a condition for lanes of four bytes.
func (c *compiler) splatMask(e *loop.Splat) value {
	f := c.flag(e.A)
	r := c.Regs.GP64()
	c.Emit(x86.MOVQ(f, r))
	c.Emit(x86.NEGQ(r))
	out := c.freshMask(i32, e.N)
	for i := range out.parts {
		if c.isa.masks {
			c.Emit(x86.KMOVW(r.As32(), out.op(i)))
			continue
		}
		x := c.Regs.XMM()
		c.Emit(x86.VMOVD(r.As32(), x))
		c.Emit(x86.VPBROADCASTD(x, out.op(i)))
	}
	return out
}

// choose emits a Select of floats: both sides are computed.
func (c *compiler) choose(e *loop.Select) value {
	if v, ok := c.decided(e.Cond); ok && e.Lanes() == 1 {
		if v {
			return c.float(e.A)
		}
		return c.float(e.B)
	}
	a, b := c.float(e.A), c.float(e.B)
	return c.blend(c.boolean(e.Cond), a, b)
}

// blend takes lanes of a where cond holds, else of b.
func (c *compiler) blend(cond, a, b value) value {
	m := c.toMask(cond, a.elem)
	v := value{typ: a.typ, lanes: a.lanes, elem: a.elem, bytes: a.bytes, level: c.Level(), parts: make([]reg.Register, len(a.parts))}
	if len(m.parts) != len(v.parts) {
		unsupported("a condition in %d registers for a value in %d", len(m.parts), len(v.parts))
	}
	double := a.elem.bytes() == 8
	for i := range v.parts {
		v.parts[i] = c.vector(v.bytes)
		switch {
		case c.isa.masks && double:
			c.Emit(onlyWrites(x86.VBLENDMPD(a.op(i), b.op(i), m.op(i), v.op(i))))
		case c.isa.masks:
			c.Emit(onlyWrites(x86.VBLENDMPS(a.op(i), b.op(i), m.op(i), v.op(i))))
		case double:
			c.Emit(x86.VBLENDVPD(m.op(i), a.op(i), b.op(i), v.op(i)))
		default:
			c.Emit(x86.VBLENDVPS(m.op(i), a.op(i), b.op(i), v.op(i)))
		}
	}
	return v
}

// onlyWrites tells that an instruction with a mask reads nothing of its last operand, which avo takes for merged with.
func onlyWrites(i *ir.Instruction, err error) (*ir.Instruction, error) {
	if err == nil {
		i.Inputs = i.Inputs[:len(i.Inputs)-1]
	}
	return i, err
}
