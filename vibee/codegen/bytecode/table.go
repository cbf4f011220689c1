package bytecode

import (
	"fmt"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/vm"
)

// mapped compiles an f32 that is a function of one byte read through a view as a look-up.
func (c *compiler) mapped(e loop.Expr, dst *operand) (operand, bool) {
	at, peek := c.byteMap(e)
	if at < 0 {
		return operand{}, false
	}
	v, i := c.view(peek.View), c.expr(peek.Index, nil)
	r := c.read(i)
	c.release(i)
	d := c.into(dst, vm.F32, peek.View.Lanes)
	c.emit(vm.PeekMap, at, d.reg, v, r)
	return d, true
}

// sumOfMap compiles sum + f(byte)*x as one instruction.
func (c *compiler) sumOfMap(sum, f, x loop.Expr, dst *operand) (operand, bool) {
	at, peek := c.byteMap(f)
	if at < 0 || peek.View.Lanes != sum.Lanes() {
		return operand{}, false
	}
	v, i := c.view(peek.View), c.expr(peek.Index, nil)
	s, o := c.expr(sum, nil), c.expr(x, nil)
	args := []int{at, 0, c.read(s), v, c.read(i), c.read(o)}
	c.release(i, s, o)
	d := c.into(dst, vm.F32, peek.View.Lanes)
	args[1] = d.reg
	c.emit(vm.MapMulAdd, args...)
	return d, true
}

// byteMap gives the number of the map that e is, and the byte it reads; -1: e is none.
func (c *compiler) byteMap(e loop.Expr) (int, *loop.Peek) {
	if e.Type() != loop.F32 {
		return -1, nil
	}
	peek, ok := onlyByte(e, nil)
	if !ok || peek == nil {
		return -1, nil
	}
	// The byte is a variable of one lane in the function.
	saved, param := c.code, c.alloc(vm.Int, 1)
	c.code = nil
	r := c.value(e, peek, &loop.Var{Name: "byte", Type: loop.Int, Lanes: 1}, param)
	f := vm.Map{Mem: vm.Mem(peek.Mem), Param: param.reg, Func: vm.Func{Code: c.code, Result: c.read(r)}}
	c.code = saved
	c.release(param, r)
	key := fmt.Sprint(f)
	at, ok := c.maps[key]
	if !ok {
		at = -1
		if c.err == nil && c.defined(f) {
			at = len(c.out.Maps)
			c.out.Maps = append(c.out.Maps, f)
		}
		c.maps[key] = at
	}
	return at, peek
}

// value compiles e with v, in register param, in place of the byte.
func (c *compiler) value(e loop.Expr, peek *loop.Peek, v *loop.Var, param operand) operand {
	param.temp = false
	c.vars[v] = param
	var swap func(loop.Expr) loop.Expr
	swap = func(e loop.Expr) loop.Expr {
		switch x := e.(type) {
		case *loop.Peek:
			return &loop.Ref{Var: v}
		case *loop.Splat:
			return swap(x.A)
		}
		return loop.Rebuild(e, swap)
	}
	r := c.expr(swap(e), nil)
	delete(c.vars, v)
	return r
}

// onlyByte finds the one byte that e depends on, nothing but constants besides.
func onlyByte(e loop.Expr, seen *loop.Peek) (*loop.Peek, bool) {
	switch e := e.(type) {
	case *loop.Peek:
		if e.Mem != loop.MemU8 && e.Mem != loop.MemI8 {
			return nil, false
		}
		return e, seen == nil || seen == e || seen.View == e.View && seen.Mem == e.Mem && same(seen.Index, e.Index)
	case *loop.ConstInt, *loop.ConstFloat:
		return seen, true
	case *loop.Load:
		if e.Buf.Role != loop.Table || e.Stride != nil {
			return nil, false
		}
	case *loop.Splat, *loop.Binary, *loop.Unary, *loop.Convert, *loop.Wrap, *loop.Bits, *loop.Round, *loop.Select:
	default:
		return nil, false
	}
	ok := true
	for _, o := range loop.Operands(e) {
		if seen, ok = onlyByte(o, seen); !ok {
			return nil, false
		}
	}
	return seen, true
}

// same reports whether a and b are the same sum or product of variables and constants.
func same(a, b loop.Expr) bool {
	switch a := a.(type) {
	case *loop.ConstInt:
		b, ok := b.(*loop.ConstInt)
		return ok && a.V == b.V
	case *loop.Ref:
		b, ok := b.(*loop.Ref)
		return ok && a.Var == b.Var
	case *loop.Binary:
		b, ok := b.(*loop.Binary)
		return ok && a.Op == b.Op && same(a.A, b.A) && same(a.B, b.B)
	}
	return false
}

// defined reports whether f gives a value for each byte: the machine tells, given a program of
// nothing but f.
func (c *compiler) defined(f vm.Map) bool {
	t := &compiler{out: &vm.Program{Name: "map", Consts: c.out.Consts, Locals: c.out.Locals, Maps: []vm.Map{f}}}
	for _, b := range c.out.Bufs {
		t.out.Bufs = append(t.out.Bufs, vm.Buf{Name: b.Name, Role: b.Role, Elem: b.Elem, Bytes: b.Bytes, Data: b.Data})
		if b.Role == vm.Temp {
			t.out.Bufs[len(t.out.Bufs)-1].Role = vm.InOut
		}
	}
	t.out.Work.Result = 0 // lo, which work may not read: give it a constant
	zero := vm.Const{Type: vm.Int}
	t.out.Consts = append(append([]vm.Const{}, c.out.Consts...), zero)
	t.out.Work.Result = firstConst + len(c.out.Consts)
	t.out.Maps[0].Code = append([]vm.Ins{}, f.Code...)
	t.number()
	return t.out.Verify() == nil
}
