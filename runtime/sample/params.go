package sample

import (
	"fmt"
	"math"
)

// Params says how a token is chosen. The steps are taken in this order: Bias, the
// penalties, TopK, TypicalP, TopP, MinP, Temperature, and a draw; each works on the
// probabilities of the tokens that the one before has left.
type Params struct {
	Bias map[int]float32 // added to a token's logit; -Inf bans the token

	PenaltyLastN     int     // how many of the last tokens are penalized: 0 none, -1 all
	RepeatPenalty    float32 // divides positive logits and multiplies others; 1 is off
	FrequencyPenalty float32 // subtracted once for each time the token is there; 0 is off
	PresencePenalty  float32 // subtracted once where the token is there at all; 0 is off

	TopK     int     // keep the K most likely; 0 is off
	TypicalP float32 // keep the tokens of most typical information whose probabilities reach this sum; 1 is off
	TopP     float32 // keep the most likely tokens whose probabilities reach this sum; 1 is off
	MinP     float32 // keep tokens at least this likely, relative to the likeliest; 0 is off

	Temperature float32 // divides logits; 0 takes the most likely token, without a draw
	Seed        uint64  // of the draws
}

// Default gives the parameters for a file that recommends none: temperature 0.8,
// top-k 40, top-p 0.95, min-p 0.05, no penalties.
func Default() Params {
	return Params{
		PenaltyLastN: 64, RepeatPenalty: 1,
		TopK: 40, TypicalP: 1, TopP: 0.95, MinP: 0.05,
		Temperature: 0.8,
	}
}

// Greedy gives the parameters which always take the most likely token.
func Greedy() Params {
	return Params{RepeatPenalty: 1, TypicalP: 1, TopP: 1}
}

// Validate reports the first parameter that has no meaning.
func (p Params) Validate() error {
	for _, c := range []struct {
		name        string
		value       float32
		least, most float32
		rule        string
	}{
		{"temperature", p.Temperature, 0, math.MaxFloat32, "must be 0 (greedy) or more"},
		{"top-p", p.TopP, 0, 1, "must be 0 to 1"},
		{"min-p", p.MinP, 0, 1, "must be 0 to 1"},
		{"typical-p", p.TypicalP, 0, 1, "must be 0 to 1"},
		{"repeat penalty", p.RepeatPenalty, math.SmallestNonzeroFloat32, math.MaxFloat32, "must be more than 0 (1 is off)"},
		{"frequency penalty", p.FrequencyPenalty, -math.MaxFloat32, math.MaxFloat32, "must be a finite number"},
		{"presence penalty", p.PresencePenalty, -math.MaxFloat32, math.MaxFloat32, "must be a finite number"},
	} {
		if !(c.value >= c.least && c.value <= c.most) {
			return fmt.Errorf("sample: %s %v: %s", c.name, c.value, c.rule)
		}
	}
	if p.TopK < 0 {
		return fmt.Errorf("sample: top-k %d: must be 0 (off) or more", p.TopK)
	}
	if p.PenaltyLastN < -1 {
		return fmt.Errorf("sample: penalty window %d: must be -1 (all tokens), 0 (off) or more", p.PenaltyLastN)
	}
	for id, bias := range p.Bias {
		if id < 0 {
			return fmt.Errorf("sample: logit bias: %d is no token", id)
		}
		if !(bias <= math.MaxFloat32) {
			return fmt.Errorf("sample: logit bias of token %d: %v: must be a finite number, or -Inf to ban it", id, bias)
		}
	}
	return nil
}
