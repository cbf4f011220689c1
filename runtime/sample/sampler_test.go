package sample_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/trinity-engine/trinity/runtime/sample"
)

var (
	nan = float32(math.NaN())
	inf = float32(math.Inf(1))
)

func sampler(t testing.TB, p sample.Params, vocab int) *sample.Sampler {
	t.Helper()
	s, err := sample.New(p, vocab, standIn)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// plain are the parameters that draw from the whole distribution.
func plain(change func(*sample.Params)) sample.Params {
	p := sample.Greedy()
	p.Temperature = 1
	change(&p)
	return p
}

func TestSteps(t *testing.T) {
	// Probabilities 0.4 0.3 0.2 0.1, in another order.
	logits := []float32{ln(0.2), ln(0.4), ln(0.1), ln(0.3)}
	for _, c := range []struct {
		what   string
		change func(*sample.Params)
		want   map[int]float64
	}{
		{"nothing", func(p *sample.Params) {}, map[int]float64{0: 0.2, 1: 0.4, 2: 0.1, 3: 0.3}},
		{"top-k 1", func(p *sample.Params) { p.TopK = 1 }, map[int]float64{1: 1}},
		{"top-k 2", func(p *sample.Params) { p.TopK = 2 }, map[int]float64{1: 4. / 7, 3: 3. / 7}},
		{"top-k 9", func(p *sample.Params) { p.TopK = 9 }, map[int]float64{0: 0.2, 1: 0.4, 2: 0.1, 3: 0.3}},
		{"top-p 0", func(p *sample.Params) { p.TopP = 0 }, map[int]float64{1: 1}},
		{"top-p 0.39", func(p *sample.Params) { p.TopP = 0.39 }, map[int]float64{1: 1}},
		{"top-p 0.41", func(p *sample.Params) { p.TopP = 0.41 }, map[int]float64{1: 4. / 7, 3: 3. / 7}},
		{"top-p 0.89", func(p *sample.Params) { p.TopP = 0.89 }, map[int]float64{1: 4. / 9, 3: 3. / 9, 0: 2. / 9}},
		{"min-p 0.26", func(p *sample.Params) { p.MinP = 0.26 }, map[int]float64{1: 4. / 9, 3: 3. / 9, 0: 2. / 9}},
		{"min-p 0.6", func(p *sample.Params) { p.MinP = 0.6 }, map[int]float64{1: 4. / 7, 3: 3. / 7}},
		{"min-p 1", func(p *sample.Params) { p.MinP = 1 }, map[int]float64{1: 1}},
		// The entropy is 1.2799; the information of the four 1.609 0.916 2.303 1.204.
		{"typical-p 0.29", func(p *sample.Params) { p.TypicalP = 0.29 }, map[int]float64{3: 1}},
		{"typical-p 0.31", func(p *sample.Params) { p.TypicalP = 0.31 }, map[int]float64{3: 3. / 5, 0: 2. / 5}},
		{"typical-p 0.51", func(p *sample.Params) { p.TypicalP = 0.51 }, map[int]float64{3: 3. / 9, 0: 2. / 9, 1: 4. / 9}},
		{"typical-p 0.31, then top-p 0.5", func(p *sample.Params) { p.TypicalP, p.TopP = 0.31, 0.5 }, map[int]float64{3: 1}},
		{"temperature 0.5", func(p *sample.Params) { p.Temperature = 0.5 }, map[int]float64{0: 4. / 30, 1: 16. / 30, 2: 1. / 30, 3: 9. / 30}},
		{"temperature 1e-40", func(p *sample.Params) { p.Temperature = 1e-40 }, map[int]float64{0: 0, 1: 1, 2: 0, 3: 0}},
		{"temperature 1e38", func(p *sample.Params) { p.Temperature = 1e38 }, map[int]float64{0: 0.25, 1: 0.25, 2: 0.25, 3: 0.25}},
		{"top-k 3, top-p 0.7: of 0.9", func(p *sample.Params) { p.TopK, p.TopP = 3, 0.7 }, map[int]float64{1: 4. / 7, 3: 3. / 7}},
		{"a ban", func(p *sample.Params) { p.Bias = map[int]float32{1: -inf} }, map[int]float64{0: 2. / 6, 2: 1. / 6, 3: 3. / 6}},
		{"a bias", func(p *sample.Params) { p.Bias = map[int]float32{2: ln(4)} }, map[int]float64{0: 2. / 13, 1: 4. / 13, 2: 4. / 13, 3: 3. / 13}},
	} {
		t.Run(c.what, func(t *testing.T) {
			got := sampler(t, plain(c.change), len(logits)).Kept(logits)
			if diff := cmp.Diff(c.want, got, cmpopts.EquateApprox(0, 1e-6)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// Of equal tokens the first are kept, in however many rounds they are sifted.
func TestEquals(t *testing.T) {
	for _, logits := range [][]float32{{1, 2, 2, 1, 2}, {0, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2}} {
		got := sampler(t, plain(func(p *sample.Params) { p.TopK = 2 }), len(logits)).Kept(logits)
		if diff := cmp.Diff(map[int]float64{1: 0.5, 2: 0.5}, got); diff != "" {
			t.Error(diff)
		}
	}
}

func ln(x float64) float32 { return float32(math.Log(x)) }

// Random parameters on random logits, against the steps written out on sorted lists.
func TestAgainstReference(t *testing.T) {
	const seed = 7
	r := rand.New(rand.NewPCG(seed, 2))
	pick := func(off float32, on ...float32) float32 {
		if r.IntN(2) == 0 {
			return off
		}
		return on[r.IntN(len(on))]
	}
	for i := range 2000 {
		logits := normal(uint64(i), 1+r.IntN(200), 1+4*r.Float64())
		p := sample.Params{
			PenaltyLastN: r.IntN(12) - 1, RepeatPenalty: pick(1, 1.1, 1.5, 0.8),
			FrequencyPenalty: pick(0, 0.3, -0.2), PresencePenalty: pick(0, 0.5, -0.4),
			TopK: int(pick(0, 1, 5, 40, 500)), TypicalP: pick(1, 0.2, 0.5, 0.95),
			TopP: pick(1, 0.1, 0.5, 0.9, 0.99), MinP: pick(0, 0.01, 0.05, 0.3), Temperature: pick(1, 0.3, 0.8, 1.7),
		}
		if r.IntN(3) == 0 {
			p.Bias = map[int]float32{r.IntN(len(logits)): 3, r.IntN(len(logits)): -5}
		}
		s, counts := sampler(t, p, len(logits)), map[int]int{}
		text := make([]int, 20)
		for i := range text {
			text[i] = r.IntN(len(logits))
			s.Accept(text[i])
		}
		if p.PenaltyLastN >= 0 {
			text = text[len(text)-p.PenaltyLastN:]
		}
		for _, id := range text {
			counts[id]++
		}
		if diff := cmp.Diff(kept(p, logits, counts), s.Kept(logits), cmpopts.EquateApprox(1e-4, 1e-6)); diff != "" {
			t.Fatalf("seed %d, case %d: %+v, %d logits, text %v:\n%s", seed, i, p, len(logits), text, diff)
		}
	}
}

func TestPenalties(t *testing.T) {
	logits := []float32{2, -1, 0, 4}
	p := sample.Greedy()
	p.Temperature, p.PenaltyLastN, p.RepeatPenalty, p.FrequencyPenalty, p.PresencePenalty = 1, 4, 2, 0.5, 0.25
	for _, c := range []struct {
		text []int
		want []float32 // the logits after the penalties
	}{
		{nil, []float32{2, -1, 0, 4}},
		{[]int{0}, []float32{2./2 - 0.5 - 0.25, -1, 0, 4}},
		{[]int{1}, []float32{2, -1*2 - 0.5 - 0.25, 0, 4}},
		{[]int{2, 2, 2}, []float32{2, -1, 0 - 1.5 - 0.25, 4}},
		{[]int{3, 0, 0, 0, 0}, []float32{2./2 - 2 - 0.25, -1, 0, 4}}, // 3 has left the window
		{[]int{3, 0, 0, 0}, []float32{2./2 - 1.5 - 0.25, -1, 0, 4./2 - 0.5 - 0.25}},
		{[]int{-1, 4, 99}, []float32{2, -1, 0, 4}}, // no tokens
	} {
		s := sampler(t, p, len(logits))
		for range 2 {
			for _, id := range c.text {
				s.Accept(id)
			}
			want := sampler(t, plain(func(*sample.Params) {}), len(logits)).Kept(c.want)
			if diff := cmp.Diff(want, s.Kept(logits), cmpopts.EquateApprox(0, 1e-6)); diff != "" {
				t.Errorf("after %v: %s", c.text, diff)
			}
			s.Reset()
		}
	}
	p.PenaltyLastN, p.Temperature = -1, 0
	s := sampler(t, p, len(logits))
	s.Accept(3)
	for range 1000 {
		s.Accept(1)
	}
	logits[0], logits[3] = 2, 3 // 3 is penalized still: 3/2 - 0.75
	if id, err := s.Sample(logits); id != 0 || err != nil {
		t.Errorf("chose %d, %v", id, err)
	}
}

func TestGreedy(t *testing.T) {
	for _, c := range []struct {
		logits []float32
		want   int
	}{
		{[]float32{1}, 0},
		{[]float32{1, 3, 2}, 1},
		{[]float32{3, 3, 3}, 0}, // the smaller id
		{[]float32{nan, -5, nan, -4}, 3},
		{[]float32{-inf, -1e38}, 1},
		{[]float32{1, inf, inf}, 1},
		{[]float32{nan, 0}, 1},
	} {
		for _, p := range []sample.Params{sample.Greedy(), plain(func(p *sample.Params) { p.TopK = 1 }), plain(func(p *sample.Params) { p.TopP = 0 })} {
			if got, err := sampler(t, p, len(c.logits)).Sample(c.logits); got != c.want || err != nil {
				t.Errorf("%v at temperature %v: %d, %v; want %d", c.logits, p.Temperature, got, err, c.want)
			}
		}
	}
}

func TestLogitsThatAreNotFinite(t *testing.T) {
	for _, c := range []struct {
		logits []float32
		want   map[int]float64
	}{
		{[]float32{nan, 1, -inf, 1}, map[int]float64{1: 0.5, 3: 0.5}},
		{[]float32{inf, 1, inf, nan}, map[int]float64{0: 0.5, 1: 0, 2: 0.5}},
		{[]float32{3e38, -3e38, 0}, map[int]float64{0: 1, 1: 0, 2: 0}},
	} {
		got := sampler(t, plain(func(*sample.Params) {}), len(c.logits)).Kept(c.logits)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%v: %s", c.logits, diff)
		}
	}
	odd := []float32{nan, inf, -inf, 0, 3e38, -3e38, 1e-40, 5}
	r := rand.New(rand.NewPCG(3, 3))
	for i := range 5000 {
		logits, any := make([]float32, 6), false
		for j := range logits {
			logits[j] = odd[r.IntN(len(odd))]
			any = any || logits[j] > -inf
		}
		p := plain(func(p *sample.Params) {
			p.TopK, p.TopP, p.TypicalP, p.MinP = r.IntN(4), float32(r.IntN(3))/2, float32(r.IntN(3))/2, float32(r.IntN(3))/2
			p.Temperature = []float32{0, 1e-45, 1, 3e38}[r.IntN(4)]
			p.Seed = uint64(i)
		})
		id, err := sampler(t, p, len(logits)).Sample(logits)
		if (err == nil) != any || err == nil && !(logits[id] > -inf) {
			t.Fatalf("%v, %+v: %d, %v", logits, p, id, err)
		}
	}
}

func TestNothingToChoose(t *testing.T) {
	for _, p := range []sample.Params{sample.Greedy(), sample.Default()} {
		for _, logits := range [][]float32{{nan, nan, nan}, {-inf, -inf, -inf}, {nan, -inf, nan}} {
			_, err := sampler(t, p, 3).Sample(logits)
			if want := "sample: no token can be chosen: each of 3 logits is NaN or -Inf"; err == nil || err.Error() != want {
				t.Errorf("%v: %v", logits, err)
			}
		}
		if _, err := sampler(t, p, 3).Sample(make([]float32, 4)); err == nil {
			t.Error("4 logits for 3 tokens")
		}
	}
}

// The draws follow the distribution: a chi-square of k-1 degrees of freedom stays
// under its mean plus five deviations.
func TestDistribution(t *testing.T) {
	const draws = 40000
	logits := normal(5, 300, 2)
	for i, p := range []sample.Params{
		plain(func(*sample.Params) {}), sample.Default(),
		plain(func(p *sample.Params) { p.Temperature, p.TopP = 1.5, 0.9 }),
		plain(func(p *sample.Params) { p.TypicalP, p.Temperature = 0.8, 0.7 }),
	} {
		p.Seed = uint64(100 + i)
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			s, seen := sampler(t, p, len(logits)), map[int]int{}
			for range draws {
				id, err := s.Sample(logits)
				if err != nil {
					t.Fatal(err)
				}
				seen[id]++
			}
			chi, cells, rest, restSeen := 0.0, 0, 0.0, draws
			for id, prob := range kept(p, logits, nil) {
				if expect := prob * draws; expect >= 10 {
					d := float64(seen[id]) - expect
					chi, cells, restSeen = chi+d*d/expect, cells+1, restSeen-seen[id]
				} else {
					rest += expect
				}
			}
			if rest > 10 {
				d := float64(restSeen) - rest
				chi, cells = chi+d*d/rest, cells+1
			} else if float64(restSeen) > 30 {
				t.Errorf("%d draws of tokens that make %v together", restSeen, rest)
			}
			free := float64(cells - 1)
			if chi > free+5*math.Sqrt(2*free) || cells < 5 {
				t.Errorf("seed %d: chi-square %.1f with %.0f degrees of freedom", p.Seed, chi, free)
			}
		})
	}
}

// These tokens are the promise that a seed means the same on every machine.
func TestSeeds(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 1))
	logits := make([]float32, 1000)
	for i := range logits {
		logits[i] = float32(r.IntN(1<<16)) / (1 << 13) // 0 to 8, exactly
	}
	draw := func(s *sample.Sampler) (ids []int) {
		for range 12 {
			id, err := s.Sample(logits)
			if err != nil {
				t.Fatal(err)
			}
			s.Accept(id)
			ids = append(ids, id)
		}
		return ids
	}
	for _, c := range []struct {
		params sample.Params
		want   []int
	}{
		{sample.Default(), []int{315, 514, 514, 930, 697, 720, 880, 742, 935, 315, 281, 370}},
		{plain(func(p *sample.Params) { p.Seed = 1 }), []int{223, 412, 264, 670, 684, 633, 217, 98, 742, 890, 833, 281}},
		{plain(func(p *sample.Params) { p.Seed, p.TypicalP, p.PenaltyLastN, p.RepeatPenalty = 1<<63, 0.9, 8, 1.3 }), []int{561, 36, 369, 854, 639, 633, 635, 186, 70, 411, 797, 720}},
	} {
		s := sampler(t, c.params, len(logits))
		got := draw(s)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%+v (-want +got):\n%s%v", c.params, diff, got)
		}
		s.Reset()
		if again := draw(s); !cmp.Equal(got, again) {
			t.Errorf("after Reset: %v", again)
		}
		other := c.params
		other.Seed++
		if same := draw(sampler(t, other, len(logits))); cmp.Equal(got, same) {
			t.Errorf("another seed: the same %v", same)
		}
	}
}

