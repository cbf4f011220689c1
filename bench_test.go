package trinity

import (
	"context"
	"testing"

	"github.com/trinity-engine/trinity/internal/shared"
)

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
