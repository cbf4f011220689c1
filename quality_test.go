package trinity

import (
	"context"
	"iter"
	"math"
	"os"
	"testing"

	"github.com/trinity-engine/trinity/internal/shared"
)

// TestInt8Quality: what int8 activations change of the next token's distribution, in the mean over a text.
func TestInt8Quality(t *testing.T) {
	const most, drift = 3.5e-3, 0.005 // nats of KL divergence; of perplexity, relatively
	path := shared.Model(t, "smollm2")
	text, err := os.ReadFile(shared.Path(t, "golden/smollm2/text.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var rows [2]iter.Seq2[[]float32, error]
	var ids []int32
	for i, exact := range []bool{true, false} {
		m, err := Open(path, Options{Exact: exact})
		if err != nil {
			t.Fatal(err)
		}
		defer m.Close()
		ids = m.Tokenize(string(text), TokenizeOptions{})[:1024]
		rows[i] = m.Logits(context.Background(), ids[:len(ids)-1])
	}
	next, stop := iter.Pull2(rows[1])
	defer stop()
	var kl float64
	var loss [2]float64 // of exact activations, of int8
	at := 0
	for exact, err := range rows[0] {
		int8, wrong, ok := next()
		if err != nil || wrong != nil || !ok {
			t.Fatal(err, wrong, ok)
		}
		at++
		kl += divergence(exact, int8)
		loss[0] += nll(exact, ids[at])
		loss[1] += nll(int8, ids[at])
	}
	n := float64(at)
	change := math.Exp((loss[1]-loss[0])/n) - 1
	t.Logf("over %d predictions: KL divergence %.5f, perplexity %.4f, exact %.4f: %+.3f %%", at, kl/n, math.Exp(loss[1]/n), math.Exp(loss[0]/n), 100*change)
	if !(kl/n <= most) || !(math.Abs(change) <= drift) {
		t.Errorf("more than %v nats, or than %v %%", most, 100*drift)
	}
}

// divergence is KL(p, q) of the distributions of two rows of logits, in nats.
func divergence(p, q []float32) (sum float64) {
	zp, zq := logSum(p), logSum(q)
	for i := range p {
		lp := float64(p[i]) - zp
		sum += math.Exp(lp) * (lp - float64(q[i]) + zq)
	}
	return sum
}

// logSum is log(sum(exp(x))).
func logSum(x []float32) float64 {
	top, sum := math.Inf(-1), 0.0
	for _, v := range x {
		top = max(top, float64(v))
	}
	for _, v := range x {
		sum += math.Exp(float64(v) - top)
	}
	return top + math.Log(sum)
}
