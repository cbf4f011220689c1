package sample

import (
	"fmt"
	"math"
)

// Math holds the functions that Go's own would make differ by architecture.
// Exp is asked for -87 to 0, Log for 1 and more.
type Math struct {
	Exp, Log func(float32) float32
}

// Candidate is a token and the natural logarithm of its probability.
type Candidate struct {
	ID      int
	LogProb float32
}

// weight gives exp(d) for d <= 0: a probability relative to the likeliest token's.
// Below the least normal number it is 0.
func (m Math) weight(d float32) float32 {
	switch {
	case d == 0:
		return 1
	case d < -87:
		return 0
	}
	return m.Exp(d)
}

// below gives how far a logit lies below the greatest, infinite ones among them.
func below(logit, greatest float32) float32 {
	if logit == greatest {
		return 0
	}
	return logit - greatest
}

// possible tells whether a logit leaves its token any probability.
func possible(logit float32) bool { return logit >= -math.MaxFloat32 }

// norm gives the greatest logit, and the logarithm of the sum of exp(logit -
// greatest): the log-probability of a token is its logit less both. It adds in f64,
// in the order of ids.
func (m Math) norm(logits []float32) (greatest, log float32, err error) {
	greatest, some := float32(math.Inf(-1)), false
	for _, l := range logits {
		if possible(l) && l >= greatest {
			greatest, some = l, true
		}
	}
	if !some {
		return 0, 0, nothing(len(logits))
	}
	sum := 0.0
	for _, l := range logits {
		if possible(l) {
			sum += float64(m.weight(below(l, greatest)))
		}
	}
	return greatest, m.Log(float32(sum)), nil
}

func nothing(n int) error {
	return fmt.Errorf("sample: no token can be chosen: each of %d logits is NaN or -Inf", n)
}

// LogProb gives the log-probability of a token under the logits as they are. A
// token whose logit is NaN has none: -Inf.
func (m Math) LogProb(logits []float32, id int) (float32, error) {
	if id < 0 || id >= len(logits) {
		return 0, fmt.Errorf("sample: %d is no token: there are %d logits", id, len(logits))
	}
	greatest, log, err := m.norm(logits)
	if err != nil {
		return 0, err
	}
	if !possible(logits[id]) {
		return float32(math.Inf(-1)), nil
	}
	return below(logits[id], greatest) - log, nil
}

// Best appends to dst the n most likely tokens under the logits as they are, the
// likeliest first; fewer where fewer are possible.
func (m Math) Best(dst []Candidate, logits []float32, n int) ([]Candidate, error) {
	greatest, log, err := m.norm(logits)
	if err != nil {
		return dst, err
	}
	best := dst[len(dst):]
	for id, l := range logits {
		if !possible(l) || n <= 0 || len(best) == n && l <= logits[best[n-1].ID] {
			continue
		}
		if len(best) < n {
			best = append(best, Candidate{})
		}
		i := len(best) - 1
		for ; i > 0 && l > logits[best[i-1].ID]; i-- {
			best[i] = best[i-1]
		}
		best[i] = Candidate{ID: id}
	}
	for i := range best {
		best[i].LogProb = below(logits[best[i].ID], greatest) - log
	}
	return append(dst, best...), nil
}
