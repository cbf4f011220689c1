package main

import (
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/trinity-engine/trinity"
)

// samplingFlags say how tokens are chosen; what isn't given is the file's, or the default.
type samplingFlags struct {
	set   *pflag.FlagSet
	given trinity.Sampling
	bias  []string
	seed  uint64
}

// parameters are the f32 ones, with their flags.
var parameters = []struct {
	flag, usage string
	field       func(*trinity.Sampling) *float32
}{
	{"temp", "`temperature`: 0 takes the most probable token (default: the file's, or 0.8)", func(s *trinity.Sampling) *float32 { return &s.Temperature }},
	{"top-p", "keep the likeliest tokens that together have this `probability`; 1 is off (default: the file's, or 0.95)", func(s *trinity.Sampling) *float32 { return &s.TopP }},
	{"min-p", "keep tokens at least this `share` as likely as the likeliest; 0 is off (default: the file's, or 0.05)", func(s *trinity.Sampling) *float32 { return &s.MinP }},
	{"typical-p", "keep the tokens of most typical information that together have this `probability`; 1 is off (default 1)", func(s *trinity.Sampling) *float32 { return &s.TypicalP }},
	{"repeat-penalty", "`divisor` of the logits of tokens that were there; 1 is off (default: the file's, or 1)", func(s *trinity.Sampling) *float32 { return &s.RepeatPenalty }},
	{"frequency-penalty", "taken from a logit for each `time` that the token was there (default 0)", func(s *trinity.Sampling) *float32 { return &s.FrequencyPenalty }},
	{"presence-penalty", "taken once from the `logit` of tokens that were there (default 0)", func(s *trinity.Sampling) *float32 { return &s.PresencePenalty }},
}

func (f *samplingFlags) add(c *cobra.Command) {
	set := pflag.NewFlagSet("sampling", pflag.ContinueOnError)
	f.set = set
	for _, p := range parameters {
		set.Float32Var(p.field(&f.given), p.flag, 0, p.usage)
	}
	set.IntVar(&f.given.TopK, "top-k", 0, "keep the `K` likeliest tokens; 0 is off (default: the file's, or 40)")
	set.IntVar(&f.given.PenaltyLastN, "penalty-last-n", 0, "how many of the last `tokens` are penalized; -1: all (default: the file's, or 64)")
	set.StringArrayVar(&f.bias, "logit-bias", nil, "`ID=BIAS` is added to a token's logit, -inf bans it; may be given again")
	set.Uint64Var(&f.seed, "seed", 0, "of the draws: the same `seed`, the same text (default: the clock)")
	c.Flags().AddFlagSet(set)
}

// validate finds mistakes before a model is opened.
func (f *samplingFlags) validate() error {
	s, err := f.over(trinity.GreedySampling())
	if err == nil {
		err = s.Validate()
	}
	if err != nil {
		return usageError{err}
	}
	return nil
}

// over gives s with what was given over it.
func (f *samplingFlags) over(s trinity.Sampling) (trinity.Sampling, error) {
	for _, p := range parameters {
		if f.set.Changed(p.flag) {
			*p.field(&s) = *p.field(&f.given)
		}
	}
	if f.set.Changed("top-k") {
		s.TopK = f.given.TopK
	}
	if f.set.Changed("penalty-last-n") {
		s.PenaltyLastN = f.given.PenaltyLastN
	}
	for _, b := range f.bias {
		id, value, err := parseBias(b)
		if err != nil {
			return s, err
		}
		if s.Bias == nil {
			s.Bias = map[int]float32{}
		}
		s.Bias[id] = value
	}
	s.Seed = f.seed
	if !f.set.Changed("seed") {
		s.Seed = uint64(time.Now().UnixNano())
	}
	return s, nil
}

func parseBias(s string) (id int, bias float32, err error) {
	left, right, _ := strings.Cut(s, "=")
	id, err = strconv.Atoi(left)
	if err == nil {
		var b float64
		b, err = strconv.ParseFloat(right, 32)
		bias = float32(b)
	}
	if err != nil {
		return 0, 0, usagef("--logit-bias %s: give ID=BIAS, such as 42=-inf", s)
	}
	return id, bias, nil
}

// of gives the parameters for a model.
func (f *samplingFlags) of(m *trinity.Model) (trinity.Sampling, error) {
	s, err := m.Sampling()
	if err != nil {
		return s, err
	}
	return f.over(s)
}
