package trinity

import (
	"runtime"

	"github.com/trinity-engine/trinity/gen"
	"github.com/trinity-engine/trinity/runtime/limits"
)

// Limits are what a machine can do at most.
type Limits struct {
	Threads int     `json:"threads"`
	Read    float64 `json:"read_bytes_per_second"` // from memory, by all threads
	Dots    float64 `json:"multiply_adds_per_second"`
}

// MeasureLimits measures those of this machine, with so many threads, 0 for as many as GOMAXPROCS, and the
// kernels of Processor. It takes a second.
func MeasureLimits(threads int) (l Limits, err error) {
	if l.Threads = threads; threads <= 0 {
		l.Threads = runtime.GOMAXPROCS(0)
	}
	name, _, err := Processor()
	if err != nil {
		return l, err
	}
	l.Read = limits.Read(l.Threads)
	l.Dots, err = limits.Dots(gen.Host["dots"], name, gen.Formats, l.Threads)
	return l, err
}
