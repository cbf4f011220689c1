package trinity

import (
	"context"
	"time"

	"github.com/trinity-engine/trinity/runtime/exec"
)

// Measure times a prompt of that many tokens, and as many single steps after it.
func (m *Model) Measure(ctx context.Context, prompt, steps int) (prefill, decode time.Duration, err error) {
	err = m.session(func(seq int32) error {
		start := time.Now()
		logits, err := m.prefill(ctx, seq, someTokens(prompt))
		if err != nil {
			return err
		}
		prefill, start = time.Since(start), time.Now()
		row := make([]exec.Row, 1)
		for i := range steps {
			row[0] = exec.Row{Token: best(logits), Seq: seq, Pos: int32(prompt + i)}
			if logits, err = m.step(ctx, row); err != nil {
				return err
			}
		}
		decode = time.Since(start)
		return nil
	})
	return prefill, decode, err
}

// someTokens are n ids that every vocabulary has.
func someTokens(n int) []int32 {
	ids := make([]int32, n)
	for i := range ids {
		ids[i] = int32(i%200 + 1)
	}
	return ids
}

// best is the most probable token; of equals the one with the smallest id.
func best(logits []float32) int32 {
	at := 0
	for i, v := range logits {
		if v > logits[at] {
			at = i
		}
	}
	return int32(at)
}
