package trinity

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/trinity-engine/trinity/internal/shared"
)

// golden is a file of chats that another engine answered.
type golden struct {
	Chat []struct {
		Name     string
		Messages []Message
		Prompt   string
		IDs      []int32
		Greedy   []int32
		Top5     [][][2]float64
	}
	Nll        []float64
	Perplexity float64 `json:"perplexity_exact"`
	Tokens     []int32 `json:"perplexity_tokens"`
}

func readGolden(t testing.TB, name string) (g golden) {
	data, err := os.ReadFile(shared.Path(t, name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &g); err != nil {
		t.Fatal(err)
	}
	return g
}

// chats checks the answers of a model; steps 0 is all of them.
func chats(t *testing.T, path string, g golden, o Options, steps int) {
	m, err := Open(path, o)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if len(g.Chat) == 0 {
		t.Fatal("the golden file has no chats")
	}
	for _, c := range g.Chat {
		want := c.Greedy
		if steps > 0 && len(want) > steps {
			want = want[:steps]
		}
		var got []int32
		for tok, err := range m.Generate(context.Background(), c.IDs, GenerateOptions{MaxTokens: len(want)}) {
			if err != nil {
				t.Fatal(err)
			}
			if tok.ID >= 0 {
				got = append(got, tok.ID)
			}
		}
		for i := range want {
			if i < len(got) && got[i] == want[i] {
				continue
			}
			if i >= len(got) && m.tokens.EOG(want[i]) {
				break
			}
			if top := c.Top5[i]; math.Abs(top[0][1]-top[1][1]) < 0.002 {
				t.Logf("%s: a tie at step %d", c.Name, i)
				break
			}
			t.Errorf("%s: step %d: got %v, want %v", c.Name, i, got, want)
			break
		}
		if o.Engine == Native {
			logProbs(t, m, c.Name, c.IDs, c.Greedy, c.Top5)
		}
		prompt, err := m.Prompt(c.Messages)
		if err != nil {
			t.Fatal(err)
		}
		if prompt != c.Prompt {
			t.Errorf("%s: the prompt is %q, want %q", c.Name, prompt, c.Prompt)
		}
		if ids := m.Tokenize(prompt, TokenizeOptions{Special: true}); !slices.Equal(ids, c.IDs) {
			t.Errorf("%s: the prompt's tokens are %v, want %v", c.Name, ids, c.IDs)
		}
	}
}

// logProbs compares the five best of each step along the golden answer, within 2e-3.
func logProbs(t *testing.T, m *Model, name string, prompt, answer []int32, top [][][2]float64) {
	ids := append(slices.Clone(prompt), answer...)
	worst := 0.0
	step := -len(prompt)
	for logits, err := range m.Logits(context.Background(), ids) {
		if err != nil {
			t.Fatal(err)
		}
		if step++; step < 0 || step >= len(top) {
			continue
		}
		for _, want := range top[step] {
			d := math.Abs(-nll(logits, int32(want[0])) - want[1])
			worst = max(worst, d)
			if !(d <= 2e-3) {
				t.Errorf("%s: step %d: token %v has log-probability %v, want %v", name, step, want[0], -nll(logits, int32(want[0])), want[1])
			}
		}
	}
	t.Logf("%s: no log-probability off by more than %.2g", name, worst)
}

func TestSmolLM2(t *testing.T) {
	g := readGolden(t, "golden/smollm2/smollm2.json")
	chats(t, shared.Model(t, "smollm2"), g, Options{Exact: true}, 0)
}

func TestTales(t *testing.T) {
	g := readGolden(t, "golden/tales/tales.json")
	for _, engine := range []Engine{Native, LoopInVM} {
		chats(t, "tales", g, Options{Engine: engine, Exact: true}, 0)
	}
}

// perplexity checks every token's negative log-likelihood within 1e-3, and their perplexity within 0.01 %.
func perplexity(t *testing.T, path string, g golden, text string) {
	m, err := Open(path, Options{Exact: true})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	data, err := os.ReadFile(text)
	if err != nil {
		t.Fatal(err)
	}
	ids := m.Tokenize(string(data), TokenizeOptions{})
	n := min(len(g.Nll)+1, len(ids))
	var got []float64
	for v, err := range m.NLL(context.Background(), ids[:n]) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, v)
	}
	worst := 0.0
	for i, want := range g.Nll {
		d := math.Abs(got[i] - want)
		worst = max(worst, d)
		if d > 1e-3 {
			t.Fatalf("token %d: %v, want %v", i+1, got[i], want)
		}
	}
	p := Perplexity(got)
	t.Logf("perplexity %.4f, want %.4f; no token off by more than %.2g", p, g.Perplexity, worst)
	if math.Abs(p/g.Perplexity-1) > 1e-4 {
		t.Errorf("perplexity %v, want %v", p, g.Perplexity)
	}
}

func TestPerplexity(t *testing.T) {
	t.Run("tales", func(t *testing.T) {
		g := readGolden(t, "golden/tales/tales.json")
		perplexity(t, "tales", g, shared.Path(t, "golden/tales/text.txt"))
	})
	t.Run("smollm2", func(t *testing.T) {
		g := readGolden(t, "golden/smollm2/smollm2.json")
		perplexity(t, shared.Model(t, "smollm2"), g, shared.Path(t, "golden/smollm2/text.txt"))
	})
}

// TestVerify: native and VM give the same bits, and the exact programs lie within each op's tolerance.
func TestVerify(t *testing.T) {
	paths := []string{"tales"}
	for _, dir := range []string{"golden/arch", "golden/quant"} {
		files, _ := filepath.Glob(filepath.Join(shared.Root(), dir, "*.gguf"))
		paths = append(paths, files...)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) { verified(t, path, VerifyOptions{}) })
	}
	t.Run("smollm2", func(t *testing.T) { verified(t, shared.Model(t, "smollm2"), VerifyOptions{Tokens: 2}) })
}

func verified(t *testing.T, path string, o VerifyOptions) {
	t.Helper()
	for _, o.Exact = range []bool{false, true} {
		report, err := Verify(context.Background(), path, o)
		for _, r := range report {
			if r.Failed != "" {
				t.Error(r)
			}
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}
