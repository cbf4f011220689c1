package looptest

import (
	"fmt"
	"math"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

func (m *machine) eval(e loop.Expr) []cell {
	switch e := e.(type) {
	case *loop.ConstInt:
		return []cell{{i: e.V}}
	case *loop.ConstFloat:
		return []cell{{f: e.V}}
	case *loop.Ref:
		v, ok := m.vars[e.Var]
		if !ok {
			panic("variable " + e.Var.Name + " has no value")
		}
		return v
	case *loop.Load:
		var out []cell
		for _, i := range m.places(e.Index, e.Stride, e.N) {
			out = append(out, m.load(e.Buf, e.Mem, i))
		}
		return out
	case *loop.Peek:
		size := int64(1)
		if e.View.Buf.Bytes {
			size = int64(e.Mem.Bytes())
		}
		i := m.int(e.Index)
		if i < 0 || i+size > int64(e.View.Size) {
			panic(fmt.Sprintf("peek at %d of view %s", i, e.View.Name))
		}
		var out []cell
		for _, at := range m.views[e.View] {
			out = append(out, m.load(e.View.Buf, e.Mem, at+i))
		}
		return out
	case *loop.Splat:
		out := make([]cell, e.N)
		a := m.eval(e.A)[0]
		for l := range out {
			out[l] = a
		}
		return out
	case *loop.Iota:
		out := make([]cell, e.N)
		for l := range out {
			out[l].i = int64(l)
		}
		return out
	case *loop.Reduce:
		a := append([]cell{}, m.eval(e.A)...)
		for half := len(a) / 2; half > 0; half /= 2 {
			for l := range half {
				a[l] = binary2(e.Op, e.Type(), a[l], a[l+half])
			}
		}
		return a[:1]
	case *loop.Dot:
		a, b := m.eval(e.A), m.eval(e.B)
		out := make([]cell, e.Lanes())
		for i := range a {
			out[i/4].i += a[i].i * b[i%len(b)].i
		}
		return out
	case *loop.Pairs:
		sum, a, b := m.eval(e.Sum), m.eval(e.A), m.eval(e.B)
		out := make([]cell, len(sum))
		for l := range out {
			high := round(loop.F32, brain(a[l].i>>16)*brain(b[l].i>>16))
			low := round(loop.F32, brain(a[l].i)*brain(b[l].i))
			out[l].f = round(loop.F32, round(loop.F32, sum[l].f+high)+low)
		}
		return out
	case *loop.Binary:
		a, b := m.eval(e.A), m.eval(e.B)
		out := make([]cell, len(a))
		for l := range out {
			out[l] = binary2(e.Op, e.A.Type(), a[l], b[l])
		}
		return out
	case *loop.Select:
		c, a, b := m.eval(e.Cond), m.eval(e.A), m.eval(e.B)
		out := make([]cell, len(a))
		for l := range out {
			if out[l] = b[l]; c[l].b {
				out[l] = a[l]
			}
		}
		return out
	}
	a := m.eval(loop.Operands(e)[0])
	out := make([]cell, len(a))
	for l := range out {
		out[l] = unary(e, a[l])
	}
	return out
}

func unary(e loop.Expr, a cell) cell {
	switch e := e.(type) {
	case *loop.Unary:
		return apply(e.Op, e.A.Type(), a)
	case *loop.Convert:
		switch from := e.A.Type(); {
		case e.To == loop.Int:
			return cell{i: int64(a.f)}
		case from == loop.Int && e.To == loop.F32:
			return cell{f: float64(float32(a.i))}
		case from == loop.Int:
			return cell{f: float64(a.i)}
		case e.To == loop.F32:
			return cell{f: float64(float32(a.f))}
		}
		return a
	case *loop.Wrap:
		return cell{i: wrap(e.Mem, a.i)}
	case *loop.Bits:
		switch {
		case e.To == loop.F32:
			return cell{f: float64(math.Float32frombits(uint32(a.i)))}
		case e.To == loop.F64:
			return cell{f: math.Float64frombits(uint64(a.i))}
		case e.A.Type() == loop.F32:
			return cell{i: int64(math.Float32bits(float32(a.f)))}
		}
		return cell{i: int64(math.Float64bits(a.f))}
	case *loop.Round:
		if e.Mem == loop.MemF16 {
			return cell{f: halfToFloat(floatToHalf(a.f))}
		}
		return cell{f: roundBF16(a.f)}
	}
	panic(fmt.Sprintf("unknown expression %T", e))
}

func apply(op loop.Op, t loop.Type, a cell) cell {
	switch op {
	case loop.Not:
		return cell{b: !a.b}
	case loop.Neg:
		return cell{i: -a.i, f: -a.f}
	case loop.Abs:
		return cell{i: max(a.i, -a.i), f: math.Abs(a.f)}
	case loop.Sqrt:
		return cell{f: round(t, math.Sqrt(a.f))}
	case loop.Floor:
		return cell{f: math.Floor(a.f)}
	case loop.Ceil:
		return cell{f: math.Ceil(a.f)}
	case loop.Trunc:
		return cell{f: math.Trunc(a.f)}
	case loop.Rint:
		return cell{f: math.RoundToEven(a.f)}
	}
	panic("unknown operator " + op.String())
}

// brain is the bf16 in the low bits of an integer.
func brain(v int64) float64 { return float64(math.Float32frombits(uint32(v) << 16)) }

// round gives f in type t. One operation on floats of 24 bits, done in 53 and then rounded, is
// what it is when done in 24 (for + - * / and the square root).
func round(t loop.Type, f float64) float64 {
	if t == loop.F32 {
		return float64(float32(f))
	}
	return f
}

func binary2(op loop.Op, t loop.Type, a, b cell) cell {
	if op.Compare() {
		return cell{b: compare(op, t, a, b)}
	}
	switch t {
	case loop.Bool:
		if op == loop.And {
			return cell{b: a.b && b.b}
		}
		return cell{b: a.b || b.b}
	case loop.Int:
		return cell{i: integer(op, a.i, b.i)}
	}
	switch op {
	case loop.Add:
		return cell{f: round(t, a.f+b.f)}
	case loop.Sub:
		return cell{f: round(t, a.f-b.f)}
	case loop.Mul:
		return cell{f: round(t, a.f*b.f)}
	case loop.Div:
		return cell{f: round(t, a.f/b.f)}
	case loop.Min:
		if a.f < b.f {
			return a
		}
		return b
	case loop.Max:
		if a.f > b.f {
			return a
		}
		return b
	}
	panic("unknown operator " + op.String())
}

func integer(op loop.Op, a, b int64) int64 {
	switch op {
	case loop.Add:
		return a + b
	case loop.Sub:
		return a - b
	case loop.Mul:
		return a * b
	case loop.Div:
		return a / b
	case loop.Mod:
		return a % b
	case loop.Min:
		return min(a, b)
	case loop.Max:
		return max(a, b)
	case loop.And:
		return a & b
	case loop.Or:
		return a | b
	case loop.Xor:
		return a ^ b
	case loop.Shl:
		return a << uint(b)
	case loop.Shr:
		return int64(uint64(a) >> uint(b))
	}
	panic("unknown operator " + op.String())
}

func compare(op loop.Op, t loop.Type, a, b cell) bool {
	if t == loop.Bool {
		return (a.b == b.b) == (op == loop.Eq)
	}
	less, same := a.i < b.i, a.i == b.i
	more := a.i > b.i
	if t.Float() {
		less, same, more = a.f < b.f, a.f == b.f, a.f > b.f
	}
	switch op {
	case loop.Eq:
		return same
	case loop.Ne:
		return !same
	case loop.Lt:
		return less
	case loop.Le:
		return less || same
	case loop.Gt:
		return more
	}
	return more || same
}
