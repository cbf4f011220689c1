package cpu

import (
	"time"

	"github.com/trinity-engine/trinity/runtime/plan"
)

const (
	// longest is how long a call of assembly is to last: Go can't preempt it, and whoever stops the world waits for it.
	longest = 200 * time.Microsecond
	// few is how many steps of a call, the product of its dims, are not worth to be timed.
	few = 1 << 21
	// first is how many steps a range's first part has: some 100 µs with AVX-512.
	first = 1 << 26
)

// form is how assembly computes a range; false where it did not.
type form func(c *plan.Call, lo, hi int, scratch []byte) bool

var started = time.Now()

// since is a clock that never goes back.
func since() time.Duration { return time.Since(started) }

// pace runs a range in parts, each as long as the time of the one before lets it be, but a strip at least; what it did not
// do begins at done.
func pace(k *plan.Kernel, strip int, run form, clock func() time.Duration, c *plan.Call, lo, hi int, scratch []byte) (done int) {
	n := firstPart(k, c, hi-lo)
	for lo < hi {
		start := clock()
		end := partEnd(lo, hi, n, strip)
		if !run(c, lo, end, scratch) {
			return lo
		}
		part := end - lo
		if lo = end; lo < hi {
			n = nextPart(part, k.Grain, clock()-start)
		}
	}
	return lo
}

// firstPart is how many of a range's items are run before it is known how long they take.
func firstPart(k *plan.Kernel, c *plan.Call, items int) int {
	steps := 1
	for _, d := range c.Dim {
		if steps *= max(d, 1); steps > 1<<40 {
			break
		}
	}
	if steps <= few {
		return items
	}
	return max(1, min(k.Grain, first/max(1, steps/max(1, k.Work(c)))))
}

// nextPart is how many items fit the longest time where n took some: a multiple of the grain, if a grain fits.
func nextPart(n, grain int, took time.Duration) int {
	const growth = 16 // a clock is coarse
	fit := growth * n
	if took > longest/growth {
		fit = int(int64(n) * int64(longest) / int64(took))
	}
	if fit > grain {
		fit -= fit % max(grain, 1)
	}
	return max(1, fit)
}

// partEnd is where a part of about n items ends: between strips, which it has one of at least.
func partEnd(lo, hi, n, strip int) int {
	strip = max(strip, 1)
	end := min(lo+n, hi)
	if end < hi {
		end -= end % strip
	}
	if end <= lo {
		end = lo - lo%strip + strip
	}
	return min(end, hi)
}
