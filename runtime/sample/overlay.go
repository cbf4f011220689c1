package sample

import (
	"fmt"
	"math"
)

// Overlay gives p with what a model file recommends: its keys general.sampling.temp,
// top_k, top_p, min_p, penalty_last_n and penalty_repeat. number gives the number
// under a key, and false where the file has none. Recommendations for steps that
// are not taken here (sequence, xtc_*, mirostat*) are passed over.
func (p Params) Overlay(number func(key string) (float64, bool)) (Params, error) {
	const prefix = "general.sampling."
	for _, f := range []struct {
		key  string
		into *float32
	}{
		{"temp", &p.Temperature}, {"top_p", &p.TopP}, {"min_p", &p.MinP}, {"penalty_repeat", &p.RepeatPenalty},
	} {
		if x, ok := number(prefix + f.key); ok {
			*f.into = float32(x)
		}
	}
	for _, n := range []struct {
		key  string
		into *int
	}{
		{"top_k", &p.TopK}, {"penalty_last_n", &p.PenaltyLastN},
	} {
		x, ok := number(prefix + n.key)
		if !ok {
			continue
		}
		if x != math.Trunc(x) || math.Abs(x) > math.MaxInt32 {
			return p, fmt.Errorf("sample: the file's %s%s is %v: must be an integer", prefix, n.key, x)
		}
		*n.into = int(x)
	}
	p.TopK = max(p.TopK, 0) // files say -1, too, for off
	if err := p.Validate(); err != nil {
		return p, fmt.Errorf("%w (as the file's %s* recommend)", err, prefix)
	}
	return p, nil
}
