package main

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"github.com/trinity-engine/trinity"
)

func benchCommand() *cobra.Command {
	f := &modelFlags{}
	var prompt, answer, runs int
	var asJSON bool
	c := &cobra.Command{
		Use:   "bench MODEL",
		Short: "Measure the speed of prompt and answer",
		Long: "Bench times a prompt (prefill) and single tokens after it (decode). After one run that warms up, it\n" +
			"prints the median of several, ± half of what lies between the slowest and the fastest.",
		Example: "  trinity bench tales\n  trinity bench -p 512 -n 128 --runs 5 --threads 2 model.gguf",
		Args:    between(1, 1), ValidArgsFunction: completeModel(false),
		RunE: func(c *cobra.Command, args []string) error {
			if prompt < 1 || answer < 1 || runs < 1 {
				return usagef("-p, -n and --runs must be 1 or more")
			}
			if err := f.validate(); err != nil {
				return err
			}
			if !f.changed("ctx") {
				f.context = prompt + answer
			}
			m, err := f.open(args[0])
			if err != nil {
				return err
			}
			defer m.Close()
			b, err := bench(c, m, prompt, answer, runs)
			if err != nil {
				return err
			}
			if asJSON {
				return json.NewEncoder(os.Stdout).Encode(b)
			}
			_, err = fmt.Printf("prefill %d: %s   decode %d: %s   (median of %d, %d threads)\n",
				b.Prefill.Tokens, b.Prefill, b.Decode.Tokens, b.Decode, runs, b.Threads)
			return err
		},
	}
	f.add(c)
	c.Flags().IntVarP(&prompt, "prompt", "p", 128, "`tokens` of the prompt")
	c.Flags().IntVarP(&answer, "n", "n", 64, "`tokens` of the answer")
	c.Flags().IntVar(&runs, "runs", 3, "`runs` that are timed")
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON object")
	return c
}

// benchmark is what bench found.
type benchmark struct {
	Threads int   `json:"threads"`
	Runs    int   `json:"runs"`
	Prefill speed `json:"prefill"`
	Decode  speed `json:"decode"`
}

// speed is tokens a second.
type speed struct {
	Tokens int     `json:"tokens"` // a run
	Median float64 `json:"tokens_per_second"`
	Spread float64 `json:"spread"` // half of what lies between the slowest and the fastest
}

func (s speed) String() string { return fmt.Sprintf("%.1f ± %.1f tokens/s", s.Median, s.Spread) }

func bench(c *cobra.Command, m *trinity.Model, prompt, answer, runs int) (b benchmark, err error) {
	ctx, stop := interruptible(c.Context())
	defer stop()
	p := startProgress("run")
	defer p.stop()
	var prefill, decode []float64
	for run := range runs + 1 {
		p.set(run, runs+1)
		first, rest, err := m.Measure(ctx, prompt, answer)
		if err != nil {
			return b, err
		}
		if run > 0 {
			prefill = append(prefill, float64(prompt)/first.Seconds())
			decode = append(decode, float64(answer)/rest.Seconds())
		}
	}
	return benchmark{m.Threads(), runs, median(prompt, prefill), median(answer, decode)}, nil
}

func median(tokens int, v []float64) speed {
	slices.Sort(v)
	n := len(v)
	return speed{tokens, (v[n/2] + v[(n-1)/2]) / 2, (v[n-1] - v[0]) / 2}
}
