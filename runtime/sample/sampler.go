package sample

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
)

// stream is the second half of the generator's seed.
const stream = 0x7472696e697479 // "trinity"

// Sampler chooses the tokens of one text. It is not for several goroutines.
type Sampler struct {
	params Params
	math   Math
	bias   []float32 // of each token; nil: none
	window window
	random *rand.PCG
	buffer []candidate
}

// New makes a sampler for a vocabulary of so many tokens.
func New(p Params, vocab int, m Math) (*Sampler, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	if vocab < 1 || vocab > math.MaxInt32 {
		return nil, fmt.Errorf("sample: a vocabulary of %d tokens", vocab)
	}
	if m.Exp == nil || m.Log == nil {
		return nil, errors.New("sample: Math lacks Exp or Log")
	}
	s := &Sampler{params: p, math: m, random: rand.NewPCG(p.Seed, stream)}
	for id, bias := range p.Bias {
		if id >= vocab {
			return nil, fmt.Errorf("sample: logit bias: %d is no token: the vocabulary has %d", id, vocab)
		}
		if s.bias == nil {
			s.bias = make([]float32, vocab)
		}
		s.bias[id] = bias
	}
	if p.RepeatPenalty != 1 || p.FrequencyPenalty != 0 || p.PresencePenalty != 0 {
		s.window = newWindow(p.PenaltyLastN, vocab)
	}
	s.buffer = make([]candidate, vocab)
	return s, nil
}

// Accept notes a token of the text, of the prompt or chosen, for the penalties.
// What is no token of the vocabulary is passed over.
func (s *Sampler) Accept(id int) { s.window.add(id) }

// Reset forgets the text and starts the draws anew from the seed.
func (s *Sampler) Reset() {
	s.window.reset()
	s.random.Seed(s.params.Seed, stream)
}

// Sample chooses a token. logits has one for each token of the vocabulary and is
// left as it is; a NaN is never chosen. It makes one draw, none at temperature 0,
// and does not Accept the token.
func (s *Sampler) Sample(logits []float32) (int, error) {
	if len(logits) != len(s.buffer) {
		return 0, fmt.Errorf("sample: %d logits for a vocabulary of %d tokens", len(logits), len(s.buffer))
	}
	if s.params.Temperature == 0 {
		return s.likeliest(logits)
	}
	c := s.possible(logits)
	if len(c) == 0 {
		return 0, nothing(len(logits))
	}
	return s.draw(s.truncate(c)), nil
}

// score gives a token's logit with its bias and penalties.
func (s *Sampler) score(id int, logit float32) float32 {
	if s.bias != nil {
		logit += s.bias[id]
	}
	if s.window.counts == nil || s.window.counts[id] == 0 {
		return logit
	}
	if logit > 0 {
		logit /= s.params.RepeatPenalty
	} else {
		logit = float32(logit * s.params.RepeatPenalty)
	}
	often := float32(float32(s.window.counts[id]) * s.params.FrequencyPenalty)
	return logit - often - s.params.PresencePenalty
}

// likeliest gives the token of the greatest score.
func (s *Sampler) likeliest(logits []float32) (int, error) {
	best, greatest := -1, float32(0)
	for id, l := range logits {
		if l = s.score(id, l); possible(l) && (best < 0 || l > greatest) {
			best, greatest = id, l
		}
	}
	if best < 0 {
		return 0, nothing(len(logits))
	}
	return best, nil
}

// possible gives the tokens which have any probability, by id; with top-k only the
// K first of their order.
func (s *Sampler) possible(logits []float32) []candidate {
	c, k := s.buffer[:0], s.params.TopK
	if k == 0 || k >= len(logits) {
		k = len(logits)
	}
	floor := float32(math.Inf(-1)) // K candidates are before any that comes with this key
	for id, l := range logits {
		if l = s.score(id, l); !possible(l) || l <= floor {
			continue
		}
		c = append(c, candidate{id: int32(id), key: l, logit: l})
		if len(c) >= 4*k { // now and then, so that few are ever held
			c = c[:copy(c, topK(c, k))]
			floor = c[k-1].key
		}
	}
	if k < len(c) {
		c = topK(c, k)
	}
	return c
}

// draw chooses one candidate by chance.
func (s *Sampler) draw(c []candidate) int {
	sum := total(c)
	u := float64(s.random.Uint64()>>11) / (1 << 53)
	at := float64(u * sum)
	last := c[0]
	for _, x := range c {
		if x.weight == 0 {
			continue
		}
		last = x
		if at -= float64(x.weight); at < 0 {
			break
		}
	}
	return int(last.id)
}
