package words_test

import (
	"math/rand/v2"
	"testing"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/loop/looptest"
	"github.com/trinity-engine/trinity/vibee/ir/loop/words"
)

// TestSameBits: what is joined computes the same, and is valid.
func TestSameBits(t *testing.T) {
	for _, lanes := range []int{2, 4, 8} {
		p := looptest.MatmulQ4_1(lanes, 4)
		dims := []int64{2, 19, 64}
		work := looptest.Value(p, p.Work, dims)
		before := looptest.Inputs(rand.New(rand.NewPCG(1, uint64(lanes))), p, dims)
		after := before.Clone()
		if err := looptest.Run(p, before, dims, []float32{1e-5}, 0, work); err != nil {
			t.Fatal(err)
		}
		q := *p
		q.Body = words.Join(p.Body)
		if loop.Print(&q) == loop.Print(p) {
			t.Errorf("%d lanes: nothing is joined:\n%s", lanes, loop.Print(p))
		}
		if err := loop.Verify(&q); err != nil {
			t.Error(err)
		}
		if err := looptest.Run(&q, after, dims, []float32{1e-5}, 0, work); err != nil {
			t.Fatal(err)
		}
		for _, b := range p.Bufs {
			if at := looptest.Differs(b, before[b], after[b]); at >= 0 {
				t.Errorf("%d lanes: %s[%d] differs", lanes, b.Name, at)
			}
		}
	}
}
