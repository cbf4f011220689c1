package sample_test

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/trinity-engine/trinity/runtime/sample"
)

// standIn is exp and log from sums and wrapped products alone, so that the tests
// give the same on every machine.
var standIn = sample.Math{Exp: exp32, Log: log32}

func exp32(x float32) float32 { return float32(exp(float64(x))) }

// exp is exp(x/1024) by its series, squared ten times.
func exp(x float64) float64 {
	x /= 1024
	sum, term := 1.0, 1.0
	for i := 1; i < 12; i++ {
		term = float64(term*x) / float64(i)
		sum += term
	}
	for range 10 {
		sum = float64(sum * sum)
	}
	return sum
}

// log32 inverts exp by Newton's method.
func log32(y float32) float32 {
	mantissa, exponent := math.Frexp(float64(y))
	x := float64(float64(exponent) * math.Ln2)
	x += mantissa - 1
	for range 6 {
		x += float64(float64(y)*exp(-x)) - 1
	}
	return float32(x)
}

// A slot is a token of the reference.
type slot struct {
	id   int
	l, p float64
}

// kept is the meaning of Params, step by step on sorted lists in f64: which tokens
// stay, with what probability. counts are the tokens in the window.
func kept(p sample.Params, logits []float32, counts map[int]int) map[int]float64 {
	var c []slot
	for id, l := range logits {
		x := float64(l) + float64(p.Bias[id])
		if n := counts[id]; n > 0 {
			if x > 0 {
				x /= float64(p.RepeatPenalty)
			} else {
				x *= float64(p.RepeatPenalty)
			}
			x -= float64(n)*float64(p.FrequencyPenalty) + float64(p.PresencePenalty)
		}
		if x > math.Inf(-1) {
			c = append(c, slot{id: id, l: x})
		}
	}
	byLogit := func(a, b slot) int { return cmp.Or(cmp.Compare(b.l, a.l), cmp.Compare(a.id, b.id)) }
	normalize := func(t float64) {
		most, sum := math.Inf(-1), 0.0
		for _, s := range c {
			most = max(most, s.l)
		}
		for i, s := range c {
			c[i].p = math.Exp((s.l - most) / t)
			sum += c[i].p
		}
		for i := range c {
			c[i].p /= sum
		}
	}
	prefix := func(p float64) {
		sum := 0.0
		for i, s := range c {
			if sum += s.p; sum >= p {
				c = c[:i+1]
				break
			}
		}
	}
	slices.SortFunc(c, byLogit)
	if p.TopK > 0 {
		c = c[:min(p.TopK, len(c))]
	}
	normalize(1)
	if p.TypicalP < 1 {
		entropy := 0.0
		for _, s := range c {
			if s.p > 0 {
				entropy -= s.p * math.Log(s.p)
			}
		}
		slices.SortFunc(c, func(a, b slot) int {
			return cmp.Compare(math.Abs(-math.Log(a.p)-entropy), math.Abs(-math.Log(b.p)-entropy))
		})
		prefix(float64(p.TypicalP))
		slices.SortFunc(c, byLogit)
		normalize(1)
	}
	if p.TopP < 1 {
		prefix(float64(p.TopP))
		normalize(1)
	}
	least := float64(p.MinP) * c[0].p
	c = slices.DeleteFunc(c, func(s slot) bool { return s.p < least })
	normalize(float64(p.Temperature))
	probs := map[int]float64{}
	for _, s := range c {
		probs[s.id] = s.p
	}
	return probs
}

// normal gives logits like a model's: n of them, about so widely spread.
func normal(seed uint64, n int, spread float64) []float32 {
	r := rand.New(rand.NewPCG(seed, 1))
	logits := make([]float32, n)
	for i := range logits {
		logits[i] = float32(r.NormFloat64() * spread)
	}
	return logits
}
