package trinity

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

func openTales(t *testing.T, o Options) *Model {
	t.Helper()
	m, err := Open("tales", o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

// text gives the whole answer to a user's message.
func text(ctx context.Context, m *Model, message string, o GenerateOptions) (string, error) {
	var b strings.Builder
	for tok, err := range m.Chat(ctx, []Message{{Role: User, Content: message}}, o) {
		if err != nil {
			return b.String(), err
		}
		b.WriteString(tok.Text)
	}
	return b.String(), nil
}

// TestParallel: several goroutines that generate from one model at once give each the text that it gives
// alone, also where they are more than the model has places for.
func TestParallel(t *testing.T) {
	sampling := func(m *Model, seed uint64) *Sampling {
		s, err := m.Sampling()
		if err != nil {
			t.Fatal(err)
		}
		s.Seed = seed
		return &s
	}
	const texts = 4
	ask := func(m *Model, i int) (string, error) {
		return text(context.Background(), m, fmt.Sprintf("Hi %d", i/2), GenerateOptions{MaxTokens: 6, Sampling: sampling(m, uint64(i))})
	}
	var want [texts]string
	for i := range want {
		var err error
		if want[i], err = ask(openTales(t, Options{}), i); err != nil {
			t.Fatal(err)
		}
	}
	m := openTales(t, Options{Parallel: 3, Batch: 4, Threads: 2})
	var wg sync.WaitGroup
	for i := range want {
		wg.Go(func() {
			for range 2 { // the second time from a cache that some other text has left
				if got, err := ask(m, i); err != nil || got != want[i] {
					t.Errorf("text %d: %q, %v; alone it is %q", i, got, err, want[i])
				}
			}
		})
	}
	wg.Wait()
}

// TestCached: a prompt that begins like an earlier text gives the same answer as without its cache.
func TestCached(t *testing.T) {
	m, fresh := openTales(t, Options{Parallel: 1}), openTales(t, Options{Parallel: 1})
	prompt := m.sampleText(100)
	for _, n := range []int{100, 64, 65, 63, 1, 80} {
		var a, b Stats
		generate := func(m *Model, s *Stats) (ids []int32) {
			for tok, err := range m.Generate(context.Background(), prompt[:n], GenerateOptions{MaxTokens: 12, Stats: s}) {
				if err != nil {
					t.Fatal(err)
				}
				ids = append(ids, tok.ID)
			}
			return ids
		}
		got, want := generate(m, &a), generate(fresh, &b)
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%d tokens: %v, without a cache %v", n, got, want)
		}
		fresh.idle[0].tokens = nil
		if err := fresh.engine.Truncate(fresh.idle[0].seq, 0); err != nil {
			t.Fatal(err)
		}
		if b.Cached != 0 || n < 100 && n > 1 && a.Cached == 0 {
			t.Errorf("%d tokens: %d cached, and %d without a cache", n, a.Cached, b.Cached)
		}
	}
}

// TestCancel: a context ends a text, a prompt and the wait for another text; what is held is free again.
func TestCancel(t *testing.T) {
	m := openTales(t, Options{Parallel: 1})
	why := errors.New("enough")
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	n := 0
	for tok, err := range m.Generate(ctx, m.sampleText(8), GenerateOptions{}) {
		if err != nil {
			if !errors.Is(err, why) || tok.ID != NoToken {
				t.Errorf("token %d, %v; want %v", tok.ID, err, why)
			}
			break
		}
		if n++; n == 3 {
			cancel(why)
		}
	}
	if n != 3 {
		t.Errorf("%d tokens; the third was to be the last", n)
	}
	if _, err := text(ctx, m, "Hi", GenerateOptions{}); !errors.Is(err, why) {
		t.Errorf("%v, want %v", err, why)
	}
	for _, err := range m.Generate(context.Background(), m.sampleText(8), GenerateOptions{MaxTokens: 1}) {
		if err != nil {
			t.Fatal(err)
		}
		waits, cancel := context.WithTimeout(context.Background(), time.Millisecond)
		if _, err := text(waits, m, "Hi", GenerateOptions{}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("while another text is generated: %v", err)
		}
		cancel()
	}
	slow := openTales(t, Options{Parallel: 1, Engine: SpecInVM, Threads: 1, Batch: 4})
	ctx, stop := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer stop()
	start := time.Now()
	if _, err := slow.first(ctx, slow.sampleText(200)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("%v", err)
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("a prompt was left after %v", took)
	}
}

// first is the first token of an answer.
func (m *Model) first(ctx context.Context, prompt []int32) (int32, error) {
	for tok, err := range m.Generate(ctx, prompt, GenerateOptions{}) {
		return tok.ID, err
	}
	return NoToken, nil
}

// TestBreak: an iterator that is left early gives its place back.
func TestBreak(t *testing.T) {
	m := openTales(t, Options{Parallel: 1})
	ctx := context.Background()
	for range 3 {
		if _, err := m.first(ctx, m.sampleText(5)); err != nil {
			t.Fatal(err)
		}
		for range m.Logits(ctx, m.sampleText(5)) {
			break
		}
		for range m.NLL(ctx, m.sampleText(5)) {
			break
		}
	}
	if len(m.sessions) != 0 || len(m.idle) != 1 {
		t.Errorf("%d sessions in use, %d idle", len(m.sessions), len(m.idle))
	}
}

// TestNested: a loop over one text may generate another, given a place for it.
func TestNested(t *testing.T) {
	m := openTales(t, Options{Parallel: 2})
	want, err := text(context.Background(), m, "Hi", GenerateOptions{MaxTokens: 4})
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range m.Generate(context.Background(), m.sampleText(5), GenerateOptions{MaxTokens: 3}) {
		if err != nil {
			t.Fatal(err)
		}
		if got, err := text(context.Background(), m, "Hi", GenerateOptions{MaxTokens: 4}); err != nil || got != want {
			t.Errorf("%q, %v; want %q", got, err, want)
		}
	}
}

// TestClosed: a model that is closed gives errors, also in the middle of a text.
func TestClosed(t *testing.T) {
	m := openTales(t, Options{})
	ctx := context.Background()
	prompt, n := m.sampleText(5), 0
	for _, err := range m.Generate(ctx, prompt, GenerateOptions{}) {
		if n++; n > 2 {
			if !errors.Is(err, ErrClosed) {
				t.Errorf("%v", err)
			}
			break
		}
		if n == 2 {
			if err := m.Close(); err != nil {
				t.Error(err)
			}
		}
	}
	if _, err := m.first(ctx, prompt); !errors.Is(err, ErrClosed) {
		t.Errorf("Generate: %v", err)
	}
	for _, err := range m.Logits(ctx, prompt) {
		if !errors.Is(err, ErrClosed) {
			t.Errorf("Logits: %v", err)
		}
	}
	if _, _, err := m.Measure(ctx, 1, 1); !errors.Is(err, ErrClosed) {
		t.Errorf("Measure: %v", err)
	}
	if err := m.Close(); err != nil {
		t.Errorf("closed again: %v", err)
	}
	if _, err := m.Prompt([]Message{{Role: User, Content: "Hi"}}); err != nil {
		t.Errorf("the template needs no file: %v", err)
	}
	if _, err := m.Sampling(); err != nil {
		t.Errorf("nor does the sampling: %v", err)
	}
}
