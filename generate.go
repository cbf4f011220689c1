package trinity

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/trinity-engine/trinity/runtime/exec"
	"github.com/trinity-engine/trinity/runtime/sample"
	"github.com/trinity-engine/trinity/runtime/stop"
)

// Token is one step of an answer.
type Token struct {
	ID   int32
	Text string // the characters that are complete with it; may be empty
}

// Stats counts what an answer took.
type Stats struct {
	Prompt, Generated        int // tokens
	PromptTime, GenerateTime time.Duration
}

// GenerateOptions says how to answer; the zero value takes the most probable token until the
// model ends or the context is full.
type GenerateOptions struct {
	MaxTokens int       // 0: no limit but the context
	Sampling  *Sampling // nil: greedy
	Stop      []string  // texts that end the answer; they are not part of it
	Stats     *Stats    // filled in as the answer goes on; may be nil
}

// Generate continues a prompt of token ids. It ends with the model's end of generation, a text
// of Stop, after MaxTokens, or with an error: a context that is full, or ctx's.
func (m *Model) Generate(ctx context.Context, prompt []int32, o GenerateOptions) iter.Seq2[Token, error] {
	return func(yield func(Token, error) bool) {
		params := sample.Greedy()
		if o.Sampling != nil {
			params = *o.Sampling
		}
		sampler, err := sample.New(params, m.tokens.Size(), specMath())
		if err != nil {
			yield(Token{ID: -1}, err)
			return
		}
		stops, err := stop.New(o.Stop...)
		if err != nil {
			yield(Token{ID: -1}, err)
			return
		}
		for _, id := range prompt {
			sampler.Accept(int(id))
		}
		stats := o.Stats
		if stats == nil {
			stats = new(Stats)
		}
		err = m.session(func(seq int32) error {
			start := time.Now()
			logits, err := m.prefill(ctx, seq, prompt)
			if err != nil {
				return err
			}
			stats.Prompt, stats.PromptTime = len(prompt), time.Since(start)
			start = time.Now()
			defer func() { stats.GenerateTime = time.Since(start) }()
			stream := m.tokens.NewStream()
			row := make([]exec.Row, 1)
			for pos := len(prompt); ; pos++ {
				next, err := sampler.Sample(logits)
				if err != nil {
					return err
				}
				sampler.Accept(next)
				id := int32(next)
				if m.tokens.EOG(id) {
					break
				}
				stats.Generated++
				text, stopped := stops.Push(stream.Push(id))
				if !yield(Token{id, text}, nil) || stopped {
					return nil
				}
				if stats.Generated == o.MaxTokens {
					break
				}
				row[0] = exec.Row{Token: id, Seq: seq, Pos: int32(pos)}
				if logits, err = m.step(ctx, row); err != nil {
					return err
				}
			}
			rest, stopped := stops.Push(stream.Flush())
			if !stopped {
				rest += stops.Flush()
			}
			if rest != "" {
				yield(Token{-1, rest}, nil)
			}
			return nil
		})
		if err != nil {
			yield(Token{ID: -1}, err)
		}
	}
}

// session runs f with a sequence of its own, in turn with others.
func (m *Model) session(f func(seq int32) error) error {
	m.turn <- struct{}{}
	defer func() { <-m.turn }()
	seq, err := m.engine.Open()
	if err != nil {
		return err
	}
	defer m.engine.Free(seq)
	return f(seq)
}

// prefill computes a prompt and gives the logits after it.
func (m *Model) prefill(ctx context.Context, seq int32, prompt []int32) (logits []float32, err error) {
	if len(prompt) == 0 {
		return nil, fmt.Errorf("the prompt is empty")
	}
	if n := m.engine.Context(); len(prompt) > n {
		return nil, fmt.Errorf("the prompt has %d tokens, the context %d: shorten it, or open the model with a larger context", len(prompt), n)
	}
	err = m.engine.Each(ctx, rowsOf(seq, prompt), []int32{int32(len(prompt) - 1)}, m.output.want, func(int, int) error {
		logits = m.engine.Output(m.output.index)
		return nil
	})
	return logits, err
}

// onlyRow is the output of a batch of one row.
var onlyRow = []int32{0}

// step computes a batch of one row and gives its logits.
func (m *Model) step(ctx context.Context, row []exec.Row) ([]float32, error) {
	if err := m.engine.Forward(ctx, row, onlyRow, m.output.want); err != nil {
		return nil, err
	}
	return m.engine.Output(m.output.index), nil
}

func rowsOf(seq int32, ids []int32) []exec.Row {
	rows := make([]exec.Row, len(ids))
	for i, id := range ids {
		rows[i] = exec.Row{Token: id, Seq: seq, Pos: int32(i)}
	}
	return rows
}

// Logits computes the logits after each of the ids, [len(ids), vocabulary], and hands them to
// visit in order, a row at a time; visit must not keep the row.
func (m *Model) Logits(ctx context.Context, ids []int32, visit func(at int, logits []float32) error) error {
	if n := m.engine.Context(); len(ids) > n {
		return fmt.Errorf("%d tokens do not fit the context of %d", len(ids), n)
	}
	outs := make([]int32, len(ids))
	for i := range outs {
		outs[i] = int32(i)
	}
	return m.session(func(seq int32) error {
		return m.engine.Each(ctx, rowsOf(seq, ids), outs, m.output.want, func(lo, hi int) error {
			all := m.engine.Output(m.output.index)
			width := len(all) / (hi - lo)
			for r := range hi - lo {
				if err := visit(lo+r, all[r*width:][:width]); err != nil {
					return err
				}
			}
			return nil
		})
	})
}
