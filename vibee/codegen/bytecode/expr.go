package bytecode

import (
	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/vm"
)

var binaryOps = map[loop.Op]vm.Op{
	loop.Add: vm.Add, loop.Sub: vm.Sub, loop.Mul: vm.Mul, loop.Div: vm.Div, loop.Mod: vm.Mod, loop.Min: vm.Min, loop.Max: vm.Max,
	loop.And: vm.And, loop.Or: vm.Or, loop.Xor: vm.Xor, loop.Shl: vm.Shl, loop.Shr: vm.Shr,
	loop.Eq: vm.Eq, loop.Ne: vm.Ne, loop.Lt: vm.Lt, loop.Le: vm.Le, loop.Gt: vm.Gt, loop.Ge: vm.Ge,
}

var unaryOps = map[loop.Op]vm.Op{
	loop.Neg: vm.Neg, loop.Abs: vm.Abs, loop.Not: vm.Not, loop.Sqrt: vm.Sqrt,
	loop.Floor: vm.Floor, loop.Ceil: vm.Ceil, loop.Trunc: vm.Trunc, loop.Rint: vm.Rint,
}

var reduceOps = map[loop.Op]vm.Op{loop.Add: vm.ReduceAdd, loop.Min: vm.ReduceMin, loop.Max: vm.ReduceMax}

// expr compiles e and gives where its value is: in dst if it had to be computed and fits there.
// Its lanes are e's, or one where all are equal.
func (c *compiler) expr(e loop.Expr, dst *operand) operand {
	if c.err != nil {
		return operand{lanes: 1}
	}
	if o, ok := c.mapped(e, dst); ok {
		return o
	}
	switch e := e.(type) {
	case *loop.ConstInt:
		return integer(e.V)
	case *loop.ConstFloat:
		return c.float(e)
	case *loop.Ref:
		o, ok := c.vars[e.Var]
		if !ok {
			c.fail("variable %s is read before it is defined", e.Var.Name)
		}
		return o
	case *loop.Splat:
		return c.expr(e.A, nil)
	case *loop.Binary:
		return c.binary(e, dst)
	case *loop.Unary:
		return c.apply(unaryOps[e.Op], kind(e.Type()), dst, e.A)
	case *loop.Select:
		return c.apply(vm.Select, kind(e.Type()), dst, e.Cond, e.A, e.B)
	case *loop.Convert:
		if e.To == e.A.Type() {
			return c.expr(e.A, dst)
		}
		return c.apply(vm.Convert, kind(e.To), dst, e.A)
	case *loop.Bits:
		if e.To == e.A.Type() {
			return c.expr(e.A, dst)
		}
		return c.apply(vm.Bits, kind(e.To), dst, e.A)
	case *loop.Wrap:
		return c.narrow(vm.Wrap, e.Mem, e.A, vm.Int, dst)
	case *loop.Round:
		return c.narrow(vm.Round, e.Mem, e.A, vm.F32, dst)
	case *loop.Iota:
		d := c.into(dst, vm.Int, e.N)
		c.emit(vm.Iota, d.reg)
		return d
	case *loop.Reduce:
		op, ok := reduceOps[e.Op]
		if !ok {
			c.fail("no reduction by %v", e.Op)
		}
		a := c.spread(c.expr(e.A, nil), e.A.Lanes())
		r := c.read(a)
		c.release(a)
		d := c.into(dst, a.typ, 1)
		c.emit(op, d.reg, r)
		return d
	case *loop.Dot:
		a, b := c.spread(c.expr(e.A, nil), e.A.Lanes()), c.spread(c.expr(e.B, nil), e.B.Lanes())
		ra, rb := c.read(a), c.read(b)
		c.release(a, b)
		d := c.into(dst, vm.Int, e.Lanes())
		c.emit(vm.Dot, d.reg, ra, rb)
		return d
	case *loop.Load:
		return c.load(e, dst)
	case *loop.Peek:
		v, i := c.view(e.View), c.expr(e.Index, nil)
		r := c.read(i)
		c.release(i)
		d := c.into(dst, kind(e.Type()), e.View.Lanes)
		c.emit(vm.Peek, int(e.Mem), d.reg, v, r)
		return d
	}
	c.fail("unknown expression %T", e)
	return operand{lanes: 1}
}

func (c *compiler) view(v *loop.View) int {
	at, ok := c.views[v]
	if !ok {
		c.fail("view %s is read before it is opened", v.Name)
	}
	return at
}

// apply compiles an operation lane by lane.
func (c *compiler) apply(op vm.Op, t vm.Type, dst *operand, list ...loop.Expr) operand {
	in := make([]operand, len(list))
	for i, e := range list {
		in[i] = c.expr(e, nil)
	}
	return c.operate(op, t, dst, in...)
}

