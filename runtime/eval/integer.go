package eval

import (
	"fmt"
	"math"
	"math/bits"
)

// integers computes exactly: an overflow, a zero divisor and a quotient of "/" that is
// no integer are errors. "%" and "div" round toward minus infinity.
func integers(op string, a, b int64) (Value, error) {
	var c int64
	ok := true
	switch op {
	case "+":
		c = a + b
		ok = (c > a) == (b > 0)
	case "-":
		c = a - b
		ok = (c < a) == (b > 0)
	case "*":
		c, ok = Mul(a, b)
	case "/", "%", "div":
		switch {
		case b == 0:
			return Value{}, fmt.Errorf("%d %s 0: %w", a, op, errZero)
		case a == math.MinInt64 && b == -1:
			ok = false
		default:
			q, r := a/b, a%b
			if r != 0 && op == "/" {
				return Value{}, fmt.Errorf("%d is no multiple of %d", a, b)
			}
			if r != 0 && (r < 0) != (b < 0) {
				q, r = q-1, r+b
			}
			if c = q; op == "%" {
				c = r
			}
		}
	case "min":
		c = min(a, b)
	case "max":
		c = max(a, b)
	default:
		return compare(op, a, b)
	}
	if !ok {
		return Value{}, fmt.Errorf("%d %s %d overflows", a, op, b)
	}
	return OfInt(c), nil
}

// Mul gives a*b, and whether it fits.
func Mul(a, b int64) (int64, bool) {
	high, low := bits.Mul64(magnitude(a), magnitude(b))
	negative := (a < 0) != (b < 0)
	if high != 0 || low > math.MaxInt64 {
		return math.MinInt64, negative && high == 0 && low == 1<<63
	}
	if negative {
		return -int64(low), true
	}
	return int64(low), true
}

func magnitude(a int64) uint64 {
	if a < 0 {
		return -uint64(a)
	}
	return uint64(a)
}
