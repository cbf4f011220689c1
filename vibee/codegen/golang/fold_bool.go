package golang

import "github.com/trinity-engine/trinity/vibee/ir/loop"

// constBool decides a condition over constants.
func constBool(e loop.Expr) (value, ok bool) {
	switch e := e.(type) {
	case *loop.Splat:
		return constBool(e.A)
	case *loop.Unary:
		v, ok := constBool(e.A)
		return !v, ok
	case *loop.Binary:
		if e.A.Type() == loop.Bool {
			a, oka := constBool(e.A)
			b, okb := constBool(e.B)
			switch {
			case e.Op == loop.And && (oka && !a || okb && !b):
				return false, true
			case e.Op == loop.Or && (oka && a || okb && b):
				return true, true
			case e.Op == loop.And || e.Op == loop.Or:
				return a, oka && okb
			}
			return (a == b) == (e.Op == loop.Eq), oka && okb
		}
		if x, y, ok := constants(e, constInt); ok {
			return compare(e.Op, x, y)
		}
		if x, y, ok := constants(e, constFloat); ok {
			return compare(e.Op, x, y)
		}
	}
	return false, false
}

func constants[T any](e *loop.Binary, of func(loop.Expr) (T, bool)) (x, y T, ok bool) {
	x, okx := of(e.A)
	y, oky := of(e.B)
	return x, y, okx && oky
}

func compare[T int64 | float64](op loop.Op, x, y T) (value, ok bool) {
	switch op {
	case loop.Eq:
		return x == y, true
	case loop.Ne:
		return x != y, true
	case loop.Lt:
		return x < y, true
	case loop.Le:
		return x <= y, true
	case loop.Gt:
		return x > y, true
	case loop.Ge:
		return x >= y, true
	}
	return false, false
}
