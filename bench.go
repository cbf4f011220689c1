package trinity

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"github.com/trinity-engine/trinity/runtime/bind"
	"github.com/trinity-engine/trinity/runtime/eval"
	"github.com/trinity-engine/trinity/runtime/exec"
)

// Measure times a prompt of so many tokens, and so many steps of one token after it. Both are 1 or more.
func (m *Model) Measure(ctx context.Context, prompt, steps int) (prefill, decode time.Duration, err error) {
	if prompt < 1 || steps < 1 {
		return 0, 0, fmt.Errorf("a prompt of %d tokens and %d steps: both must be 1 or more", prompt, steps)
	}
	if n := m.Context(); prompt+steps > n {
		return 0, 0, fmt.Errorf("%w: a prompt of %d tokens and %d steps, the context has %d positions", ErrContextFull, prompt, steps, n)
	}
	s, err := m.begin(ctx, nil)
	if err != nil {
		return 0, 0, err
	}
	defer s.end()
	row := make([]int32, 1)
	choose := func(logits []float32) { row[0] = best(logits) }
	start := time.Now()
	if err := s.extend(ctx, m.sampleText(prompt), 1, choose); err != nil {
		return 0, 0, err
	}
	prefill, start = time.Since(start), time.Now()
	for range steps {
		if err := s.extend(ctx, row, 1, choose); err != nil {
			return 0, 0, err
		}
	}
	return prefill, time.Since(start), nil
}

// Work is what a batch asks of a machine: bytes of weights to be read, and multiply-adds with weights.
type Work = bind.Work

// Work counts that of a batch of so many tokens, of which the last reaches the head.
func (m *Model) Work(tokens int) (Work, error) {
	return m.engine.Program().Work(&eval.Batch{T: tokens, R: 1, Sequences: 1, Pages: 1})
}

// Variant names the kernels that compute: those of Processor, or vm.
func (m *Model) Variant() string {
	if n, ok := m.options.Runner.(exec.Native); ok {
		return n.CPU
	}
	return "vm"
}

// FileSize is the bytes of the model's file.
func (m *Model) FileSize() int { return m.file.Size() }

// WeightType is the type that most of the file's values have.
func (m *Model) WeightType() (name string) {
	values, most := map[string]uint64{}, uint64(0)
	for i := range m.file.Tensors {
		t := &m.file.Tensors[i]
		if t.Format == nil {
			continue
		}
		f := cmp.Or(t.Format.Packs, t.Format.Name)
		if values[f] += t.Values(); values[f] > most {
			name, most = f, values[f]
		}
	}
	return name
}

// sampleText gives n tokens of English.
func (m *Model) sampleText(n int) []int32 {
	const text = "Once upon a time a small machine read every book in the old library, and wrote down, " +
		"in a hand as clear as rain, the 3 things that it had not understood: why we sing; whom the stars are for; what to do next.\n"
	ids := m.Tokenize(text, TokenizeOptions{})
	if len(ids) == 0 {
		ids = []int32{0} // a vocabulary without letters
	}
	for len(ids) < n {
		ids = append(ids, ids[:min(len(ids), n-len(ids))]...)
	}
	return ids[:n]
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