func (c *compiler) operate(op vm.Op, t vm.Type, dst *operand, in ...operand) operand {
	lanes, args := 1, make([]int, 1, 4)
	for _, o := range in {
		lanes = max(lanes, o.lanes)
		args = append(args, c.read(o))
	}
	c.release(in...)
	d := c.into(dst, t, lanes)
	args[0] = d.reg
	c.emit(op, args...)
	return d
}

func (c *compiler) narrow(op vm.Op, mem loop.Mem, e loop.Expr, t vm.Type, dst *operand) operand {
	a := c.expr(e, nil)
	r := c.read(a)
	c.release(a)
	d := c.into(dst, t, a.lanes)
	c.emit(op, int(mem), d.reg, r)
	return d
}

func (c *compiler) binary(e *loop.Binary, dst *operand) operand {
	t := kind(e.Type())
	if e.Op == loop.Add && t != vm.Bool {
		if d, ok := c.sumOfProduct(e.A, e.B, t, dst); ok {
			return d
		}
		if d, ok := c.sumOfProduct(e.B, e.A, t, dst); ok {
			return d
		}
	}
	a := c.expr(e.A, nil)
	b := c.expr(e.B, nil)
	if d, ok := fold(e.Op, a, b); ok {
		return d
	}
	return c.operate(binaryOps[e.Op], t, dst, a, b)
}

// sumOfProduct compiles sum + x*y as one instruction; the product is still rounded.
func (c *compiler) sumOfProduct(sum, product loop.Expr, t vm.Type, dst *operand) (operand, bool) {
	p, ok := product.(*loop.Binary)
	if !ok || p.Op != loop.Mul {
		return operand{}, false
	}
	if d, ok := c.sumOfMap(sum, p.A, p.B, dst); ok {
		return d, true
	}
	if d, ok := c.sumOfMap(sum, p.B, p.A, dst); ok {
		return d, true
	}
	x, y := c.expr(p.A, nil), c.expr(p.B, nil)
	if t == vm.Int && (x.known || y.known) {
		if d, ok := fold(loop.Mul, x, y); ok {
			s := c.expr(sum, nil)
			if f, ok := fold(loop.Add, s, d); ok {
				return f, true
			}
			return c.operate(vm.Add, t, dst, s, d), true
		}
	}
	s := c.expr(sum, nil)
	return c.operate(vm.MulAdd, t, dst, s, x, y), true
}

func (c *compiler) load(e *loop.Load, dst *operand) operand {
	buf, i := c.buffer(e.Buf), c.expr(e.Index, nil)
	t, mem := kind(e.Type()), int(e.Mem)
	switch {
	case e.Stride != nil && e.N > 1:
		s := c.expr(e.Stride, nil)
		ri, rs := c.read(i), c.read(s)
		c.release(i, s)
		d := c.into(dst, t, e.N)
		c.emit(vm.LoadS, mem, d.reg, buf, ri, rs)
		return d
	case i.lanes == 1:
		r := c.read(i)
		c.release(i)
		d := c.into(dst, t, 1)
		c.emit(vm.Load, mem, d.reg, buf, r)
		return d
	}
	c.release(i)
	d := c.into(dst, t, i.lanes)
	c.emit(vm.Gather, mem, d.reg, buf, i.reg)
	return d
}

// fold computes Int operations on constants, and drops those that change nothing.
func fold(op loop.Op, a, b operand) (operand, bool) {
	x, y := a.value, b.value
	switch {
	case a.known && b.known:
		switch op {
		case loop.Add:
			return integer(x + y), true
		case loop.Sub:
			return integer(x - y), true
		case loop.Mul:
			return integer(x * y), true
		case loop.And:
			return integer(x & y), true
		case loop.Div, loop.Mod:
			if y == 0 {
				return operand{}, false
			}
			if op == loop.Div {
				return integer(x / y), true
			}
			return integer(x % y), true
		case loop.Min:
			return integer(min(x, y)), true
		case loop.Max:
			return integer(max(x, y)), true
		case loop.Shl, loop.Shr:
			if y < 0 || y > 63 {
				return operand{}, false
			}
			if op == loop.Shl {
				return integer(x << y), true
			}
			return integer(int64(uint64(x) >> y)), true
		}
	case b.known && (y == 0 && (op == loop.Add || op == loop.Sub || op == loop.Shl || op == loop.Shr) || y == 1 && (op == loop.Mul || op == loop.Div)):
		return a, true
	case a.known && (x == 0 && op == loop.Add || x == 1 && op == loop.Mul):
		return b, true
	}
	return operand{}, false
}
