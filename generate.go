package trinity

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/trinity-engine/trinity/runtime/sample"
	"github.com/trinity-engine/trinity/runtime/stop"
	"github.com/trinity-engine/trinity/runtime/tokenizer"
)

// NoToken is the ID of a Token that is none: the rest of a text, or an error.
const NoToken int32 = -1

// Token is one step of an answer.
type Token struct {
	ID   int32
	Text string // the whole characters that it completes; may be empty
}

// Finish is why an answer ended.
type Finish string

const (
	FinishEnd    Finish = "end"    // the model ended it
	FinishStop   Finish = "stop"   // a text of GenerateOptions.Stop
	FinishLength Finish = "length" // GenerateOptions.MaxTokens
)

// Stats counts what an answer took.
type Stats struct {
	Prompt       int           // tokens of the prompt
	Cached       int           // of them, tokens known from a text before: not computed again
	PromptTime   time.Duration // for the others, the wait for other texts among it
	Generated    int           // tokens of the answer
	GenerateTime time.Duration // for them, the time that the caller took among it
	Finish       Finish        // "" while it goes on, and after an error
}

// PromptSpeed is tokens a second, 0 where all were cached.
func (s Stats) PromptSpeed() float64 { return perSecond(s.Prompt-s.Cached, s.PromptTime) }

// GenerateSpeed is tokens a second.
func (s Stats) GenerateSpeed() float64 { return perSecond(s.Generated, s.GenerateTime) }

func perSecond(n int, d time.Duration) float64 {
	if n == 0 {
		return 0
	}
	return float64(n) / max(d.Seconds(), 1e-9)
}

// GenerateOptions says how to answer; the zero value takes the most probable token until the
// model ends or the context is full.
type GenerateOptions struct {
	MaxTokens int       // 0: no limit but the context
	Sampling  *Sampling // nil: greedy
	Stop      []string  // texts that end the answer; they are not part of it
	Stats     *Stats    // filled in as the answer goes on; may be nil

	// Progress is told, after each batch of the prompt, how many of its tokens are done; may be nil.
	Progress func(done, total int)
}

// Generate continues a prompt of token ids, which the iterator yields as they are chosen. It ends when the
// model ends, at a text of Stop, or after MaxTokens; or with an error, the last that is yielded:
// ErrEmptyPrompt, ErrContextFull, ErrClosed, or the cause of ctx's end. The text before an error is
// yielded. An iterator that is left early frees what it holds.
//
// At most Options.Parallel texts are generated at once, so a loop over one of them that waits for another
// needs a Parallel of 2 or more.
func (m *Model) Generate(ctx context.Context, prompt []int32, o GenerateOptions) iter.Seq2[Token, error] {
	return func(yield func(Token, error) bool) {
		a, err := m.newAnswer(o)
		if err == nil {
			err = m.fits(prompt)
		}
		if err == nil {
			var left bool
			if left, err = a.run(ctx, prompt, yield); left {
				return
			}
		}
		if err != nil {
			yield(Token{ID: NoToken}, err)
		}
	}
}

// fits checks a prompt before anything is computed.
func (m *Model) fits(prompt []int32) error {
	if len(prompt) == 0 {
		return ErrEmptyPrompt
	}
	if n := m.Context(); len(prompt) > n {
		return fmt.Errorf("%w: the prompt has %d tokens, the context %d positions", ErrContextFull, len(prompt), n)
	}
	return m.known(prompt)
}

// known checks that all ids are tokens.
func (m *Model) known(ids []int32) error {
	for _, id := range ids {
		if id < 0 || int(id) >= m.TokenCount() {
			return fmt.Errorf("%d is no token: the model has the tokens 0 to %d", id, m.TokenCount()-1)
		}
	}
	return nil
}

// answer is one text in the making.
type answer struct {
	model   *Model
	options GenerateOptions
	sampler *sample.Sampler
	stops   *stop.Matcher
	stream  *tokenizer.Stream
	stats   *Stats

	next   int // the token that was chosen
	failed error
}

func (m *Model) newAnswer(o GenerateOptions) (*answer, error) {
	a := &answer{model: m, options: o, stream: m.tokens.NewStream(), stats: o.Stats}
	if a.stats == nil {
		a.stats = new(Stats)
	}
	*a.stats = Stats{}
	if o.MaxTokens < 0 {
		return nil, fmt.Errorf("MaxTokens is %d: it must be 1 or more, or 0 for no limit", o.MaxTokens)
	}
	params := sample.Greedy()
	if o.Sampling != nil {
		params = *o.Sampling
	}
	functions, err := specMath()
	if err != nil {
		return nil, err
	}
	if a.sampler, err = sample.New(params, m.TokenCount(), functions); err != nil {
		return nil, err
	}
	a.stops, err = stop.New(o.Stop...)
	return a, err
}

// run gives the answer to yield; left tells that yield wants no more.
func (a *answer) run(ctx context.Context, prompt []int32, yield func(Token, error) bool) (left bool, err error) {
	start := time.Now()
	a.stats.Prompt = len(prompt)
	for _, id := range prompt {
		a.sampler.Accept(int(id))
	}
	s, err := a.model.begin(ctx, prompt[:len(prompt)-1]) // the logits after the last are wanted
	if err != nil {
		return false, err
	}
	defer s.end()
	if err := a.prefill(ctx, s, prompt); err != nil {
		return false, err
	}
	now := time.Now()
	a.stats.PromptTime, start = now.Sub(start), now
	defer func() { a.stats.GenerateTime = time.Since(start) }()
	if left, err = a.decode(ctx, s, yield); left {
		return true, nil
	}
	text, stopped := a.stops.Push(a.stream.Flush())
	if !stopped {
		text += a.stops.Flush()
	}
	if text != "" && !yield(Token{NoToken, text}, nil) {
		return true, nil
	}
	return false, err
}

// prefill computes what the session doesn't hold of the prompt.
func (a *answer) prefill(ctx context.Context, s *session, prompt []int32) error {
	a.stats.Cached = len(s.tokens)
	batch := a.model.options.Batch
	for at := len(s.tokens); at < len(prompt); at = len(s.tokens) {
		end, outputs := min(at+batch, len(prompt)), 0
		if end == len(prompt) {
			outputs = 1
		}
		if err := s.extend(ctx, prompt[at:end], outputs, a.choose); err != nil {
			return err
		}
		if a.options.Progress != nil {
			a.options.Progress(end, len(prompt))
		}
	}
	return a.failed
}

// choose takes the next token.
func (a *answer) choose(logits []float32) {
	if a.next, a.failed = a.sampler.Sample(logits); a.failed == nil {
		a.sampler.Accept(a.next)
	}
}

// decode yields the chosen token and computes the one after it, until there is a reason to end.
func (a *answer) decode(ctx context.Context, s *session, yield func(Token, error) bool) (left bool, err error) {
	row := make([]int32, 1)
	for {
		row[0] = int32(a.next)
		if a.model.tokens.EOG(row[0]) {
			a.stats.Finish = FinishEnd
			return false, nil
		}
		a.stats.Generated++
		text, stopped := a.stops.Push(a.stream.Push(row[0]))
		switch {
		case stopped:
			a.stats.Finish = FinishStop
		case a.stats.Generated == a.options.MaxTokens:
			a.stats.Finish = FinishLength
		}
		if !yield(Token{row[0], text}, nil) {
			return true, nil
		}
		if a.stats.Finish != "" {
			return false, nil
		}
		if err := s.extend(ctx, row, 1, a.choose); err != nil {
			return false, err
		}
		if a.failed != nil {
			return false, a.failed
		}
	}
}
