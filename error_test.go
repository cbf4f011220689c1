package trinity

import (
	"context"
	"errors"
	"io/fs"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"github.com/trinity-engine/trinity/internal/ggufwrite"
)

func TestOpenErrors(t *testing.T) {
	other := ggufwrite.New().Set("general.architecture", "abacus").File(t)
	for _, c := range []struct {
		path    string
		options Options
		is      error
		want    string
	}{
		{path: filepath.Join(t.TempDir(), "none.gguf"), is: fs.ErrNotExist},
		{path: other, is: ErrUnknownArchitecture, want: `"abacus"`},
		{path: "tales", options: Options{Threads: -1}, want: "threads is -1"},
		{path: "tales", options: Options{Context: -1}, want: "context is -1"},
		{path: "tales", options: Options{Batch: -1}, want: "batch is -1"},
		{path: "tales", options: Options{Parallel: -1}, want: "parallel is -1"},
	} {
		_, err := Open(c.path, c.options)
		if err == nil || c.is != nil && !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %+v: %v", c.path, c.options, err)
		}
	}
}

func TestGenerateErrors(t *testing.T) {
	m := openTales(t, Options{Context: 32})
	bad := func(change func(*Sampling)) *Sampling {
		s := GreedySampling()
		change(&s)
		return &s
	}
	for _, c := range []struct {
		name    string
		prompt  []int32
		options GenerateOptions
		is      error
		want    string
	}{
		{name: "no prompt", is: ErrEmptyPrompt},
		{name: "a long prompt", prompt: m.sampleText(33), is: ErrContextFull, want: "the prompt has 33 tokens, the context 32 positions"},
		{name: "no token", prompt: []int32{4096}, want: "4096 is no token: the model has the tokens 0 to 4095"},
		{name: "a negative token", prompt: []int32{-1}, want: "-1 is no token"},
		{name: "a negative number", prompt: []int32{1}, options: GenerateOptions{MaxTokens: -1}, want: "MaxTokens is -1"},
		{name: "an empty stop", prompt: []int32{1}, options: GenerateOptions{Stop: []string{""}}, want: "empty"},
		{name: "temperature", prompt: []int32{1}, options: GenerateOptions{Sampling: bad(func(s *Sampling) { s.Temperature = float32(math.NaN()) })}, want: "temperature NaN"},
		{name: "zero sampling", prompt: []int32{1}, options: GenerateOptions{Sampling: new(Sampling)}, want: "repeat penalty 0"},
		{name: "bias", prompt: []int32{1}, options: GenerateOptions{Sampling: bad(func(s *Sampling) { s.Bias = map[int]float32{4096: 1} })}, want: "4096 is no token"},
		{name: "all banned", prompt: []int32{1}, options: GenerateOptions{Sampling: bad(func(s *Sampling) {
			s.Bias = map[int]float32{}
			for id := range 4096 {
				s.Bias[id] = float32(math.Inf(-1))
			}
		})}, want: "no token can be chosen"},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := 0
			for tok, err := range m.Generate(context.Background(), c.prompt, c.options) {
				if n++; err == nil || tok.ID != NoToken || c.is != nil && !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.want) {
					t.Errorf("token %d, %v; want %v %s", tok.ID, err, c.is, c.want)
				}
			}
			if n != 1 {
				t.Errorf("%d results, want one error", n)
			}
		})
	}
}

// TestContextFull: the text until the context is full comes first, each of its characters.
func TestContextFull(t *testing.T) {
	long, short := openTales(t, Options{}), openTales(t, Options{Context: 40})
	want, err := text(context.Background(), long, "Tell me a story.", GenerateOptions{MaxTokens: 27, Stop: []string{"never to be seen"}})
	if err != nil {
		t.Fatal(err)
	}
	var stats Stats
	got, err := text(context.Background(), short, "Tell me a story.", GenerateOptions{Stats: &stats, Stop: []string{"never to be seen"}})
	if !errors.Is(err, ErrContextFull) || got != want || stats.Prompt+stats.Generated != 41 || stats.Finish != "" {
		t.Errorf("%q, %v, %+v; want %q", got, err, stats, want)
	}
}

func TestLogitsErrors(t *testing.T) {
	m := openTales(t, Options{Context: 32})
	for _, c := range []struct {
		ids []int32
		is  error
	}{{m.sampleText(33), ErrContextFull}, {[]int32{1, 4096}, nil}} {
		n := 0
		for row, err := range m.Logits(context.Background(), c.ids) {
			if n++; row != nil || err == nil || c.is != nil && !errors.Is(err, c.is) {
				t.Errorf("%d logits, %v", len(row), err)
			}
		}
		if n != 1 {
			t.Errorf("%d results", n)
		}
	}
	for _, n := range [][2]int{{0, 1}, {1, 0}, {30, 3}} {
		if _, _, err := m.Measure(context.Background(), n[0], n[1]); err == nil {
			t.Errorf("a prompt of %d tokens and %d steps", n[0], n[1])
		}
	}
	if _, err := Verify(context.Background(), "tales", VerifyOptions{Tokens: -1}); err == nil {
		t.Error("verified -1 tokens")
	}
}
