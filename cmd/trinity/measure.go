package main

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/trinity-engine/trinity"
)

func tokenizeCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "tokenize MODEL TEXT", Short: "Print the token ids of a text", Args: between(2, 2),
		RunE: func(c *cobra.Command, args []string) error {
			m, err := trinity.OpenVocabulary(args[0])
			if err != nil {
				return err
			}
			ids := m.Tokenize(args[1], false)
			if asJSON {
				return json.NewEncoder(os.Stdout).Encode(ids)
			}
			pieces := term.IsTerminal(int(os.Stdout.Fd()))
			for _, id := range ids {
				if pieces {
					fmt.Printf("%d\t%q\n", id, m.Piece(id))
				} else {
					fmt.Println(id)
				}
			}
			return nil
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON array")
	return c
}

func logitsCommand() *cobra.Command {
	f := &modelFlags{}
	var list, out string
	c := &cobra.Command{
		Use: "logits MODEL --ids 5,17,… -o FILE", Short: "Write the logits after each id, f32 [T, V] little-endian", Args: between(1, 1),
		RunE: func(c *cobra.Command, args []string) error {
			var ids []int32
			for s := range strings.SplitSeq(list, ",") {
				id, err := strconv.ParseInt(strings.TrimSpace(s), 10, 32)
				if err != nil {
					return usageError{fmt.Errorf("--ids: %q is no token id", s)}
				}
				ids = append(ids, int32(id))
			}
			if out == "" {
				return usageError{fmt.Errorf("say where to write: -o FILE")}
			}
			m, err := f.open(args[0])
			if err != nil {
				return err
			}
			defer m.Close()
			file, err := os.Create(out)
			if err != nil {
				return err
			}
			defer file.Close()
			w := bufio.NewWriter(file)
			if err := m.Logits(c.Context(), ids, func(_ int, logits []float32) error {
				return binary.Write(w, binary.LittleEndian, logits)
			}); err != nil {
				return err
			}
			if err := w.Flush(); err != nil {
				return err
			}
			return file.Close()
		},
	}
	f.add(c)
	c.Flags().StringVar(&list, "ids", "", "token ids, separated by commas")
	c.Flags().StringVarP(&out, "output", "o", "", "the file to write")
	return c
}

func perplexityCommand() *cobra.Command {
	f := &modelFlags{}
	var n int
	c := &cobra.Command{
		Use: "perplexity MODEL FILE", Short: "Measure the perplexity of a text, in one window without BOS", Args: between(2, 2),
		RunE: func(c *cobra.Command, args []string) error {
			text, err := os.ReadFile(args[1])
			if err != nil {
				return err
			}
			m, err := f.open(args[0])
			if err != nil {
				return err
			}
			defer m.Close()
			ids := m.Tokenize(string(text), false)
			if len(ids) > n {
				ids = ids[:n]
			}
			if len(ids) < 2 {
				return fmt.Errorf("%s: a perplexity needs two tokens or more", args[1])
			}
			nll, err := m.NLL(c.Context(), ids)
			if err != nil {
				return err
			}
			fmt.Printf("perplexity %.4f over %d predictions\n", trinity.Perplexity(nll), len(nll))
			return nil
		},
	}
	f.add(c)
	c.Flags().IntVarP(&n, "n", "n", 1024, "tokens of the text")
	return c
}

func benchCommand() *cobra.Command {
	f := &modelFlags{}
	var prompt, answer, runs int
	c := &cobra.Command{
		Use: "bench MODEL", Short: "Measure prefill and decode, the median of several runs", Args: between(1, 1),
		RunE: func(c *cobra.Command, args []string) error {
			m, err := f.open(args[0])
			if err != nil {
				return err
			}
			defer m.Close()
			prompt = min(prompt, m.Context()-answer)
			if prompt < 1 || answer < 1 || runs < 1 {
				return usageError{fmt.Errorf("a prompt and an answer of one token or more must fit the context of %d", m.Context())}
			}
			var prefill, decode []float64
			for range runs {
				p, d, err := m.Measure(c.Context(), prompt, answer)
				if err != nil {
					return err
				}
				prefill = append(prefill, float64(prompt)/p.Seconds())
				decode = append(decode, float64(answer)/d.Seconds())
			}
			fmt.Printf("prefill %d: %.1f tokens/s   decode %d: %.1f tokens/s   (median of %d)\n", prompt, median(prefill), answer, median(decode), runs)
			return nil
		},
	}
	f.add(c)
	c.Flags().IntVarP(&prompt, "prompt", "p", 128, "tokens of the prompt")
	c.Flags().IntVarP(&answer, "n", "n", 64, "tokens of the answer")
	c.Flags().IntVar(&runs, "runs", 3, "runs")
	return c
}

func median(v []float64) float64 {
	slices.Sort(v)
	return v[len(v)/2]
}

func versionCommand() *cobra.Command {
	return &cobra.Command{Use: "version", Short: "Print the version", Args: between(0, 0), Run: func(*cobra.Command, []string) {
		fmt.Println(trinity.Version())
	}}
}

func infoCommand() *cobra.Command {
	return &cobra.Command{
		Use: "info MODEL", Short: "Describe a model file", Args: between(1, 1),
		RunE: func(c *cobra.Command, args []string) error { return trinity.Info(args[0], os.Stdout) },
	}
}

func verifyCommand() *cobra.Command {
	var n int
	c := &cobra.Command{
		Use: "verify MODEL", Short: "Check every step of the model against the VM, on real activations", Args: between(1, 1),
		RunE: func(c *cobra.Command, args []string) error {
			start := time.Now()
			report, err := trinity.Verify(c.Context(), args[0], n)
			for _, r := range report {
				fmt.Println(r)
			}
			fmt.Fprintf(os.Stderr, "%.1f s\n", time.Since(start).Seconds())
			return err
		},
	}
	c.Flags().IntVarP(&n, "n", "n", 4, "tokens of the activations")
	return c
}
