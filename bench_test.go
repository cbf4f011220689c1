package trinity

import (
	"context"
	"testing"

	"github.com/trinity-engine/trinity/gen"
	"github.com/trinity-engine/trinity/internal/shared"
	"github.com/trinity-engine/trinity/runtime/modelfile"
)

// TestWork counts that of a model whose sizes are plain: two layers, width 256, keys of half of that.
func TestWork(t *testing.T) {
	file, err := modelfile.Own(synthesized(t, tiny("llama", false), "q8_0"), nil, gen.Formats)
	if err != nil {
		t.Fatal(err)
	}
	m, err := open(file, Options{Threads: 1, Exact: true})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	const layers, head = 2 * (2*256*256 + 2*128*256 + 3*512*256), 300 * 256
	for _, tokens := range []int{1, 7} {
		w, err := m.Work(tokens)
		if err != nil {
			t.Fatal(err)
		}
		norms := 4 * 256 * 5
		if want := (Work{Bytes: (layers+head)/32*34 + norms, Products: tokens*layers + head}); w != want {
			t.Errorf("%d tokens: %+v, want %+v", tokens, w, want)
		}
	}
	name, _, err := Processor()
	if err != nil || m.WeightType() != "q8_0" || m.Variant() != name {
		t.Errorf("%s, %s, %v", m.WeightType(), m.Variant(), err)
	}
}

func TestLimits(t *testing.T) {
	l, err := MeasureLimits(1)
	if err != nil || l.Threads != 1 || !(l.Read > 1e8) || !(l.Dots > 1e6) {
		t.Errorf("%+v, %v", l, err)
	}
}

// BenchmarkSmolLM2 reports tokens a second of prefill (64) and decode (32).
func BenchmarkSmolLM2(b *testing.B) {
	path := shared.Model(b, "smollm2")
	for _, c := range []struct {
		name   string
		engine Engine
		prompt int
		steps  int
	}{{"native", Native, 64, 32}, {"vm=loop", LoopInVM, 4, 4}, {"vm=spec", SpecInVM, 1, 1}} {
		b.Run(c.name, func(b *testing.B) {
			threads := 0
			if c.engine != Native {
				threads = 1
			}
			m, err := Open(path, Options{Engine: c.engine, Threads: threads})
			if err != nil {
				b.Fatal(err)
			}
			defer m.Close()
			for b.Loop() {
				prefill, decode, err := m.Measure(context.Background(), c.prompt, c.steps)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(c.prompt)/prefill.Seconds(), "prefill_tok/s")
				b.ReportMetric(float64(c.steps)/decode.Seconds(), "decode_tok/s")
			}
		})
	}
}
