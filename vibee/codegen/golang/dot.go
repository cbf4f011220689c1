package golang

import "github.com/trinity-engine/trinity/vibee/ir/loop"

// evalDot sums four products.
func (g *gen) evalDot(e *loop.Dot, l lane) value {
	operand := func(e loop.Expr, l lane) value {
		if !g.inLanes { // else what the lanes have in common is emitted already
			e = g.special(e, l)
		}
		return g.eval(e, l).to(kInt)
	}
	var sum value
	for j := range 4 {
		a := l.part(j, 4)
		b := a
		if e.B.Lanes() == 4 && e.A.Lanes() > 4 {
			b = lane{k: j}
		}
		x, y := operand(e.A, a), operand(e.B, b)
		product := infix(kInt, "*", precMul, x, y)
		if x.literal && y.literal {
			product = intLiteral(x.lit * y.lit)
		}
		switch {
		case j == 0:
			sum = product
		case sum.literal && product.literal:
			sum = intLiteral(sum.lit + product.lit)
		default:
			sum = infix(kInt, "+", precAdd, sum, product)
		}
	}
	return sum
}
