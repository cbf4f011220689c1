package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"github.com/trinity-engine/trinity"
)

func perplexityCommand() *cobra.Command {
	f := &modelFlags{}
	var n int
	var asJSON bool
	c := &cobra.Command{
		Use:   "perplexity MODEL FILE",
		Short: "Measure the perplexity of a text",
		Long: "Perplexity runs the first -n tokens of a text through the model, in one window and without BOS, and\n" +
			"prints how well it predicts each of them but the first: exp of the mean negative log-likelihood.",
		Example: "  trinity perplexity model.gguf text.txt\n  trinity perplexity -n 512 --json tales text.txt",
		Args:    between(2, 2), ValidArgsFunction: completeModel(true),
		RunE: func(c *cobra.Command, args []string) error {
			if n < 2 {
				return usagef("-n is %d: a perplexity needs two tokens or more", n)
			}
			if err := f.validate(); err != nil {
				return err
			}
			text, err := os.ReadFile(args[1])
			if err != nil {
				return err
			}
			m, err := f.open(args[0])
			if err != nil {
				return err
			}
			defer m.Close()
			ids := m.Tokenize(string(text), trinity.TokenizeOptions{})
			if len(ids) < 2 {
				return fmt.Errorf("%s: the text has %d tokens, and a perplexity needs two or more", args[1], len(ids))
			}
			ids = ids[:min(n, len(ids))]
			if window := m.Context() + 1; len(ids) > window {
				return fmt.Errorf("%d tokens do not fit the context of %d: give -n %d, or a larger --ctx", len(ids), m.Context(), window)
			}
			value, predictions, err := perplexity(c, m, ids)
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(os.Stdout).Encode(map[string]any{"perplexity": value, "predictions": predictions})
			}
			_, err = fmt.Printf("perplexity %.4f over %d predictions\n", value, predictions)
			return err
		},
	}
	f.add(c)
	c.Flags().IntVarP(&n, "n", "n", 1024, "`tokens` of the text at most")
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON object")
	return c
}

func perplexity(c *cobra.Command, m *trinity.Model, ids []int32) (value float64, predictions int, err error) {
	ctx, stop := interruptible(c.Context())
	defer stop()
	p := startProgress("measuring")
	defer p.stop()
	var nll []float64
	for v, err := range m.NLL(ctx, ids) {
		if err != nil {
			return 0, 0, err
		}
		nll = append(nll, v)
		p.set(len(nll), len(ids)-1)
	}
	return trinity.Perplexity(nll), len(nll), nil
}