func TestLogitsStayAsTheyAre(t *testing.T) {
	logits := normal(4, 50, 3)
	before := append([]float32(nil), logits...)
	p := sample.Default()
	p.Bias, p.RepeatPenalty = map[int]float32{3: 1}, 1.2
	s := sampler(t, p, len(logits))
	s.Accept(7)
	if _, err := s.Sample(logits); err != nil || !cmp.Equal(before, logits) {
		t.Error(err, cmp.Diff(before, logits))
	}
}

func TestNoAllocation(t *testing.T) {
	logits := normal(4, 5000, 3)
	full := plain(func(p *sample.Params) {
		p.TopP, p.TypicalP, p.MinP, p.RepeatPenalty, p.PenaltyLastN = 0.9, 0.9, 0.01, 1.1, 64
		p.Bias = map[int]float32{3: 1}
	})
	for _, p := range []sample.Params{sample.Greedy(), sample.Default(), full} {
		s := sampler(t, p, len(logits))
		best := make([]sample.Candidate, 0, 5)
		n := testing.AllocsPerRun(50, func() {
			id, err := s.Sample(logits)
			if err != nil {
				t.Fatal(err)
			}
			s.Accept(id)
			if _, err := standIn.Best(best, logits, 5); err != nil {
				t.Fatal(err)
			}
		})
		if n != 0 {
			t.Errorf("%+v: %v allocations a token", p, n)
		}
	}
}

func BenchmarkSample(b *testing.B) {
	logits := normal(4, 150000, 3)
	quick := sample.Math{
		Exp: func(x float32) float32 { return float32(math.Exp(float64(x))) },
		Log: func(x float32) float32 { return float32(math.Log(float64(x))) },
	}
	for name, p := range map[string]sample.Params{
		"greedy": sample.Greedy(), "default": sample.Default(),
		"top-p": plain(func(p *sample.Params) { p.TopP = 0.95 }), "plain": plain(func(*sample.Params) {}),
	} {
		b.Run(name, func(b *testing.B) {
			s, err := sample.New(p, len(logits), quick)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				s.Sample(logits)
			}
		})
	}
}
