package asm

import (
	"fmt"

	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
	"github.com/mmcloughlin/avo/x86"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// instruction is one of x86's constructors.
type instruction func(ops ...operand.Op) (*ir.Instruction, error)

// forms are the instructions of one operation: on all lanes of f32 and f64, with the last source broadcast, and
// on lane 0 alone.
type forms struct{ ps, pd, psOne, pdOne, ss, sd instruction }

// arithmetic has the order of the IR's operands: MAXPS gives its second source unless the first is greater.
var arithmetic = map[loop.Op]forms{
	loop.Add: {x86.VADDPS, x86.VADDPD, x86.VADDPS_BCST, x86.VADDPD_BCST, x86.VADDSS, x86.VADDSD},
	loop.Sub: {x86.VSUBPS, x86.VSUBPD, x86.VSUBPS_BCST, x86.VSUBPD_BCST, x86.VSUBSS, x86.VSUBSD},
	loop.Mul: {x86.VMULPS, x86.VMULPD, x86.VMULPS_BCST, x86.VMULPD_BCST, x86.VMULSS, x86.VMULSD},
	loop.Div: {x86.VDIVPS, x86.VDIVPD, x86.VDIVPS_BCST, x86.VDIVPD_BCST, x86.VDIVSS, x86.VDIVSD},
	loop.Min: {x86.VMINPS, x86.VMINPD, x86.VMINPS_BCST, x86.VMINPD_BCST, x86.VMINSS, x86.VMINSD},
	loop.Max: {x86.VMAXPS, x86.VMAXPD, x86.VMAXPS_BCST, x86.VMAXPD_BCST, x86.VMAXSS, x86.VMAXSD},
}

func (f forms) pick(e elem, lanes int, broadcast bool) instruction {
	list := [...]instruction{f.ps, f.pd}
	switch {
	case lanes == 1:
		list = [...]instruction{f.ss, f.sd}
	case broadcast:
		list = [...]instruction{f.psOne, f.pdOne}
	}
	return list[e]
}

// float emits a float expression, of one lane or many.
func (c *compiler) float(e loop.Expr) value {
	switch e := e.(type) {
	case *loop.ConstFloat:
		return c.constant(e, 1)
	case *loop.Ref:
		return c.read(e.Var)
	case *loop.Splat:
		return c.splat(e)
	case *loop.Load:
		return c.load(e)
	case *loop.Peek:
		return c.loadPeek(e, elemOf(e.Type()))
	case *loop.Binary:
		return c.floatBinary(e)
	case *loop.Unary:
		return c.floatUnary(e)
	case *loop.Convert:
		return c.toFloat(e)
	case *loop.Bits:
		return c.floatOfBits(e)
	case *loop.Round:
		return c.round(e)
	case *loop.Select:
		return c.choose(e)
	case *loop.Reduce:
		return c.reduce(e)
	}
	unsupported("%T of floats", e)
	return value{}
}

// constant gives a float in registers.
func (c *compiler) constant(e *loop.ConstFloat, lanes int) value {
	el := elemOf(e.T)
	if floatBits(e.T, e.V) == 0 {
		return c.repeat(fmt.Sprintf("zero %v", el), 0, e.T, el, lanes, func(to reg.Register, bytes int) {
			x := widthOf(to, 16)
			if c.isa.masks {
				x = widthOf(to, bytes)
				c.Emit(three(x86.VPXORD)(x, x, x))
				return
			}
			c.Emit(three(x86.VPXOR)(x, x, x))
		})
	}
	at := c.data.lanes(el, floatBits(e.T, e.V))
	return c.repeat(fmt.Sprintf("constant %v %x", el, floatBits(e.T, e.V)), 0, e.T, el, lanes, func(to reg.Register, bytes int) {
		c.broadcast(el, at, to, bytes, lanes)
	})
}

// broadcast fills a register with a value of memory, or lane 0 of a register.
func (c *compiler) broadcast(e elem, from operand.Op, to reg.Register, bytes, lanes int) {
	_, memory := from.(operand.Mem)
	switch wide := widthOf(to, bytes); {
	case lanes == 1 && e.bytes() == 4:
		c.Emit(x86.VMOVSS(from, wide))
	case lanes == 1:
		c.Emit(x86.VMOVSD(from, wide))
	case e.bytes() == 4:
		c.Emit(x86.VBROADCASTSS(from, wide))
	case bytes == 16 && memory:
		c.Emit(x86.VMOVDDUP(from, wide))
	case bytes == 16:
		c.Emit(x86.VMOVDDUP(from, wide))
	default:
		c.Emit(x86.VBROADCASTSD(from, wide))
	}
}

// repeat gives one register that stands for all parts of a value whose lanes are equal.
func (c *compiler) repeat(key string, level int, t loop.Type, e elem, lanes int, emit func(to reg.Register, bytes int)) value {
	parts, bytes := c.shape(e, lanes)
	return c.once(fmt.Sprintf("%s x%d", key, lanes), level, func() value {
		r := c.vector(bytes)
		emit(r, bytes)
		v := value{typ: t, lanes: lanes, elem: e, bytes: bytes, key: fmt.Sprintf("%s x%d", key, lanes)}
		for range parts {
			v.parts = append(v.parts, r)
		}
		return v
	})
}

// splat repeats a float; before a loop, where the loop does not change it.
func (c *compiler) splat(e *loop.Splat) value {
	if k, ok := e.A.(*loop.ConstFloat); ok {
		return c.constant(k, e.N)
	}
	if e.N == 1 {
		return c.float(e.A)
	}
	t, el := e.Type(), elemOf(e.Type())
	if at, ok := c.inMemory(e.A, el); ok {
		v := c.fresh(t, el, e.N)
		c.broadcast(el, at, v.parts[0], v.bytes, e.N)
		for i := range v.parts {
			v.parts[i] = v.parts[0]
		}
		return v
	}
	a := c.float(e.A)
	emit := func(to reg.Register, bytes int) { c.broadcast(el, a.op(0), to, bytes, e.N) }
	if a.key == "" {
		v := c.fresh(t, el, e.N)
		emit(v.parts[0], v.bytes)
		for i := range v.parts {
			v.parts[i] = v.parts[0]
		}
		return v
	}
	return c.repeat("splat "+a.key, a.level, t, el, e.N, emit)
}

// inMemory gives the place of a float of one lane that is in memory as it is in a register.
func (c *compiler) inMemory(e loop.Expr, el elem) (operand.Mem, bool) {
	same := map[elem]loop.Mem{f32: loop.MemF32, f64: loop.MemF64}[el]
	switch e := e.(type) {
	case *loop.ConstFloat:
		return c.data.lanes(el, floatBits(e.T, e.V)), true
	case *loop.Load:
		if e.Mem == same && e.Stride == nil && e.Lanes() == 1 {
			return c.element(e.Buf, e.Mem, c.polynomial(e.Index)), true
		}
	case *loop.Peek:
		if e.Mem == same && e.Lanes() == 1 {
			return c.peek(e, 0), true
		}
	}
	return operand.Mem{}, false
}

// operands gives a float expression as the last source of an instruction: registers, or memory
// that the instruction reads itself.
func (c *compiler) operands(e loop.Expr, v value) (ops []operand.Op, broadcast bool) {
	inner := e
	s, repeated := e.(*loop.Splat)
	if repeated {
		inner = s.A
	}
	if e.Lanes() == 1 || repeated && c.isa.masks {
		if at, ok := c.inMemory(inner, v.elem); ok {
			for range v.parts {
				ops = append(ops, at)
			}
			return ops, e.Lanes() > 1
		}
	}
	if k, ok := inner.(*loop.ConstFloat); ok && repeated {
		at := c.data.lanes(v.elem, repeatedLanes(k, v)...)
		for range v.parts {
			ops = append(ops, at)
		}
		return ops, false
	}
	if l, ok := e.(*loop.Load); ok && l.Stride != nil && c.contiguous(l.Buf, l.Mem, l.Stride) && (l.Mem == loop.MemF32 || l.Mem == loop.MemF64) {
		at := c.run(l.Buf, l.Mem, l.Index, l.N)
		for i := range v.parts {
			ops = append(ops, at.Offset(i*v.bytes))
		}
		return ops, false
	}
	b := c.float(e)
	for i := range v.parts {
		ops = append(ops, b.op(i))
	}
	return ops, false
}

func repeatedLanes(k *loop.ConstFloat, v value) []int64 {
	return repeated(floatBits(k.T, k.V), v.perPart())
}

// floatBinary emits + - * / min max.
func (c *compiler) floatBinary(e *loop.Binary) value {
	f, ok := arithmetic[e.Op]
	if !ok {
		unsupported("the operator %v of floats", e.Op)
	}
	x, y := e.A, e.B
	if (e.Op == loop.Add || e.Op == loop.Mul) && c.memoryLike(x) && !c.memoryLike(y) {
		x, y = y, x
	}
	a := c.float(x)
	v := value{typ: e.Type(), lanes: e.Lanes(), elem: a.elem, bytes: a.bytes, level: c.Level(), parts: make([]reg.Register, len(a.parts))}
	ops, broadcast := c.operands(y, v)
	op := f.pick(v.elem, v.lanes, broadcast)
	for i := range v.parts {
		v.parts[i] = c.vector(v.bytes)
		c.Emit(op(ops[i], a.op(i), v.op(i)))
	}
	return v
}

// memoryLike reports whether e may be read by the instruction that uses it.
func (c *compiler) memoryLike(e loop.Expr) bool {
	switch e := e.(type) {
	case *loop.ConstFloat:
		return true
	case *loop.Splat:
		return c.memoryLike(e.A)
	case *loop.Load:
		return e.Mem == loop.MemF32 || e.Mem == loop.MemF64
	case *loop.Peek:
		return e.Lanes() == 1 && (e.Mem == loop.MemF32 || e.Mem == loop.MemF64)
	}
	return false
}

// The rounding modes of VRNDSCALE and VROUND; 8: no exception for what is inexact.
var roundings = map[loop.Op]operand.U8{loop.Rint: 8, loop.Floor: 9, loop.Ceil: 10, loop.Trunc: 11}

func (c *compiler) floatUnary(e *loop.Unary) value {
	a := c.float(e.A)
	v := value{typ: e.Type(), lanes: e.Lanes(), elem: a.elem, bytes: a.bytes, level: c.Level(), parts: make([]reg.Register, len(a.parts))}
	for i := range v.parts {
		v.parts[i] = c.vector(v.bytes)
	}
	double := v.elem == f64
	switch e.Op {
	case loop.Neg, loop.Abs:
		sign, op := int64(1)<<31, instruction(x86.VXORPS)
		if double {
			sign = -1 << 63
		}
		if e.Op == loop.Abs {
			sign, op = ^sign, x86.VANDPS
		}
		at := c.data.lanes(v.elem, repeated(sign, c.isa.bytes/v.elem.bytes())...)
		for i := range v.parts {
			c.Emit(op(at, a.op(i), v.op(i)))
		}
	case loop.Sqrt:
		for i := range v.parts {
			switch {
			case v.lanes == 1 && double:
				c.Emit(x86.VSQRTSD(a.op(i), a.op(i), v.op(i)))
			case v.lanes == 1:
				c.Emit(x86.VSQRTSS(a.op(i), a.op(i), v.op(i)))
			case double:
				c.Emit(x86.VSQRTPD(a.op(i), v.op(i)))
			default:
				c.Emit(x86.VSQRTPS(a.op(i), v.op(i)))
			}
		}
	default:
		mode, ok := roundings[e.Op]
		if !ok {
			unsupported("the operator %v of floats", e.Op)
		}
		for i := range v.parts {
			switch {
			case c.isa.masks && double:
				c.Emit(x86.VRNDSCALEPD(mode, a.op(i), v.op(i)))
			case c.isa.masks:
				c.Emit(x86.VRNDSCALEPS(mode, a.op(i), v.op(i)))
			case double:
				c.Emit(x86.VROUNDPD(mode, a.op(i), v.op(i)))
			default:
				c.Emit(x86.VROUNDPS(mode, a.op(i), v.op(i)))
			}
		}
	}
	return v
}
