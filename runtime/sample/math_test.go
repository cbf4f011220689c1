package sample_test

import (
	"cmp"
	"math"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/trinity-engine/trinity/runtime/sample"
)

func TestBest(t *testing.T) {
	third := ln(1. / 3)
	for _, c := range []struct {
		logits []float32
		n      int
		want   []sample.Candidate
	}{
		{[]float32{0}, 1, []sample.Candidate{{0, 0}}},
		{[]float32{5, 5, 5}, 2, []sample.Candidate{{0, third}, {1, third}}}, // ties by id
		{[]float32{5, 5, 5}, 9, []sample.Candidate{{0, third}, {1, third}, {2, third}}},
		{[]float32{ln(0.2), ln(0.5), ln(0.3)}, 2, []sample.Candidate{{1, ln(0.5)}, {2, ln(0.3)}}},
		{[]float32{nan, 1, -inf, 1}, 4, []sample.Candidate{{1, ln(0.5)}, {3, ln(0.5)}}},
		{[]float32{inf, 1, inf}, 3, []sample.Candidate{{0, ln(0.5)}, {2, ln(0.5)}, {1, -inf}}},
		{[]float32{1, 2}, 0, nil},
		{[]float32{1, 2}, -1, nil},
	} {
		got, err := standIn.Best(nil, c.logits, c.n)
		if diff := gocmp.Diff(c.want, got, cmpopts.EquateApprox(0, 1e-6), cmpopts.EquateEmpty()); diff != "" || err != nil {
			t.Errorf("the %d best of %v: %v\n%s", c.n, c.logits, err, diff)
		}
	}
	if _, err := standIn.Best(nil, []float32{nan}, 1); err == nil {
		t.Error("the best of NaN")
	}
}

func TestBestAgainstSorting(t *testing.T) {
	for seed := range uint64(50) {
		logits := normal(seed, 400, 4)
		for i := range logits {
			logits[i] = float32(math.Round(float64(logits[i]))) // many ties
		}
		sum := 0.0
		var want []sample.Candidate
		for _, l := range logits {
			sum += math.Exp(float64(l))
		}
		for id, l := range logits {
			want = append(want, sample.Candidate{ID: id, LogProb: float32(float64(l) - math.Log(sum))})
		}
		slices.SortFunc(want, func(a, b sample.Candidate) int {
			return cmp.Or(cmp.Compare(logits[b.ID], logits[a.ID]), cmp.Compare(a.ID, b.ID))
		})
		first := sample.Candidate{ID: -1}
		got, err := standIn.Best([]sample.Candidate{first}, logits, 20)
		if diff := gocmp.Diff(append([]sample.Candidate{first}, want[:20]...), got, cmpopts.EquateApprox(0, 1e-5)); diff != "" || err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, diff)
		}
		for _, c := range want {
			if p, err := standIn.LogProb(logits, c.ID); err != nil || math.Abs(float64(p-c.LogProb)) > 1e-5 {
				t.Fatalf("seed %d: token %d: %v, %v; want %v", seed, c.ID, p, err, c.LogProb)
			}
		}
	}
}

func TestLogProbErrors(t *testing.T) {
	for _, id := range []int{-1, 2} {
		if _, err := standIn.LogProb([]float32{1, 2}, id); err == nil {
			t.Errorf("token %d of 2 has a probability", id)
		}
	}
	if _, err := standIn.LogProb([]float32{nan, nan}, 0); err == nil {
		t.Error("NaN has a probability")
	}
	if p, err := standIn.LogProb([]float32{nan, 1}, 0); err != nil || p != -inf {
		t.Errorf("NaN beside another: %v, %v", p, err)
	}
}
