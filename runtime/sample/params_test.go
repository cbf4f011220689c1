package sample_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/trinity-engine/trinity/runtime/sample"
)

func TestValidate(t *testing.T) {
	for _, p := range []sample.Params{sample.Default(), sample.Greedy()} {
		if err := p.Validate(); err != nil {
			t.Error(err)
		}
	}
	for _, c := range []struct {
		change func(*sample.Params)
		want   string
	}{
		{func(p *sample.Params) { p.Temperature = -0.1 }, "sample: temperature -0.1: must be 0 (greedy) or more"},
		{func(p *sample.Params) { p.Temperature = nan }, "sample: temperature NaN"},
		{func(p *sample.Params) { p.Temperature = inf }, "sample: temperature +Inf"},
		{func(p *sample.Params) { p.TopP = 1.5 }, "sample: top-p 1.5: must be 0 to 1"},
		{func(p *sample.Params) { p.TopP = -1 }, "sample: top-p -1"},
		{func(p *sample.Params) { p.MinP = 1.01 }, "sample: min-p 1.01"},
		{func(p *sample.Params) { p.MinP = nan }, "sample: min-p NaN"},
		{func(p *sample.Params) { p.TypicalP = -0.5 }, "sample: typical-p -0.5"},
		{func(p *sample.Params) { p.RepeatPenalty = 0 }, "sample: repeat penalty 0: must be more than 0 (1 is off)"},
		{func(p *sample.Params) { p.RepeatPenalty = -1 }, "sample: repeat penalty -1"},
		{func(p *sample.Params) { p.FrequencyPenalty = nan }, "sample: frequency penalty NaN"},
		{func(p *sample.Params) { p.PresencePenalty = -inf }, "sample: presence penalty -Inf: must be a finite number"},
		{func(p *sample.Params) { p.TopK = -1 }, "sample: top-k -1: must be 0 (off) or more"},
		{func(p *sample.Params) { p.PenaltyLastN = -2 }, "sample: penalty window -2"},
		{func(p *sample.Params) { p.Bias = map[int]float32{-1: 1} }, "sample: logit bias: -1 is no token"},
		{func(p *sample.Params) { p.Bias = map[int]float32{2: nan} }, "sample: logit bias of token 2: NaN: must be"},
		{func(p *sample.Params) { p.Bias = map[int]float32{2: inf} }, "sample: logit bias of token 2: +Inf: must be"},
		{func(p *sample.Params) { p.Bias = map[int]float32{10: 1} }, "sample: logit bias: 10 is no token: the vocabulary has 10"},
	} {
		p := sample.Default()
		c.change(&p)
		_, err := sample.New(p, 10, standIn)
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("got %v, want %s", err, c.want)
		}
	}
	if _, err := sample.New(sample.Default(), 0, standIn); err == nil {
		t.Error("a vocabulary of no tokens")
	}
	if _, err := sample.New(sample.Default(), 10, sample.Math{}); err == nil {
		t.Error("no exp and log")
	}
}

func TestOverlay(t *testing.T) {
	for _, c := range []struct {
		file   map[string]float64
		change func(*sample.Params)
		err    string
	}{
		{nil, func(*sample.Params) {}, ""},
		{map[string]float64{"temp": 0.25, "top_k": 20, "top_p": 0.5, "min_p": 0.125, "penalty_last_n": -1, "penalty_repeat": 1.5, "mirostat": 2},
			func(p *sample.Params) {
				p.Temperature, p.TopK, p.TopP, p.MinP, p.PenaltyLastN, p.RepeatPenalty = 0.25, 20, 0.5, 0.125, -1, 1.5
			}, ""},
		{map[string]float64{"temp": 0}, func(p *sample.Params) { p.Temperature = 0 }, ""},
		{map[string]float64{"top_k": -1}, func(p *sample.Params) { p.TopK = 0 }, ""},
		{map[string]float64{"top_p": 1.5}, nil, "sample: top-p 1.5: must be 0 to 1 (as the file's general.sampling.* recommend)"},
		{map[string]float64{"temp": math.NaN()}, nil, "sample: temperature NaN"},
		{map[string]float64{"top_k": 2.5}, nil, "sample: the file's general.sampling.top_k is 2.5: must be an integer"},
		{map[string]float64{"top_k": 1e300}, nil, "sample: the file's general.sampling.top_k is 1e+300"},
		{map[string]float64{"penalty_last_n": math.Inf(1)}, nil, "sample: the file's general.sampling.penalty_last_n is +Inf"},
		{map[string]float64{"penalty_last_n": math.NaN()}, nil, "sample: the file's general.sampling.penalty_last_n is NaN"},
	} {
		got, err := sample.Default().Overlay(func(key string) (float64, bool) {
			x, ok := c.file[strings.TrimPrefix(key, "general.sampling.")]
			return x, ok
		})
		if c.err != "" {
			if err == nil || !strings.HasPrefix(err.Error(), c.err) {
				t.Errorf("%v: got %v, want %s", c.file, err, c.err)
			}
			continue
		}
		want := sample.Default()
		c.change(&want)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v: %v\n%s", c.file, err, diff)
		}
	}
}
