package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/trinity-engine/trinity"
)

const (
	enough = 30 * time.Second // after which no further run of a model begins
	most   = 15 * time.Second // that a prompt or an answer may take, unless its length was asked for
)

// benchFlags are what is measured.
type benchFlags struct {
	modelFlags
	prompt, answer, runs int
	synthetic            []string
	vocabulary, save     string
	asJSON               bool
}

func benchCommand() *cobra.Command {
	f := &benchFlags{}
	c := &cobra.Command{
		Use:   "bench [MODEL…]",
		Short: "Measure the speed of prompt and answer, and how near it is to the machine's limits",
		Long: "Bench times a prompt (pp: prefill) and single tokens after it (tg: decode). After a short run that warms up,\n" +
			"it prints the median of several, ± half of what lies between the slowest and the fastest. Where a model is slow,\n" +
			"prompt and answer are shorter, unless you say how long, and there are fewer runs.\n\n" +
			"In the same run it measures what the machine can do: the bytes that it reads from memory a second, and its\n" +
			"multiply-adds of integers. Beside each speed stands the share of that: of the latter in a prompt, of the former\n" +
			"in an answer, where the weights are read for each token. A model that fits the caches may have more than 100 %.\n\n" +
			"--synthetic needs no file: it makes random weights in the shape of a real model.",
		Example: "  trinity bench tales\n  trinity bench -p 512 -n 128 -r 5 --threads 2 model.gguf\n" +
			"  trinity bench --synthetic smol135:q8_0 --synthetic bitnet2b:tq2_0\n" +
			"  trinity bench --synthetic bitnet2b:tq2_0 --save bitnet2b.gguf",
		ValidArgsFunction: completeModels,
		RunE:              f.run,
	}
	f.add(c)
	flags := c.Flags()
	flags.IntVarP(&f.prompt, "prompt", "p", 512, "`tokens` of the prompt")
	flags.IntVarP(&f.answer, "n", "n", 128, "`tokens` of the answer")
	flags.IntVarP(&f.runs, "runs", "r", 3, "`runs` that are timed")
	flags.StringArrayVar(&f.synthetic, "synthetic", nil, "a model of random weights, `SHAPE:TYPE`; may be given several times")
	flags.StringVar(&f.vocabulary, "vocab", "", "the synthetic models' vocabulary is that of `FILE`")
	flags.StringVar(&f.save, "save", "", "write the synthetic model to `FILE` and measure nothing")
	flags.BoolVar(&f.asJSON, "json", false, "print a JSON object")
	return c
}

// completeModels completes any number of models.
func completeModels(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
	return models(typed), cobra.ShellCompDirectiveNoFileComp
}

func (f *benchFlags) run(c *cobra.Command, args []string) error {
	switch {
	case f.prompt < 1 || f.answer < 1 || f.runs < 1:
		return usagef("-p, -n and -r must be 1 or more")
	case len(args)+len(f.synthetic) == 0:
		return usagef("name a MODEL, or --synthetic SHAPE:TYPE: see %s --help", c.CommandPath())
	case f.save != "" && (len(f.synthetic) != 1 || len(args) > 0):
		return usagef("--save writes one --synthetic model, and takes no other")
	}
	if err := f.validate(); err != nil {
		return err
	}
	if f.save != "" {
		return f.write()
	}
	if !f.changed("ctx") {
		f.context = f.prompt + f.answer
	}
	ctx, stop := interruptible(c.Context())
	defer stop()
	var r report
	for _, path := range args {
		if err := f.measure(ctx, &r, filepath.Base(path), func() (*trinity.Model, error) { return trinity.Open(path, f.options()) }); err != nil {
			return err
		}
	}
	for _, name := range f.synthetic {
		if err := f.measure(ctx, &r, name, func() (*trinity.Model, error) { return f.make(name) }); err != nil {
			return err
		}
	}
	p := startProgress("measuring the machine")
	limits, err := trinity.MeasureLimits(f.threads)
	p.stop()
	if err != nil {
		return err
	}
	r.limit(limits)
	if f.asJSON {
		return json.NewEncoder(os.Stdout).Encode(r)
	}
	return r.print(os.Stdout)
}

func (f *benchFlags) make(name string) (*trinity.Model, error) {
	s, err := trinity.NewSynthetic(name, f.vocabulary)
	if err != nil {
		return nil, err
	}
	return s.Open(f.options())
}

// write saves a synthetic model.
func (f *benchFlags) write() error {
	s, err := trinity.NewSynthetic(f.synthetic[0], f.vocabulary)
	if err != nil {
		return modelError{err}
	}
	file, err := os.Create(f.save)
	if err != nil {
		return err
	}
	p := startProgress(fmt.Sprintf("writing %.0f MB", float64(s.Size())/1e6))
	_, err = s.WriteTo(file)
	p.stop()
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		os.Remove(f.save)
	}
	return err
}

// measure adds a model to the report.
func (f *benchFlags) measure(ctx context.Context, r *report, name string, open func() (*trinity.Model, error)) error {
	p := startProgress("loading " + name)
	m, err := open()
	p.stop()
	if err != nil {
		return modelError{err}
	}
	defer m.Close()
	b := benchmark{Model: name, Size: m.FileSize(), Type: m.WeightType(), Variant: m.Variant(), Threads: m.Threads(), Exact: f.exact, Fast: f.fast}
	if err := f.time(ctx, m, &b); err != nil {
		return err
	}
	decode, err := m.Work(1)
	if err != nil {
		return err
	}
	prefill, err := m.Work(b.Prefill.Tokens)
	if err != nil {
		return err
	}
	b.Decode.Work, b.Prefill.Work = float64(decode.Bytes), float64(prefill.Products)/float64(b.Prefill.Tokens)
	r.Models = append(r.Models, b)
	return nil
}

// time runs a model until it has been run often enough, or for long.
func (f *benchFlags) time(ctx context.Context, m *trinity.Model, b *benchmark) error {
	p := startProgress(b.Model + ": run")
	defer p.stop()
	prompt, answer := min(f.prompt, 64), min(f.answer, 8)
	first, rest, err := m.Measure(ctx, prompt, answer)
	if err != nil {
		return err
	}
	tried := prompt
	prompt, answer = f.fit("prompt", f.prompt, prompt, first), f.fit("n", f.answer, answer, rest)
	if prompt > tried { // the cache's pages are touched for the first time here
		if _, _, err := m.Measure(ctx, prompt, 1); err != nil {
			return err
		}
	}
	var prefill, decode []float64
	for start := time.Now(); len(prefill) < f.runs && (len(prefill) == 0 || time.Since(start) < enough); {
		p.set(len(prefill), f.runs)
		first, rest, err := m.Measure(ctx, prompt, answer)
		if err != nil {
			return err
		}
		prefill = append(prefill, float64(prompt)/first.Seconds())
		decode = append(decode, float64(answer)/rest.Seconds())
	}
	b.Runs = len(prefill)
	b.Prefill, b.Decode = median(prompt, prefill), median(answer, decode)
	return nil
}

// fit halves a number of tokens that nobody asked for until they take no more than most, where tried took so long.
func (f *benchFlags) fit(flag string, tokens, tried int, took time.Duration) int {
	for !f.changed(flag) && tokens > tried && took.Seconds()/float64(tried)*float64(tokens) > most.Seconds() {
		tokens /= 2
	}
	return tokens
}

func median(tokens int, v []float64) speed {
	slices.Sort(v)
	n := len(v)
	return speed{Tokens: tokens, Median: (v[n/2] + v[(n-1)/2]) / 2, Spread: (v[n-1] - v[0]) / 2}
}
