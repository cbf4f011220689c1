package jinja

import (
	"math"
	"math/big"
	"strings"
)

// compare gives x op y for == != < <= > >= in "not in".
func (r *renderer) compare(op string, x, y Value) bool {
	switch op {
	case "==":
		return r.equal(x, y)
	case "!=":
		return !r.equal(x, y)
	case "in":
		return r.contains(y, x)
	case "not in":
		return !r.contains(y, x)
	}
	r.defined(x)
	r.defined(y)
	c, ok := r.order(op, x, y)
	switch op {
	case "<":
		return ok && c < 0
	case "<=":
		return ok && c <= 0
	case ">":
		return ok && c > 0
	}
	return ok && c >= 0
}

// order is -1, 0 or 1; false where a NaN has no order. What can't be compared fails.
func (r *renderer) order(op string, x, y Value) (int, bool) {
	r.enter()
	defer r.leave()
	if isNumber(x) && isNumber(y) {
		return orderNumbers(x, y)
	}
	switch x := x.(type) {
	case Str:
		if y, ok := y.(Str); ok {
			r.read(min(len(x), len(y)))
			return strings.Compare(string(x), string(y)), true
		}
	case *List:
		if y, ok := y.(*List); ok {
			return r.orderItems(op, x.items, y.items)
		}
	case *tuple:
		if y, ok := y.(*tuple); ok {
			return r.orderItems(op, x.items, y.items)
		}
	}
	r.fail("'%s' can't compare '%s' and '%s'", op, x.pyType(), y.pyType())
	return 0, false
}

func (r *renderer) orderItems(op string, x, y []Value) (int, bool) {
	for i := range min(len(x), len(y)) {
		if !r.equal(x[i], y[i]) {
			return r.order(op, x[i], y[i])
		}
	}
	return len(x) - len(y), true
}

func isNumber(v Value) bool {
	switch v.(type) {
	case Bool, Int, bigInt, Float:
		return true
	}
	return false
}

// orderNumbers compares exactly, integers with floats too.
func orderNumbers(x, y Value) (int, bool) {
	a, aFloat := x.(Float)
	b, bFloat := y.(Float)
	if aFloat && math.IsNaN(float64(a)) || bFloat && math.IsNaN(float64(b)) {
		return 0, false
	}
	return exact(x).Cmp(exact(y)), true
}

func exact(v Value) *big.Float {
	if f, ok := v.(Float); ok {
		return new(big.Float).SetFloat64(float64(f))
	}
	n, _ := whole(v)
	return new(big.Float).SetPrec(uint(max(n.BitLen(), 64))).SetInt(n)
}

// equal is Python's x == y.
func (r *renderer) equal(x, y Value) bool {
	r.enter()
	defer r.leave()
	if isNumber(x) && isNumber(y) {
		c, ok := orderNumbers(x, y)
		return ok && c == 0
	}
	switch x := x.(type) {
	case Str:
		y, ok := y.(Str)
		r.read(len(x))
		return ok && x == y
	case *List:
		y, ok := y.(*List)
		return ok && r.equalItems(x.items, y.items)
	case *tuple:
		y, ok := y.(*tuple)
		return ok && r.equalItems(x.items, y.items)
	case *Dict:
		y, ok := y.(*Dict)
		return ok && r.equalDicts(x, y)
	case *rangeValue:
		y, ok := y.(*rangeValue)
		return ok && x.n == y.n && (x.n == 0 || x.start == y.start && (x.n == 1 || x.step == y.step))
	case *undefined:
		return isUndefined(y)
	}
	return x == y
}

func (r *renderer) equalItems(x, y []Value) bool {
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if !r.equal(x[i], y[i]) {
			return false
		}
	}
	return true
}

func (r *renderer) equalDicts(x, y *Dict) bool {
	if len(x.keys) != len(y.keys) {
		return false
	}
	for i, key := range x.keys {
		hash, _ := r.hash(key)
		v, ok := y.at(hash)
		if !ok || !r.equal(x.values[i], v) {
			return false
		}
	}
	return true
}

// contains is v in c.
func (r *renderer) contains(c, v Value) bool {
	switch c := c.(type) {
	case Str:
		s, ok := v.(Str)
		if !ok {
			r.fail("'in' a text takes a text, not '%s'", v.pyType())
		}
		r.read(len(c))
		return strings.Contains(string(c), string(s))
	case *Dict:
		hash, ok := r.hash(v)
		if !ok {
			r.fail("a '%s' can't be a key", v.pyType())
		}
		_, ok = c.at(hash)
		return ok
	}
	for _, item := range r.iterate(c) {
		if item == v || r.equal(item, v) {
			return true
		}
	}
	return false
}
