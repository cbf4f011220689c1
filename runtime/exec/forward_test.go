package exec

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trinity-engine/trinity/runtime/bind"
	"github.com/trinity-engine/trinity/runtime/pages"
	"github.com/trinity-engine/trinity/runtime/plan"
)

const seed = 7

func newRandom() *rand.Rand { return rand.New(rand.NewPCG(seed, seed)) }

func want(t testing.TB, e *Engine, names ...string) bind.Outputs {
	t.Helper()
	set, err := e.Program().Want(names...)
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func sequence(random *rand.Rand, n int) []int32 {
	tokens := make([]int32, n)
	for i := range tokens {
		tokens[i] = int32(random.IntN(vocabulary))
	}
	return tokens
}

// TestAnySplit runs three sequences in random batches, rows in random order, with different numbers of
// workers: always the bits of the model's meaning.
func TestAnySplit(t *testing.T) {
	random := newRandom()
	m := newToy(random)
	var tokens, expected = make([][]int32, 3), make([][][]float32, 3)
	for s, n := range []int{29, 1, 16} {
		tokens[s] = sequence(random, n)
		expected[s] = m.expect(tokens[s])
	}
	for trial := range 40 {
		e := m.engine(t, Options{Threads: 1 + trial%4, Batch: 20, Outputs: 20, Context: 32, Sequences: 4})
		logits := want(t, e, "logits")
		seqs := make([]int32, 3)
		for s := range seqs {
			seqs[s], _ = e.Open()
		}
		done := make([]int, 3)
		for done[0] < 29 || done[1] < 1 || done[2] < 16 {
			var rows []Row
			var which [][2]int
			most := 1 + random.IntN(20)
			for s := range seqs {
				n := random.IntN(min(most-len(rows), len(tokens[s])-done[s]) + 1)
				for range n {
					rows = append(rows, Row{tokens[s][done[s]], seqs[s], int32(done[s])})
					which = append(which, [2]int{s, done[s]})
					done[s]++
				}
			}
			random.Shuffle(len(rows), func(i, j int) {
				rows[i], rows[j], which[i], which[j] = rows[j], rows[i], which[j], which[i]
			})
			var out []int32
			for i := range rows {
				if random.IntN(3) > 0 {
					out = append(out, int32(i))
				}
			}
			random.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
			if err := e.Forward(context.Background(), rows, out, logits); err != nil {
				t.Fatalf("seed %d, trial %d: %v", seed, trial, err)
			}
			for r, o := range out {
				have := e.Output(1)[r*vocabulary:][:vocabulary]
				if w := which[o]; !slices.Equal(have, expected[w[0]][w[1]]) {
					t.Fatalf("seed %d, trial %d: sequence %d, position %d:\n%v, want\n%v", seed, trial, w[0], w[1], have, expected[w[0]][w[1]])
				}
			}
		}
	}
}

func prompt(tokens []int32, seq int32, from int) (rows []Row) {
	for i, tok := range tokens {
		rows = append(rows, Row{tok, seq, int32(from + i)})
	}
	return
}

func TestEach(t *testing.T) {
	random := newRandom()
	m := newToy(random)
	tokens := sequence(random, 30)
	expected := m.expect(tokens)
	for _, o := range []Options{{}, {Batch: 1}, {Batch: 7, Outputs: 2}, {Batch: 30, Outputs: 30}, {Batch: 29, Outputs: 1}} {
		for _, out := range [][]int32{nil, {29}, {0, 1, 2, 3, 4, 5, 6, 7, 20, 28, 29}} {
			e := m.engine(t, o)
			logits := want(t, e, "logits")
			seq, _ := e.Open()
			seen := 0
			err := e.Each(context.Background(), prompt(tokens, seq, 0), out, logits, func(lo, hi int) error {
				if lo != seen || hi <= lo {
					t.Errorf("%+v: outputs %d to %d after %d", o, lo, hi, seen)
				}
				for i := lo; i < hi; i++ {
					if !slices.Equal(e.Output(1)[(i-lo)*vocabulary:][:vocabulary], expected[out[i]]) {
						t.Errorf("%+v: row %d differs", o, out[i])
					}
				}
				seen = hi
				return nil
			})
			if n, _ := e.Len(seq); err != nil || seen != len(out) || n != 30 {
				t.Errorf("%+v: %v; %d of %d outputs, %d positions", o, err, seen, len(out), n)
			}
		}
	}
}

func TestForkAndTruncate(t *testing.T) {
	random := newRandom()
	m := newToy(random)
	tokens := sequence(random, 11)
	e := m.engine(t, Options{Context: 12, Sequences: 3})
	logits := want(t, e, "logits")
	last := func(seq int32, from int, tokens []int32) []float32 {
		t.Helper()
		if err := e.Forward(context.Background(), prompt(tokens, seq, from), []int32{int32(len(tokens) - 1)}, logits); err != nil {
			t.Fatal(err)
		}
		return slices.Clone(e.Output(1))
	}
	a, _ := e.Open()
	last(a, 0, tokens[:6])
	b, err := e.Fork(a)
	if err != nil {
		t.Fatal(err)
	}
	other := sequence(random, 3)
	for name, got := range map[string][2][]float32{
		"fork":     {last(b, 6, other), m.expect(append(slices.Clone(tokens[:6]), other...))[8]},
		"original": {last(a, 6, tokens[6:]), m.expect(tokens)[10]},
	} {
		if diff := cmp.Diff(got[1], got[0]); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if err := e.Truncate(b, 2); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(m.expect(append(slices.Clone(tokens[:2]), other...))[4], last(b, 2, other)); diff != "" {
		t.Errorf("truncated: %s", diff)
	}
	if diff := cmp.Diff(m.expect(append(slices.Clone(tokens), 5))[11], last(a, 11, []int32{5})); diff != "" {
		t.Errorf("original after the fork was truncated: %s", diff)
	}
	e.Free(a)
	e.Free(b)
	if e.Memory() != 0 {
		t.Errorf("%d bytes of no sequence are in use", e.Memory())
	}
}

func TestRefusals(t *testing.T) {
	m := newToy(newRandom())
	e := m.engine(t, Options{Batch: 6, Outputs: 2, Context: 8, Sequences: 2})
	logits := want(t, e, "logits")
	seq, _ := e.Open()
	run := func(rows []Row, out ...int32) error { return e.Forward(context.Background(), rows, out, logits) }
	if err := run(prompt([]int32{1, 2, 3, 4}, seq, 0)); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		rows  []Row
		out   []int32
		wants string
	}{
		{prompt([]int32{1, 2, 3, 4, 5, 6, 7}, seq, 4), nil, "a batch of 7 rows"},
		{prompt([]int32{1}, seq, 4), []int32{0, 0, 0}, "with 3 outputs"},
		{prompt([]int32{1}, seq, 4), []int32{1}, "output row 1"},
		{prompt([]int32{1}, seq, 4), []int32{-1}, "output row -1"},
		{prompt([]int32{vocabulary}, seq, 4), nil, "token 40 is not one of the model's 40"},
		{prompt([]int32{-1}, seq, 4), nil, "token -1"},
		{prompt([]int32{1}, seq, 3), nil, "position 3 of sequence 0 is written already"},
		{prompt([]int32{1}, seq, 5), nil, "position 5 of sequence 0 is written before position 4"},
		{prompt([]int32{1}, seq, -5), nil, "position -5"},
		{[]Row{{1, seq, 4}, {1, seq, 5}, {1, seq, 4}}, nil, "position 4 of sequence 0 is given twice"},
		{prompt([]int32{1}, 1, 0), nil, "1 is no open sequence"},
		{prompt([]int32{1}, 77, 0), nil, "77 is no open sequence"},
		{prompt([]int32{1, 2, 3, 4, 5}, seq, 4), nil, "context of 8 is full: it holds 4 positions and 5 more do not fit"},
	} {
		if err := run(test.rows, test.out...); err == nil || !strings.Contains(err.Error(), test.wants) {
			t.Errorf("%v: %v, want %q", test.rows, err, test.wants)
		}
		if n, _ := e.Len(seq); n != 4 {
			t.Fatalf("%v: the sequence has %d positions", test.rows, n)
		}
	}
	if err := run(prompt([]int32{5, 6, 7, 8}, seq, 4)); err != nil {
		t.Errorf("after refusals: %v", err)
	}
	err := e.Each(context.Background(), prompt(make([]int32, 5), seq, 8), nil, logits, nil)
	if full, ok := errors.AsType[*pages.FullError](err); !ok || full.Len != 8 || full.Added != 5 {
		t.Errorf("%v", err)
	}
}

func TestCancel(t *testing.T) {
	m := newToy(newRandom())
	e := m.engine(t, Options{})
	seq, _ := e.Open()
	stopped := errors.New("stopped by the user")
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(stopped)
	if err := e.Forward(ctx, prompt([]int32{1, 2}, seq, 0), nil, 0); !errors.Is(err, stopped) {
		t.Errorf("%v", err)
	}
	if n, _ := e.Len(seq); n != 0 {
		t.Errorf("%d positions", n)
	}
	if err := e.Forward(context.Background(), prompt([]int32{1, 2}, seq, 0), nil, 0); err != nil {
		t.Error(err)
	}
}

func TestPanicNamesTheStep(t *testing.T) {
	m := newToy(newRandom())
	p := m.bind(t)
	k := p.Steps[1].Kernel
	k.Run = func(*plan.Call, int, int, []byte) { panic("out of luck") }
	e, err := New(p, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	seq, _ := e.Open()
	err = e.Forward(context.Background(), prompt([]int32{1}, seq, 0), nil, 0)
	if s := "exec: step toy.scale, kernel scale (toy.vibee:1): panic: out of luck"; err == nil || err.Error() != s {
		t.Errorf("%v, want %s", err, s)
	}
	k.Run = nil
	if _, err := New(p, Options{}); err == nil || !strings.Contains(err.Error(), "kernel scale has no native code") {
		t.Errorf("%v", err)
	}
}

func TestDecodeAllocatesNothing(t *testing.T) {
	m := newToy(newRandom())
	e := m.engine(t, Options{Threads: 2, Context: 1000})
	logits := want(t, e, "logits")
	seq, _ := e.Open()
	pos, rows, out := int32(0), make([]Row, 1), []int32{0}
	decode := func() {
		rows[0] = Row{3, seq, pos}
		if err := e.Forward(context.Background(), rows, out, logits); err != nil {
			t.Fatal(err)
		}
		_ = e.Output(1)
		pos++
	}
	decode()
	if n := testing.AllocsPerRun(300, decode); n != 0 {
		t.Errorf("%v allocations a token", n)
	}
}

func BenchmarkStep(b *testing.B) {
	m := newToy(newRandom())
	for _, threads := range []int{1, 2} {
		b.Run(fmt.Sprint(threads), func(b *testing.B) {
			p := m.bind(b)
			for i := range p.Steps {
				p.Steps[i].Kernel.Run = func(*plan.Call, int, int, []byte) {}
			}
			e, err := New(p, Options{Threads: threads})
			if err != nil {
				b.Fatal(err)
			}
			defer e.Close()
			seq, _ := e.Open()
			rows, out, logits := []Row{{1, seq, 0}}, []int32{0}, want(b, e, "logits")
			for b.Loop() {
				if err := e.Forward(context.Background(), rows, out, logits); err != nil {
					b.Fatal(err)
				}
				_ = e.Truncate(seq, 0)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(p.Steps)), "ns/step")
		})
	}
}
