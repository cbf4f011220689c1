package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"github.com/trinity-engine/trinity"
)

func infoCommand() *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use: "info MODEL", Short: "Describe a model file: a summary, its metadata, its tensors",
		Example: "  trinity info tales\n  trinity info --json model.gguf",
		Args:    between(1, 1), ValidArgsFunction: completeModel(false),
		RunE: func(_ *cobra.Command, args []string) error {
			i, err := trinity.Describe(args[0])
			if err != nil {
				return modelError{err}
			}
			out := bufio.NewWriter(os.Stdout)
			if asJSON {
				err = json.NewEncoder(out).Encode(i)
			} else {
				describe(out, i)
			}
			if err != nil {
				return err
			}
			return out.Flush()
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON object")
	return c
}

func describe(w io.Writer, i *trinity.Info) {
	architecture := i.Architecture
	if !i.Supported {
		architecture += " (not one that this runs)"
	}
	context, types := "not stated", []string{}
	if i.Context > 0 {
		context = fmt.Sprintf("%d tokens", i.Context)
	}
	for _, t := range i.Types {
		types = append(types, fmt.Sprintf("%s (%d tensors, %s)", t.Type, t.Tensors, count(t.Values)))
	}
	for _, row := range [][2]string{
		{"name", i.Name},
		{"architecture", architecture},
		{"parameters", count(i.Parameters)},
		{"types", strings.Join(types, ", ")},
		{"context", context},
		{"vocabulary", fmt.Sprintf("%d tokens (%s)", i.Vocabulary, i.Tokenizer)},
		{"chat template", map[bool]string{true: "yes", false: "no"}[i.ChatTemplate]},
		{"license", i.License},
		{"size", fmt.Sprintf("%.1f MB, %s v%d", float64(i.Bytes)/1e6, i.Kind, i.Version)},
	} {
		if row[1] != "" {
			fmt.Fprintf(w, "%-14s %s\n", row[0], row[1])
		}
	}
	fmt.Fprintf(w, "\n%d keys\n", len(i.Metadata))
	for _, k := range i.Metadata {
		fmt.Fprintf(w, "  %s = %s\n", k.Key, k.Value)
	}
	fmt.Fprintf(w, "\n%d tensors\n", len(i.Tensors))
	for _, t := range i.Tensors {
		fmt.Fprintf(w, "  %-40s %-8s %v\n", t.Name, t.Type, t.Shape)
	}
}

// count shortens a number of values: 134.5 M.
func count(n uint64) string {
	switch {
	case n >= 1e9:
		return fmt.Sprintf("%.2f B", float64(n)/1e9)
	case n >= 1e6:
		return fmt.Sprintf("%.1f M", float64(n)/1e6)
	case n >= 1e4:
		return fmt.Sprintf("%.0f k", float64(n)/1e3)
	}
	return fmt.Sprint(n)
}
