package trinity

import (
	"context"
	"math"
)

// NLL gives the negative log-likelihood of each id but the first, in one window, in nats.
func (m *Model) NLL(ctx context.Context, ids []int32) ([]float64, error) {
	out := make([]float64, 0, max(len(ids)-1, 0))
	err := m.Logits(ctx, ids, func(at int, logits []float32) error {
		if at+1 < len(ids) {
			out = append(out, nll(logits, ids[at+1]))
		}
		return nil
	})
	return out, err
}

// nll is log(sum exp(l)) - l[id], in f64: a measure of the model, no part of it.
func nll(logits []float32, id int32) float64 {
	top := math.Inf(-1)
	for _, l := range logits {
		top = max(top, float64(l))
	}
	sum := 0.0
	for _, l := range logits {
		sum += math.Exp(float64(l) - top)
	}
	return top + math.Log(sum) - float64(logits[id])
}

// Perplexity is the exponential of the mean of nll.
func Perplexity(nll []float64) float64 {
	sum := 0.0
	for _, v := range nll {
		sum += v
	}
	return math.Exp(sum / float64(len(nll)))
}
