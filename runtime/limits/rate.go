package limits

import (
	"sync"
	"time"
)

const (
	windows = 5
	window  = 60 * time.Millisecond
)

// best gives the highest rate of the windows: what steps on all threads get done a second, together.
func best(threads int, step func(thread int) (done int)) (rate float64) {
	for range windows {
		rate = max(rate, during(window, threads, step))
	}
	return rate
}

func during(window time.Duration, threads int, step func(thread int) int) float64 {
	rates := make([]float64, threads)
	var all sync.WaitGroup
	for t := range threads {
		all.Go(func() {
			start, done := time.Now(), 0
			for elapsed := time.Duration(0); elapsed < window; elapsed = time.Since(start) {
				done += step(t)
			}
			rates[t] = float64(done) / time.Since(start).Seconds()
		})
	}
	all.Wait()
	sum := 0.0
	for _, r := range rates {
		sum += r
	}
	return sum
}
