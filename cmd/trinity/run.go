package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/term"

	"github.com/trinity-engine/trinity"
)

type runFlags struct {
	modelFlags
	n           int
	system      string
	raw, asJSON bool
	temp        float32
	seed        uint64
	stop        []string
	flags       *pflag.FlagSet
}

// sampling is the file's, or the defaults', with the flags over it.
func (f *runFlags) sampling(m *trinity.Model) (*trinity.Sampling, error) {
	s, err := m.Sampling()
	if err != nil {
		return nil, err
	}
	if f.flags.Changed("temp") {
		s.Temperature = f.temp
	}
	s.Seed = f.seed
	if !f.flags.Changed("seed") {
		s.Seed = uint64(time.Now().UnixNano())
	}
	if err := s.Validate(); err != nil {
		return nil, usageError{err}
	}
	return &s, nil
}

func runCommand() *cobra.Command {
	f := &runFlags{}
	c := &cobra.Command{
		Use:     "run MODEL [PROMPT]",
		Short:   "Answer a prompt, or chat",
		Example: "  trinity run tales \"Tell me a story about a fox and a red balloon.\"\n  trinity run model.gguf < question.txt\n  trinity run --vm model.gguf \"What is the capital of France?\"",
		Args:    between(1, 2),
		RunE: func(c *cobra.Command, args []string) error {
			m, err := f.open(args[0])
			if err != nil {
				return err
			}
			defer m.Close()
			if len(args) == 2 {
				return f.answer(c.Context(), m, args[1])
			}
			if term.IsTerminal(int(os.Stdin.Fd())) {
				return f.chat(c.Context(), m)
			}
			text, err := io.ReadAll(os.Stdin)
			if err != nil {
				return err
			}
			return f.answer(c.Context(), m, strings.TrimSpace(string(text)))
		},
	}
	f.add(c)
	c.Flags().IntVarP(&f.n, "n", "n", 0, "tokens at most (default: until the model ends)")
	c.Flags().StringVar(&f.system, "system", "", "a system message")
	c.Flags().Float32Var(&f.temp, "temp", 0.8, "temperature; 0 takes the most probable token (default: the file's, or 0.8)")
	c.Flags().Uint64Var(&f.seed, "seed", 0, "seed of the draws (default: the clock)")
	c.Flags().StringArrayVar(&f.stop, "stop", nil, "a text that ends the answer; may be given again")
	f.flags = c.Flags()
	c.Flags().BoolVar(&f.raw, "raw", false, "give the prompt as it is, without the chat template")
	c.Flags().BoolVar(&f.asJSON, "json", false, "print one JSON object")
	return c
}

func (f *runFlags) answer(ctx context.Context, m *trinity.Model, prompt string) error {
	if f.raw {
		_, err := f.stream(ctx, m, m.Tokenize(prompt, false))
		return err
	}
	_, err := f.reply(ctx, m, append(f.opening(), trinity.Message{Role: "user", Content: prompt}))
	return err
}

func (f *runFlags) opening() []trinity.Message {
	if f.system == "" {
		return nil
	}
	return []trinity.Message{{Role: "system", Content: f.system}}
}

func (f *runFlags) reply(ctx context.Context, m *trinity.Model, messages []trinity.Message) (string, error) {
	prompt, err := m.Prompt(messages)
	if err != nil {
		return "", err
	}
	return f.stream(ctx, m, m.Tokenize(prompt, true))
}

// stream prints an answer as it comes, then what it took.
func (f *runFlags) stream(ctx context.Context, m *trinity.Model, ids []int32) (string, error) {
	params, err := f.sampling(m)
	if err != nil {
		return "", err
	}
	var stats trinity.Stats
	var text strings.Builder
	for tok, err := range m.Generate(ctx, ids, trinity.GenerateOptions{MaxTokens: f.n, Sampling: params, Stop: f.stop, Stats: &stats}) {
		if err != nil {
			if text.Len() > 0 && !f.asJSON {
				fmt.Println()
			}
			return "", err
		}
		text.WriteString(tok.Text)
		if !f.asJSON {
			fmt.Print(tok.Text)
		}
	}
	speed := float64(stats.Generated) / max(stats.GenerateTime.Seconds(), 1e-9)
	prefill := float64(stats.Prompt) / max(stats.PromptTime.Seconds(), 1e-9)
	if f.asJSON {
		return text.String(), json.NewEncoder(os.Stdout).Encode(map[string]any{"text": text.String(),
			"prompt_tokens": stats.Prompt, "tokens": stats.Generated, "tokens_per_second": speed, "prompt_tokens_per_second": prefill})
	}
	fmt.Println()
	fmt.Fprintf(os.Stderr, "%d tokens, %.1f tokens/s; prompt %d tokens, %.1f tokens/s\n", stats.Generated, speed, stats.Prompt, prefill)
	return text.String(), nil
}

// chat talks until /quit or the end of input.
func (f *runFlags) chat(ctx context.Context, m *trinity.Model) error {
	fmt.Fprintln(os.Stderr, "/reset starts anew, /quit ends")
	messages := f.opening()
	in := bufio.NewScanner(os.Stdin)
	for fmt.Fprint(os.Stderr, "> "); in.Scan(); fmt.Fprint(os.Stderr, "> ") {
		line := strings.TrimSpace(in.Text())
		switch line {
		case "":
			continue
		case "/quit":
			return nil
		case "/reset":
			messages = f.opening()
			continue
		}
		messages = append(messages, trinity.Message{Role: "user", Content: line})
		text, err := f.reply(ctx, m, messages)
		if err != nil {
			return err
		}
		messages = append(messages, trinity.Message{Role: "assistant", Content: text})
	}
	return in.Err()
}
