package limits

import (
	"github.com/trinity-engine/trinity/runtime/memory"
	"github.com/trinity-engine/trinity/runtime/plan"
)

// readSize is far more than caches hold.
const readSize = 512 << 20

// line is what memory is read by.
type line [8]uint64

const linesAStep = 1 << 20 / 64

// Read gives the bytes that threads read a second, each through its own part of a buffer in order, again and again.
func Read(threads int) float64 {
	size := readSize
	if free, ok := memory.Available(); ok {
		size = min(size, free/4)
	}
	part := max(size/64/threads, linesAStep)
	lines := make([]line, part*threads)
	memory.Large(plan.View[byte](plan.Of(lines))) // as weights are
	for i := range lines {
		lines[i][0] = 1 // so that each page is a page of its own
	}
	at, sums := make([]int, threads), make([]uint64, threads)
	return best(threads, func(t int) int {
		if at[t]+linesAStep > part {
			at[t] = 0
		}
		from := t*part + at[t]
		sums[t] += sum(lines[from : from+linesAStep])
		at[t] += linesAStep
		return linesAStep * 64
	})
}

// sum adds all words, each of a line to a sum of its own, so that no load waits for another.
func sum(lines []line) uint64 {
	var a, b, c, d, e, f, g, h uint64
	for i := range lines {
		l := &lines[i]
		a += l[0]
		b += l[1]
		c += l[2]
		d += l[3]
		e += l[4]
		f += l[5]
		g += l[6]
		h += l[7]
	}
	return a + b + c + d + e + f + g + h
}
