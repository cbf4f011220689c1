package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/trinity-engine/trinity"
)

// generate gives each piece of an answer to show, and what it took.
func (f *runFlags) generate(ctx context.Context, m *trinity.Model, ids []int32, s trinity.Sampling, show func(trinity.Token) error) (trinity.Stats, error) {
	var stats trinity.Stats
	p := startProgress("reading the prompt")
	defer p.stop()
	o := trinity.GenerateOptions{MaxTokens: f.n, Sampling: &s, Stop: f.stop, Stats: &stats, Progress: p.set}
	for token, err := range m.Generate(ctx, ids, o) {
		p.stop()
		if err == nil {
			err = show(token)
		}
		if err != nil {
			return stats, err
		}
	}
	return stats, nil
}

// cut tells whether an answer ended because the context was full, with no number of tokens asked for: that
// is no failure, but it is said.
func (f *runFlags) cut(s trinity.Stats, err error) bool {
	return errors.Is(err, trinity.ErrContextFull) && s.Generated > 0 && f.n == 0
}

// stream prints an answer as it comes, then what it took. The text is given after an error, too.
func (f *runFlags) stream(ctx context.Context, m *trinity.Model, ids []int32, s trinity.Sampling) (string, error) {
	var text strings.Builder
	stats, err := f.generate(ctx, m, ids, s, func(t trinity.Token) error {
		text.WriteString(t.Text)
		_, err := os.Stdout.WriteString(t.Text)
		return err
	})
	if stats.Generated > 0 {
		if _, wrong := fmt.Println(); err == nil {
			err = wrong
		}
	}
	switch {
	case f.cut(stats, err):
		fmt.Fprintf(os.Stderr, "%s; cut off: the context of %d tokens is full (--ctx gives more)\n", line(stats), m.Context())
		err = nil
	case err == nil:
		fmt.Fprintln(os.Stderr, line(stats))
	}
	return text.String(), err
}

// line says what an answer took.
func line(s trinity.Stats) string {
	text := fmt.Sprintf("%d tokens, %.1f tokens/s; prompt %d tokens, %.1f tokens/s", s.Generated, s.GenerateSpeed(), s.Prompt, s.PromptSpeed())
	if s.Cached > 0 {
		text += fmt.Sprintf(" (%d known from before)", s.Cached)
	}
	return text
}

// result is an answer as --json prints it.
type result struct {
	Text         string         `json:"text"`
	IDs          []int32        `json:"ids"`
	Finish       trinity.Finish `json:"finish,omitempty"`
	Error        string         `json:"error,omitempty"`
	Seed         uint64         `json:"seed"`
	Tokens       int            `json:"tokens"`
	Speed        float64        `json:"tokens_per_second"`
	PromptTokens int            `json:"prompt_tokens"`
	PromptSpeed  float64        `json:"prompt_tokens_per_second"`
}

// json prints one object; of an answer that fails as far as it got.
func (f *runFlags) json(ctx context.Context, m *trinity.Model, ids []int32, s trinity.Sampling) error {
	r := result{IDs: []int32{}, Seed: s.Seed}
	stats, err := f.generate(ctx, m, ids, s, func(t trinity.Token) error {
		r.Text += t.Text
		if t.ID != trinity.NoToken {
			r.IDs = append(r.IDs, t.ID)
		}
		return nil
	})
	if err != nil {
		if stats.Generated == 0 {
			return err
		}
		r.Error = err.Error()
		if f.cut(stats, err) {
			err = nil
		}
	}
	r.Finish, r.Tokens, r.Speed = stats.Finish, stats.Generated, stats.GenerateSpeed()
	r.PromptTokens, r.PromptSpeed = stats.Prompt, stats.PromptSpeed()
	if wrong := json.NewEncoder(os.Stdout).Encode(r); err == nil {
		err = wrong
	}
	return err
}
