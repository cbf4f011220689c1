package jinja

import (
	"math"
	"math/big"
)

// maxBits bounds what integer arithmetic may give: about maxDigits digits.
const maxBits = 14300

// fromBig is n as an Int where it fits.
func fromBig(n *big.Int) Value {
	if n.IsInt64() {
		return Int(n.Int64())
	}
	return bigInt{n}
}

// whole is v as an integer; false where it isn't one.
func whole(v Value) (*big.Int, bool) {
	switch v := v.(type) {
	case Bool:
		if v {
			return big.NewInt(1), true
		}
		return new(big.Int), true
	case Int:
		return big.NewInt(int64(v)), true
	case bigInt:
		return v.Int, true
	}
	return nil, false
}

// float is v as a double; false where it isn't a number.
func float(v Value) (float64, bool) {
	switch v := v.(type) {
	case Float:
		return float64(v), true
	case Int:
		return float64(v), true
	}
	n, ok := whole(v)
	if !ok {
		return 0, false
	}
	f, _ := new(big.Float).SetInt(n).Float64()
	return f, true
}

// arithmetic gives x op y for numbers, nil for anything else.
func (r *renderer) arithmetic(op string, x, y Value) Value {
	if a, ok := whole(x); ok {
		if b, ok := whole(y); ok {
			return r.integers(op, a, b)
		}
	}
	a, ok := float(x)
	b, ok2 := float(y)
	if !ok || !ok2 {
		return nil
	}
	return Float(r.floats(op, a, b))
}

func (r *renderer) integers(op string, x, y *big.Int) Value {
	z := new(big.Int)
	switch op {
	case "+":
		z.Add(x, y)
	case "-":
		z.Sub(x, y)
	case "*":
		r.fits(x.BitLen() + y.BitLen())
		z.Mul(x, y)
	case "**":
		return r.power(x, y)
	default:
		if y.Sign() == 0 {
			r.fail("division by zero")
		}
		switch op {
		case "/":
			q, _ := new(big.Rat).SetFrac(x, y).Float64()
			if x.Sign() == 0 && y.Sign() < 0 {
				q = math.Copysign(0, -1)
			}
			return Float(r.finite(q))
		case "//":
			floorDiv(z, x, y)
		case "%":
			floorDiv(z, x, y)
			z.Sub(x, z.Mul(z, y))
		}
	}
	r.fits(z.BitLen())
	return fromBig(z)
}

func (r *renderer) fits(bits int) {
	if bits > maxBits {
		r.failLimit("an integer of more than %d bits", maxBits)
	}
}

func (r *renderer) finite(f float64) float64 {
	if math.IsInf(f, 0) {
		r.fail("the result is too large for a float")
	}
	return f
}

// floorDiv sets z to ⌊x/y⌋.
func floorDiv(z, x, y *big.Int) {
	m := new(big.Int)
	z.QuoRem(x, y, m)
	if m.Sign() != 0 && m.Sign() != y.Sign() {
		z.Sub(z, big.NewInt(1))
	}
}

func (r *renderer) power(x, y *big.Int) Value {
	if y.Sign() < 0 {
		a, _ := float(fromBig(x))
		b, _ := float(fromBig(y))
		return Float(r.floats("**", a, b))
	}
	if x.BitLen() > 1 {
		if !y.IsInt64() || y.Int64() > maxBits {
			r.fits(maxBits + 1)
		}
		r.fits((x.BitLen() - 1) * int(y.Int64()))
		r.made(maxBits / 8)
		return fromBig(new(big.Int).Exp(x, y, nil))
	}
	if x.Sign() < 0 && y.Bit(0) == 0 { // (-1)**even
		return Int(1)
	}
	if y.Sign() == 0 {
		return Int(1)
	}
	return fromBig(x)
}

func (r *renderer) floats(op string, x, y float64) float64 {
	switch op {
	case "+":
		return x + y
	case "-":
		return x - y
	case "*":
		return x * y
	case "**":
		if x == 0 && y < 0 {
			r.fail("zero can't be raised to a negative power")
		}
		if x < 0 && y != math.Trunc(y) {
			r.fail("a negative number to a broken power is no real number")
		}
		z := math.Pow(x, y)
		if !math.IsInf(x, 0) && !math.IsInf(y, 0) {
			r.finite(z)
		}
		return z
	}
	if y == 0 {
		r.fail("division by zero")
	}
	if op == "/" {
		return x / y
	}
	div, mod := divMod(x, y)
	if op == "//" {
		return div
	}
	return mod
}

// divMod is Python's divmod of floats: mod has y's sign.
func divMod(x, y float64) (div, mod float64) {
	mod = math.Mod(x, y)
	div = (x - mod) / y
	switch {
	case mod == 0:
		mod = math.Copysign(0, y)
	case (y < 0) != (mod < 0):
		mod += y
		div--
	}
	if div == 0 {
		return math.Copysign(0, x/y), mod
	}
	floor := math.Floor(div)
	if div-floor > 0.5 {
		floor++
	}
	return floor, mod
}
