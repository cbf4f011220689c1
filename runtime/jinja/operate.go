package jinja

import (
	"math/big"
	"strings"
)

// binary gives x op y for the operators of arithmetic.
func (r *renderer) binary(op string, x, y Value) Value {
	r.defined(x)
	if s, ok := x.(Str); ok && op == "%" {
		return Str(r.percent(string(s), y))
	}
	r.defined(y)
	if z := r.smallInts(op, x, y); z != nil {
		return z
	}
	if z := r.arithmetic(op, x, y); z != nil {
		return z
	}
	switch op {
	case "+":
		if z := r.join(x, y); z != nil {
			return z
		}
	case "*":
		if n, ok := whole(y); ok {
			if z := r.repeat(x, n); z != nil {
				return z
			}
		}
		if n, ok := whole(x); ok {
			if z := r.repeat(y, n); z != nil {
				return z
			}
		}
	}
	r.fail("'%s' can't take '%s' and '%s'", op, x.pyType(), y.pyType())
	return nil
}

// smallInts is the usual case, without big numbers; else nil.
func (r *renderer) smallInts(op string, x, y Value) Value {
	a, ok := x.(Int)
	b, ok2 := y.(Int)
	const small = 1 << 31
	if !ok || !ok2 || a <= -small || a >= small || b <= -small || b >= small {
		return nil
	}
	switch op {
	case "+":
		return a + b
	case "-":
		return a - b
	case "*":
		return a * b
	}
	return nil
}

// join is + of two texts, lists or tuples.
func (r *renderer) join(x, y Value) Value {
	switch x := x.(type) {
	case Str:
		if y, ok := y.(Str); ok {
			r.made(len(x) + len(y))
			return x + y
		}
	case *List:
		if y, ok := y.(*List); ok {
			return &List{r.concat(x.items, y.items)}
		}
	case *tuple:
		if y, ok := y.(*tuple); ok {
			return &tuple{items: r.concat(x.items, y.items)}
		}
	}
	return nil
}

func (r *renderer) concat(x, y []Value) []Value {
	r.step(2 * (len(x) + len(y)))
	return append(append(make([]Value, 0, len(x)+len(y)), x...), y...)
}

// repeat is x n times for a text, list or tuple; else nil.
func (r *renderer) repeat(x Value, n *big.Int) Value {
	times := int64(0)
	if n.Sign() > 0 {
		times = 1 << 40 // far past every limit
		if n.IsInt64() {
			times = min(times, n.Int64())
		}
	}
	switch x := x.(type) {
	case Str:
		return Str(r.repeatText(string(x), times))
	case *List:
		return &List{r.repeatItems(x.items, times)}
	case *tuple:
		return &tuple{items: r.repeatItems(x.items, times)}
	}
	return nil
}

func (r *renderer) repeatText(s string, times int64) string {
	if s == "" || times <= 0 {
		return ""
	}
	times = min(times, 1<<40)
	if times > maxText/int64(len(s)) {
		r.failLimit("a text of more than %d bytes", maxText)
	}
	r.made(len(s) * int(times))
	return strings.Repeat(s, int(times))
}

func (r *renderer) repeatItems(items []Value, times int64) []Value {
	var out []Value
	if len(items) == 0 {
		return nil
	}
	for range times {
		r.step(2 * len(items))
		out = append(out, items...)
	}
	return out
}

// unary is -x, +x or not x.
func (r *renderer) unary(op string, x Value) Value {
	if op == "not" {
		return Bool(!truth(x))
	}
	r.defined(x)
	if f, ok := x.(Float); ok {
		if op == "-" {
			return -f
		}
		return f
	}
	n, ok := whole(x)
	if !ok {
		r.fail("'%s' can't take '%s'", op, x.pyType())
	}
	if op == "-" {
		n = new(big.Int).Neg(n)
	}
	return fromBig(n)
}
