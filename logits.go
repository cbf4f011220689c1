package trinity

import (
	"context"
	"fmt"
	"iter"
	"math"
)

// Logits yields the logits after each of the ids, in order: rows of TokenCount values, of which each is valid until
// the next is asked for. It ends early with an error, as Generate does.
func (m *Model) Logits(ctx context.Context, ids []int32) iter.Seq2[[]float32, error] {
	return func(yield func([]float32, error) bool) {
		if err := m.eachRow(ctx, ids, func(row []float32) bool { return yield(row, nil) }); err != nil {
			yield(nil, err)
		}
	}
}

// eachRow shows copies of the rows, for which the engine is not held, until more says no.
func (m *Model) eachRow(ctx context.Context, ids []int32, more func(row []float32) bool) error {
	if n := m.Context(); len(ids) > n {
		return fmt.Errorf("%w: %d tokens, the context has %d positions", ErrContextFull, len(ids), n)
	}
	if err := m.known(ids); err != nil {
		return err
	}
	s, err := m.begin(ctx, nil)
	if err != nil {
		return err
	}
	defer s.end()
	var rows [mostOutputs][]float32
	for step := m.options.Outputs; len(ids) > 0; ids = ids[min(step, len(ids)):] {
		n := 0
		if err := s.extend(ctx, ids[:min(step, len(ids))], step, func(row []float32) {
			rows[n] = append(rows[n][:0], row...)
			n++
		}); err != nil {
			return err
		}
		for _, row := range rows[:n] {
			if !more(row) {
				return nil
			}
		}
	}
	return nil
}

// NLL yields the negative log-likelihood of each id but the first, in nats: all of them in one window, with
// nothing before the first.
func (m *Model) NLL(ctx context.Context, ids []int32) iter.Seq2[float64, error] {
	return func(yield func(float64, error) bool) {
		if len(ids) < 2 {
			return
		}
		at := 0
		for row, err := range m.Logits(ctx, ids[:len(ids)-1]) {
			if err != nil {
				yield(0, err)
				return
			}
			at++
			if !yield(nll(row, ids[at]), nil) {
				return
			}
		}
	}
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

// Perplexity is the exponential of the mean of NLL's values; NaN of none.
func Perplexity(nll []float64) float64 {
	sum := 0.0
	for _, v := range nll {
		sum += v
	}
	return math.Exp(sum / float64(len(nll)))
}
