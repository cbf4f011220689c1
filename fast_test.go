package trinity

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/trinity-engine/trinity/gen"
	"github.com/trinity-engine/trinity/runtime/cpu"
	"github.com/trinity-engine/trinity/runtime/modelfile"
	"github.com/trinity-engine/trinity/runtime/plan"
)

// allLogits are all logits of some tokens, one row after the other; the model is closed.
func allLogits(t *testing.T, m *Model) (all []float32) {
	t.Helper()
	defer m.Close()
	tokens := make([]int32, 23)
	for i := range tokens {
		tokens[i] = int32(7*i%290 + 5)
	}
	for logits, err := range m.Logits(context.Background(), tokens) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, logits...)
	}
	return all
}

func opened(t *testing.T, data []byte, o Options) *Model {
	t.Helper()
	file, err := modelfile.Own(data, nil, gen.Formats)
	if err != nil {
		t.Fatal(err)
	}
	o.Threads, o.Context = 2, 32
	m, err := open(file, o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// paired counts a model's steps that take weights of bf16 and nothing else, and those of them whose kernels add in an
// order of their own on this processor.
func paired(t *testing.T, m *Model) (steps, own int) {
	t.Helper()
	name, _, err := Processor()
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range m.engine.Program().Steps {
		if slices.ContainsFunc(s.Op.Params, func(p plan.Param) bool { return p.Paired }) {
			steps++
			if cpu.Kernel(s.Kernel, name).Loop != s.Kernel.Loop {
				own++
			}
		}
	}
	return steps, own
}

// TestFast: weights of bf16 meet activations of bf16, which differ from f32 by 2^-9 at most, 0.2 %: the root mean square
// of what logits differ by is 1 % of that of the exact ones at most. Batches, processors and the VM give the same bits, but
// for those that add in an order of their own. Tied, the embeddings are read from the file, and the head is packed.
func TestFast(t *testing.T) {
	for _, tied := range []bool{false, true} {
		data := synthesized(t, tiny("llama", tied), "bf16")
		m := opened(t, data, Options{Fast: true, everywhere: true})
		steps, own := paired(t, m)
		if want := 2*7 + 1; steps != want {
			t.Errorf("tied %v: %d steps multiply pairs, not %d", tied, steps, want)
		}
		fast, exact := allLogits(t, m), allLogits(t, opened(t, data, Options{Exact: true}))
		if off := distance(fast, exact); !(off > 1e-5 && off < 0.01) {
			t.Errorf("tied %v: logits are off by %.3g of their size", tied, off)
		}
		if own > 0 {
			t.Logf("%d steps add in an order of their own here", own)
			t.Setenv(processorVariable, cpu.Generic)
			fast = allLogits(t, opened(t, data, Options{Fast: true, everywhere: true}))
		}
		for _, name := range variants() {
			t.Setenv(processorVariable, name)
			m := opened(t, data, Options{Fast: true, everywhere: true})
			if _, own := paired(t, m); own > 0 {
				m.Close()
			} else if !slices.Equal(fast, allLogits(t, m)) {
				t.Errorf("tied %v: %s gives other bits", tied, name)
			}
		}
		t.Setenv(processorVariable, cpu.Generic)
		if !slices.Equal(fast, allLogits(t, opened(t, data, Options{Fast: true, everywhere: true, Batch: 3}))) {
			t.Errorf("tied %v: batches of 3 give other bits", tied)
		}
		if !slices.Equal(fast, allLogits(t, opened(t, data, Options{Fast: true, everywhere: true, Engine: LoopInVM}))) {
			t.Errorf("tied %v: the VM gives other bits", tied)
		}
	}
}

// distance is the root mean square of a - b, as a part of that of b.
func distance(a, b []float32) float64 {
	var difference, size float64
	for i := range b {
		d := float64(a[i]) - float64(b[i])
		difference += d * d
		size += float64(b[i]) * float64(b[i])
	}
	return math.Sqrt(difference / size)
}

// TestFastElsewhere: a model without bf16 gives the same bits, fast or not.
func TestFastElsewhere(t *testing.T) {
	for _, typ := range []string{"f32", "f16", "q8_0"} {
		data := synthesized(t, tiny("llama", false), typ)
		m := opened(t, data, Options{Fast: true, everywhere: true})
		if steps, _ := paired(t, m); steps > 0 {
			t.Errorf("%s: %d steps multiply pairs", typ, steps)
		}
		if !slices.Equal(allLogits(t, m), allLogits(t, opened(t, data, Options{}))) {
			t.Errorf("%s: the logits differ", typ)
		}
	}
}

// TestVerifyFast: the kernels that fast chooses are verified, with the program of the variant that runs.
func TestVerifyFast(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tiny.gguf")
	if err := os.WriteFile(path, synthesized(t, tiny("llama", true), "bf16"), 0o600); err != nil {
		t.Fatal(err)
	}
	seen, err := Verify(context.Background(), path, VerifyOptions{Tokens: 20, Batch: 19, Threads: 2, Fast: true})
	if err != nil {
		t.Error(err)
	}
	if !slices.ContainsFunc(seen, func(c Checked) bool { return c.Kernel == "linear.matmul_pairs_bf16_x16" && c.Share >= 0 }) {
		t.Errorf("no pairs were verified: %v", seen)
	}
}

// TestFastWhereItGains: processors whose kernels add as all do are as exact as without it.
func TestFastWhereItGains(t *testing.T) {
	data := synthesized(t, tiny("llama", true), "bf16")
	for _, name := range append([]string{cpu.Generic}, variants()...) {
		t.Setenv(processorVariable, name)
		all, own := pairsIn(t, data, Options{Fast: true, everywhere: true})
		if steps, _ := pairsIn(t, data, Options{Fast: true}); (steps == all) != (own > 0) || steps > 0 && own == 0 {
			t.Errorf("%s: %d steps multiply pairs, of %d that may; %d add in an order of their own", name, steps, all, own)
		}
	}
	if steps, _ := pairsIn(t, data, Options{Fast: true, Engine: LoopInVM}); steps > 0 {
		t.Errorf("the VM: %d steps multiply pairs", steps)
	}
}

// pairsIn counts what paired does of a model that is opened for it.
func pairsIn(t *testing.T, data []byte, o Options) (steps, own int) {
	t.Helper()
	m := opened(t, data, o)
	defer m.Close()
	return paired(t, m)
}

// variants are those that this processor runs.
func variants() (names []string) {
	for _, v := range cpu.Variants {
		if cpu.Has(v.Name) {
			names = append(names, v.Name)
		}
	}
	return names
}

func TestFastAndExact(t *testing.T) {
	if _, err := Open("tales", Options{Exact: true, Fast: true, everywhere: true}); err == nil || !strings.Contains(err.Error(), "exact and fast") {
		t.Error(err)
	}
}

// TestFastAlone: without it, bf16 is multiplied as f32.
func TestFastAlone(t *testing.T) {
	for _, exact := range []bool{false, true} {
		m := opened(t, synthesized(t, tiny("llama", true), "bf16"), Options{Exact: exact})
		if steps, _ := paired(t, m); steps > 0 {
			t.Errorf("exact %v: %d steps multiply pairs unasked", exact, steps)
		}
		m.Close()
	}
}
