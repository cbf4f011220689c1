package golang

import "github.com/trinity-engine/trinity/vibee/ir/loop"

// foldSum writes a sum of integers with one constant, at its end.
func foldSum(e *loop.Binary) loop.Expr {
	var terms []loop.Expr
	var minus []bool
	total := int64(0)
	var collect func(loop.Expr, bool)
	collect = func(e loop.Expr, neg bool) {
		if b, ok := e.(*loop.Binary); ok && (b.Op == loop.Add || b.Op == loop.Sub) {
			collect(b.A, neg)
			collect(b.B, neg != (b.Op == loop.Sub))
			return
		}
		if c, ok := constInt(e); ok {
			if neg {
				c = -c
			}
			total += c
			return
		}
		terms, minus = append(terms, e), append(minus, neg)
	}
	collect(e, false)
	n := e.Lanes()
	if len(terms) == 0 {
		return widen(&loop.ConstInt{V: total}, n)
	}
	first := 0
	for first < len(terms) && minus[first] {
		first++
	}
	var sum loop.Expr
	switch {
	case first < len(terms):
		sum = terms[first]
	default:
		sum, total, first = widen(&loop.ConstInt{V: total}, n), 0, -1
	}
	for i, t := range terms {
		switch {
		case i == first:
		case minus[i]:
			sum = &loop.Binary{Op: loop.Sub, A: sum, B: t}
		default:
			sum = &loop.Binary{Op: loop.Add, A: sum, B: t}
		}
	}
	if total > 0 {
		return &loop.Binary{Op: loop.Add, A: sum, B: widen(&loop.ConstInt{V: total}, n)}
	}
	if total < 0 && -total > 0 {
		return &loop.Binary{Op: loop.Sub, A: sum, B: widen(&loop.ConstInt{V: -total}, n)}
	}
	if total != 0 {
		return &loop.Binary{Op: loop.Add, A: sum, B: widen(&loop.ConstInt{V: total}, n)}
	}
	return sum
}

// evalInt applies op to 64-bit integers that wrap; not to a zero divisor.
func evalInt(op loop.Op, x, y int64) (int64, bool) {
	switch op {
	case loop.Add:
		return x + y, true
	case loop.Sub:
		return x - y, true
	case loop.Mul:
		return x * y, true
	case loop.Div:
		if y != 0 {
			return x / y, true
		}
	case loop.Mod:
		if y != 0 {
			return x % y, true
		}
	case loop.Min:
		return min(x, y), true
	case loop.Max:
		return max(x, y), true
	case loop.And:
		return x & y, true
	case loop.Or:
		return x | y, true
	case loop.Xor:
		return x ^ y, true
	case loop.Shl:
		return x << uint(y&63), true
	case loop.Shr:
		return int64(uint64(x) >> uint(y&63)), true
	}
	return 0, false
}
