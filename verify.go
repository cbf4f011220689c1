package trinity

import (
	"context"
	"fmt"
	"maps"
	"slices"
)

// VerifyOptions of Verify; the zero value is fit for use.
type VerifyOptions struct {
	Tokens  int  // that run through the model; 0: 4
	Threads int  // 0: as many as GOMAXPROCS says
	Batch   int  // tokens at once; 0: 8
	Exact   bool // with activations in f32, as in Options
	Fast    bool // as in Options, but on every processor

	// Progress is told, after each step of the model, how many are done; may be nil.
	Progress func(done, total int)
}

// Checked is what Verify saw of one kernel.
type Checked struct {
	Kernel string  `json:"kernel"` // "linear.matmul_q4_1"
	Calls  int     `json:"calls"`
	ULP    int64   `json:"ulp"`              // largest difference of the exact program, in f32 numbers between the two
	Where  string  `json:"where,omitempty"`  // that difference: the step, the element, both values; "" where there is none
	Share  float64 `json:"share"`            // of the op's tolerance that was used at most; -1: the op states none
	Failed string  `json:"failed,omitempty"` // "" where nothing did
}

func (c Checked) String() string {
	s := fmt.Sprintf("%-26s %4d calls", c.Kernel, c.Calls)
	if c.Failed != "" {
		return s + "  FAILED: " + c.Failed
	}
	s += "  same bits"
	if c.Share >= 0 {
		s += fmt.Sprintf(", %.2g of the tolerance", c.Share)
	}
	if c.ULP > 0 {
		s += fmt.Sprintf("; exact within %d ulp (%s)", c.ULP, c.Where)
	}
	return s
}

// Verify runs tokens through a model, all but one as a prompt, and for every step, on its own inputs, the
// bytecode of its scheduled program, where any differing bit fails, and of its exact program, where a
// difference beyond the op's tolerance fails. It gives what it saw of each kernel, sorted by name, and an
// error if one failed.
func Verify(ctx context.Context, path string, o VerifyOptions) ([]Checked, error) {
	if o.Tokens < 0 {
		return nil, fmt.Errorf("tokens is %d: it must be 1 or more, or 0 for the default", o.Tokens)
	}
	if o.Tokens == 0 {
		o.Tokens = 4
	}
	if o.Batch == 0 {
		o.Batch = 8
	}
	v := newVerifier(o.Threads)
	defer v.pool.Close()
	m, err := Open(path, Options{Threads: o.Threads, Batch: o.Batch, Exact: o.Exact, Fast: o.Fast, everywhere: true, Context: 64 * (o.Tokens/64 + 1), Parallel: 1, observer: v})
	if err != nil {
		return nil, err
	}
	defer m.Close()
	if o.Progress != nil {
		batches := (o.Tokens-1+o.Batch-1)/o.Batch + 1
		total := batches * len(m.engine.Program().Steps)
		v.progress = func(done int) { o.Progress(done, total) }
	}
	if err := m.forEachStep(ctx, o.Tokens); err != nil {
		return nil, err
	}
	return v.report()
}

// forEachStep computes a prompt and a single row, so that the observer sees every step of both.
func (m *Model) forEachStep(ctx context.Context, tokens int) error {
	s, err := m.begin(ctx, nil)
	if err != nil {
		return err
	}
	defer s.end()
	ids, unseen := m.sampleText(tokens), func([]float32) {}
	if err := s.extend(ctx, ids[:tokens-1], tokens, unseen); err != nil {
		return err
	}
	return s.extend(ctx, ids[tokens-1:], 1, unseen)
}

// report gives what was seen, by name.
func (v *verifier) report() ([]Checked, error) {
	var all []Checked
	failed := 0
	for _, name := range slices.Sorted(maps.Keys(v.seen)) {
		all = append(all, *v.seen[name])
		if v.seen[name].Failed != "" {
			failed++
		}
	}
	if failed > 0 {
		return all, fmt.Errorf("%d of %d kernels differ from what the specs mean", failed, len(all))
	}
	return all, nil
}
