package jinja

import (
	"math"
	"math/big"
)

// clamp is n within what a length can be.
func clamp(n *big.Int) int64 {
	const far = math.MaxInt64 / 4
	switch {
	case n.IsInt64():
		return max(-far, min(far, n.Int64()))
	case n.Sign() < 0:
		return -far
	}
	return far
}

// slice is x[start:stop:step], with None where a bound is left out.
func (r *renderer) slice(x Value, bounds [3]Value) Value {
	r.defined(x)
	switch x := x.(type) {
	case *List:
		return &List{pick(r, x.items, bounds)}
	case *tuple:
		return &tuple{items: pick(r, x.items, bounds)}
	case Str:
		r.made(len(x) * 4)
		return Str(pick(r, []rune(string(x)), bounds))
	case *rangeValue:
		start, step, n := r.span(x.n, bounds)
		from := x.start + start*x.step
		return &rangeValue{from, from + n*step*x.step, step * x.step, n}
	}
	r.fail("a '%s' can't be sliced", x.pyType())
	return nil
}

func pick[T any](r *renderer, items []T, bounds [3]Value) []T {
	start, step, n := r.span(int64(len(items)), bounds)
	if step == 1 {
		return items[start : start+n : start+n]
	}
	r.step(int(n))
	out := make([]T, n)
	for i := range out {
		out[i] = items[start+int64(i)*step]
	}
	return out
}

// span resolves a slice of size things: the first, the step, and how many.
func (r *renderer) span(size int64, bounds [3]Value) (start, step, n int64) {
	step = r.bound(bounds[2], 1)
	if step == 0 {
		r.fail("a slice's step can't be 0")
	}
	low, high := int64(0), size
	if step < 0 {
		low, high = -1, size-1
	}
	from, to := low, high
	if step < 0 {
		from, to = high, low
	}
	limit := func(v Value, absent int64) int64 {
		if v == None {
			return absent
		}
		i := r.bound(v, 0)
		if i < 0 {
			i += size
		}
		return max(low, min(high, i))
	}
	start, stop := limit(bounds[0], from), limit(bounds[1], to)
	switch {
	case step > 0 && start < stop:
		n = (stop-start-1)/step + 1
	case step < 0 && stop < start:
		n = (start-stop-1)/-step + 1
	default:
		start = max(start, 0)
	}
	return start, step, n
}

func (r *renderer) bound(v Value, absent int64) int64 {
	if v == None {
		return absent
	}
	n, ok := whole(v)
	if !ok {
		r.fail("a slice takes integers, not '%s'", v.pyType())
	}
	return clamp(n)
}
