package jinja

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

var numberFilters = []*native{
	{name: "int", params: "default? base?", fn: func(r *renderer, v Value, a []Value) Value {
		r.defined(v)
		if n, ok := r.toInt(v, int(r.integerOr("int", a[1], 10))); ok {
			return n
		}
		if a[0] == nil {
			return Int(0)
		}
		return a[0]
	}},
	{name: "float", params: "default?", fn: func(r *renderer, v Value, a []Value) Value {
		r.defined(v)
		if f, ok := r.toFloat(v); ok {
			return Float(f)
		}
		if a[0] == nil {
			return Float(0)
		}
		return a[0]
	}},
	{name: "abs", fn: func(r *renderer, v Value, _ []Value) Value {
		r.defined(v)
		if f, ok := v.(Float); ok {
			return Float(math.Abs(float64(f)))
		}
		n, ok := whole(v)
		if !ok {
			r.fail("abs takes a number, not '%s'", v.pyType())
		}
		return fromBig(new(big.Int).Abs(n))
	}},
	{name: "round", params: "precision? method?", fn: round},
}

// toInt is v as Python's int() has it, a text of a float cut off too.
func (r *renderer) toInt(v Value, base int) (Value, bool) {
	if n, ok := whole(v); ok {
		return fromBig(n), true
	}
	if s, ok := v.(Str); ok {
		if n, ok := r.parseInt(string(s), base); ok {
			return fromBig(n), true
		}
	}
	f, ok := r.toFloat(v)
	if !ok || math.IsNaN(f) {
		return nil, false
	}
	if math.IsInf(f, 0) {
		if _, text := v.(Str); !text {
			r.fail("infinity is no integer")
		}
		return nil, false
	}
	n, _ := big.NewFloat(f).Int(nil)
	return fromBig(n), true
}

func (r *renderer) parseInt(s string, base int) (*big.Int, bool) {
	s = strings.ToLower(strings.TrimFunc(s, isSpace))
	digits := strings.TrimLeft(s, "+-")
	if len(s)-len(digits) > 1 || len(s) > maxDigits || base < 2 || base > 36 {
		return nil, false
	}
	if prefix := map[int]string{16: "0x", 8: "0o", 2: "0b"}[base]; prefix != "" {
		digits = strings.TrimPrefix(digits, prefix)
	}
	if digits == "" || digitsLen(digits, "0123456789abcdefghijklmnopqrstuvwxyz"[:base]) != len(digits) {
		return nil, false
	}
	n, ok := new(big.Int).SetString(strings.ReplaceAll(digits, "_", ""), base)
	if ok && s[0] == '-' {
		n.Neg(n)
	}
	return n, ok
}

func (r *renderer) toFloat(v Value) (float64, bool) {
	if f, ok := float(v); ok {
		return f, true
	}
	text, ok := v.(Str)
	if !ok {
		return 0, false
	}
	r.read(len(text))
	s := strings.ToLower(strings.TrimFunc(string(text), isSpace))
	if strings.ContainsAny(s, "xp") {
		return 0, false
	}
	f, err := strconv.ParseFloat(strings.ReplaceAll(s, "_", ""), 64)
	if err != nil && !math.IsInf(f, 0) {
		return 0, false
	}
	return f, true
}

// round is to a number of decimal places: half to even, up or down.
func round(r *renderer, v Value, a []Value) Value {
	r.defined(v)
	places, method := r.integerOr("round", a[0], 0), r.textOr(a[1], "common")
	if n, ok := whole(v); ok && method == "common" {
		return fromBig(roundInt(n, places))
	}
	f, ok := float(v)
	if !ok {
		r.fail("round takes a number, not '%s'", v.pyType())
	}
	places = max(-300, min(places, 300))
	scale := math.Pow(10, float64(places))
	switch method {
	case "common":
		f = roundFloat(f, int(places))
	case "ceil":
		f = math.Ceil(f*scale) / scale
	case "floor":
		f = math.Floor(f*scale) / scale
	default:
		r.fail("round's method is 'common', 'ceil' or 'floor'")
	}
	return Float(f)
}

func roundFloat(f float64, places int) float64 {
	if places < 0 {
		scale := math.Pow(10, float64(-places))
		return math.RoundToEven(f/scale) * scale
	}
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(f, 'f', places, 64), 64)
	if err != nil {
		return f
	}
	return rounded
}

func roundInt(n *big.Int, places int64) *big.Int {
	switch {
	case places >= 0:
		return n
	case places < -maxDigits:
		return new(big.Int)
	}
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(-places), nil)
	q, rest := new(big.Int).DivMod(n, scale, new(big.Int))
	if c := rest.Lsh(rest, 1).Cmp(scale); c > 0 || c == 0 && q.Bit(0) == 1 {
		q.Add(q, big.NewInt(1))
	}
	return q.Mul(q, scale)
}
