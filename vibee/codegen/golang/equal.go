package golang

import (
	"math"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// equal reports whether a and b are the same expression.
func equal(a, b loop.Expr) bool {
	if a == b {
		return true
	}
	if !sameNode(a, b) {
		return false
	}
	p, q := loop.Operands(a), loop.Operands(b)
	if len(p) != len(q) {
		return false
	}
	for i := range p {
		if !equal(p[i], q[i]) {
			return false
		}
	}
	return true
}

// sameNode compares all but the operands.
func sameNode(a, b loop.Expr) bool {
	switch x := a.(type) {
	case *loop.ConstInt:
		y, ok := b.(*loop.ConstInt)
		return ok && x.V == y.V
	case *loop.ConstFloat:
		y, ok := b.(*loop.ConstFloat)
		return ok && x.T == y.T && math.Float64bits(x.V) == math.Float64bits(y.V)
	case *loop.Ref:
		y, ok := b.(*loop.Ref)
		return ok && x.Var == y.Var
	case *loop.Load:
		y, ok := b.(*loop.Load)
		return ok && x.Buf == y.Buf && x.Mem == y.Mem && x.N == y.N && (x.Stride == nil) == (y.Stride == nil)
	case *loop.Peek:
		y, ok := b.(*loop.Peek)
		return ok && x.View == y.View && x.Mem == y.Mem
	case *loop.Binary:
		y, ok := b.(*loop.Binary)
		return ok && x.Op == y.Op
	case *loop.Unary:
		y, ok := b.(*loop.Unary)
		return ok && x.Op == y.Op
	case *loop.Convert:
		y, ok := b.(*loop.Convert)
		return ok && x.To == y.To
	case *loop.Wrap:
		y, ok := b.(*loop.Wrap)
		return ok && x.Mem == y.Mem
	case *loop.Bits:
		y, ok := b.(*loop.Bits)
		return ok && x.To == y.To
	case *loop.Round:
		y, ok := b.(*loop.Round)
		return ok && x.Mem == y.Mem
	case *loop.Select:
		_, ok := b.(*loop.Select)
		return ok
	case *loop.Splat:
		y, ok := b.(*loop.Splat)
		return ok && x.N == y.N
	case *loop.Iota:
		y, ok := b.(*loop.Iota)
		return ok && x.N == y.N
	case *loop.Reduce:
		y, ok := b.(*loop.Reduce)
		return ok && x.Op == y.Op
	case *loop.Dot:
		_, ok := b.(*loop.Dot)
		return ok
	}
	return false
}
