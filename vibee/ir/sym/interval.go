package sym

import "math"

// Interval is the integers Lo..Hi, both included. MinInt64 and MaxInt64 stand for
// no bound.
type Interval struct{ Lo, Hi int64 }

// Every value, and those from zero up.
var (
	All     = Interval{math.MinInt64, math.MaxInt64}
	Natural = Interval{0, math.MaxInt64}
)

// Exactly is the interval of one value.
func Exactly(v int64) Interval { return Interval{v, v} }

// Within reports whether every value of a lies in b.
func (a Interval) Within(b Interval) bool { return a.Lo >= b.Lo && a.Hi <= b.Hi }

// Union is the smallest interval that holds a and b.
func (a Interval) Union(b Interval) Interval { return Interval{min(a.Lo, b.Lo), max(a.Hi, b.Hi)} }

// Add is the interval of x + y.
func (a Interval) Add(b Interval) Interval {
	return Interval{saturate(a.Lo, b.Lo, math.MinInt64), saturate(a.Hi, b.Hi, math.MaxInt64)}
}

// Neg is the interval of -x.
func (a Interval) Neg() Interval { return Interval{negate(a.Hi), negate(a.Lo)} }

// Mul is the interval of x * y.
func (a Interval) Mul(b Interval) Interval {
	out := Interval{math.MaxInt64, math.MinInt64}
	for _, x := range [2]int64{a.Lo, a.Hi} {
		for _, y := range [2]int64{b.Lo, b.Hi} {
			p := product(x, y)
			out = Interval{min(out.Lo, p), max(out.Hi, p)}
		}
	}
	return out
}

// Div is the interval of x / y for x >= 0, y >= 0 (and not 0 where it divides); All where that isn't known.
func (a Interval) Div(b Interval) Interval {
	if a.Lo < 0 || b.Lo < 0 || b.Hi == 0 {
		return All
	}
	b.Lo = max(b.Lo, 1)
	out := Interval{0, a.Hi}
	if b.Hi != math.MaxInt64 {
		out.Lo = a.Lo / b.Hi
	}
	if a.Hi != math.MaxInt64 {
		out.Hi = a.Hi / b.Lo
	}
	return out
}

// Mod is the interval of x % y for x >= 0, y >= 0 (and not 0 where it divides); All where that isn't known.
func (a Interval) Mod(b Interval) Interval {
	if a.Lo < 0 || b.Lo < 0 || b.Hi == 0 {
		return All
	}
	if b.Hi == math.MaxInt64 {
		return Interval{0, a.Hi}
	}
	return Interval{0, min(a.Hi, b.Hi-1)}
}

func saturate(a, b, infinite int64) int64 {
	if a == infinite || b == infinite {
		return infinite
	}
	s := a + b
	switch {
	case a > 0 && b > 0 && s < 0:
		return math.MaxInt64
	case a < 0 && b < 0 && s >= 0:
		return math.MinInt64
	}
	return s
}

func negate(v int64) int64 {
	switch v {
	case math.MinInt64:
		return math.MaxInt64
	case math.MaxInt64:
		return math.MinInt64
	}
	return -v
}

func product(x, y int64) int64 {
	if x == 0 || y == 0 {
		return 0
	}
	p := x * y
	infinite := x == math.MinInt64 || x == math.MaxInt64 || y == math.MinInt64 || y == math.MaxInt64
	if infinite || p/y != x {
		if (x < 0) != (y < 0) {
			return math.MinInt64
		}
		return math.MaxInt64
	}
	return p
}
