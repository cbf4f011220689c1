package plan

import "math/bits"

// maxDim is the largest dim of a Variant's call.
const maxDim = 1<<31 - 1

// Sane reports whether all dims lie in what a Variant accepts, and lo..hi in 0..work.
func (c *Call) Sane(lo, hi, work int) bool {
	for _, d := range c.Dim {
		if d < 0 || d > maxDim {
			return false
		}
	}
	return lo >= 0 && hi <= work
}

// Holds reports whether b has room for a product of factors, each of which is not negative.
func (b Buf) Holds(factors ...int) bool {
	n := uint64(1)
	for _, f := range factors {
		if f < 0 {
			return false
		}
		hi, lo := bits.Mul64(n, uint64(f))
		if hi != 0 {
			return false
		}
		n = lo
	}
	return n <= uint64(b.Len)
}
