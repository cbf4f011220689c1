package main

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"github.com/trinity-engine/trinity"
)

func tokenizeCommand() *cobra.Command {
	var asJSON, special bool
	c := &cobra.Command{
		Use:   "tokenize MODEL TEXT",
		Short: "Print the token ids of a text",
		Long: "Tokenize prints one id a line; on a terminal each beside its piece of the text. A file with a\n" +
			"vocabulary and no tensors will do.",
		Example: "  trinity tokenize tales \"Once upon a time\"\n  trinity tokenize --json --special model.gguf \"<|im_start|>user\"",
		Args:    between(2, 2), ValidArgsFunction: completeModel(false),
		RunE: func(_ *cobra.Command, args []string) error {
			v, err := trinity.OpenVocabulary(args[0])
			if err != nil {
				return modelError{err}
			}
			ids := v.Tokenize(args[1], trinity.TokenizeOptions{Special: special})
			if asJSON {
				return json.NewEncoder(os.Stdout).Encode(ids)
			}
			out := bufio.NewWriter(os.Stdout)
			pieces := term.IsTerminal(int(os.Stdout.Fd()))
			for _, id := range ids {
				if pieces {
					fmt.Fprintf(out, "%7d  %q\n", id, v.Piece(id))
				} else {
					fmt.Fprintln(out, id)
				}
			}
			return out.Flush()
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON array")
	c.Flags().BoolVar(&special, "special", false, "recognize the text of control tokens as those tokens")
	return c
}

func logitsCommand() *cobra.Command {
	f := &modelFlags{}
	var list, out string
	c := &cobra.Command{
		Use:     "logits MODEL --ids 5,17,… -o FILE",
		Short:   "Write the logits after each of some tokens",
		Long:    "Logits runs tokens through the model, nothing before the first, and writes the logits after each of\nthem: f32 [tokens, vocabulary], little-endian.",
		Example: "  trinity logits tales --ids 1,520,28 -o logits.f32",
		Args:    between(1, 1), ValidArgsFunction: completeModel(false),
		RunE: func(c *cobra.Command, args []string) error {
			if err := f.validate(); err != nil {
				return err
			}
			ids, err := parseIDs(list)
			if err != nil {
				return err
			}
			if out == "" {
				return usagef("say where to write: -o FILE")
			}
			m, err := f.open(args[0])
			if err != nil {
				return err
			}
			defer m.Close()
			return writeLogits(c, m, ids, out)
		},
	}
	f.add(c)
	c.Flags().StringVar(&list, "ids", "", "token `ids`, separated by commas")
	c.Flags().StringVarP(&out, "output", "o", "", "the `file` to write")
	return c
}

func parseIDs(list string) (ids []int32, err error) {
	if list == "" {
		return nil, usagef("say which tokens: --ids 5,17,…")
	}
	for s := range strings.SplitSeq(list, ",") {
		id, err := strconv.ParseInt(strings.TrimSpace(s), 10, 32)
		if err != nil {
			return nil, usagef("--ids: %q is no token id", s)
		}
		ids = append(ids, int32(id))
	}
	return ids, nil
}

// writeLogits makes the file once the first row is there, so that no mistake costs one that was there.
func writeLogits(c *cobra.Command, m *trinity.Model, ids []int32, path string) error {
	ctx, stop := interruptible(c.Context())
	defer stop()
	p := startProgress("computing")
	defer p.stop()
	var file *os.File
	var w *bufio.Writer
	rows := 0
	for row, err := range m.Logits(ctx, ids) {
		if err == nil && file == nil {
			if file, err = os.Create(path); err == nil {
				defer file.Close()
				w = bufio.NewWriter(file)
			}
		}
		if err == nil {
			err = binary.Write(w, binary.LittleEndian, row)
		}
		if err != nil {
			return err
		}
		rows++
		p.set(rows, len(ids))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return file.Close()
}
