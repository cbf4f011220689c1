package looptest

import (
	"math"
	"math/big"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// multiplyPairs is the product of tiles of bf16, by numbers of any precision.
func multiplyPairs(s *loop.Multiply, c, a, b []cell) {
	for row := range s.C.Rows {
		for col := range s.C.Columns {
			var part [2]float64
			for e := range s.A.Columns {
				x, y := flush(a[row*s.A.Columns+e].f), flush(b[e/2*s.B.Columns+2*col+e%2].f)
				part[e%2] = addProduct(part[e%2], x, y)
			}
			sum := &c[row*s.C.Columns+col].f
			*sum = addProduct(flush(*sum), 1, addProduct(part[0], 1, part[1]))
		}
	}
}

const smallest = 0x1p-126 // of the f32s that are not subnormal

// flush is f, or 0 with its sign where f is subnormal in f32.
func flush(f float64) float64 {
	if math.Abs(f) < smallest {
		return math.Copysign(0, f)
	}
	return f
}

// addProduct is c + a*b, rounded once to 24 bits; what is below the range of f32 then is 0 with its sign.
func addProduct(c, a, b float64) float64 {
	product := a * b // exact, if finite
	if sum := c + product; sum == 0 && (c == 0 || product == 0) || math.IsNaN(sum) || math.IsInf(sum, 0) {
		return sum
	}
	exact := new(big.Float).SetPrec(2000).Add(big.NewFloat(c), big.NewFloat(product))
	rounded := new(big.Float).SetPrec(24).Set(exact)
	f, _ := rounded.Float64()
	if math.Abs(f) > math.MaxFloat32 {
		return math.Inf(rounded.Sign())
	}
	return flush(f)
}
