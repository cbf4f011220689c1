package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"

	"github.com/spf13/cobra"

	"github.com/trinity-engine/trinity"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := root().ExecuteContext(ctx)
	switch {
	case err == nil:
	case errors.As(err, new(usageError)):
		fmt.Fprintln(os.Stderr, "trinity:", err)
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, "trinity:", err)
		os.Exit(1)
	}
}

// usageError is a mistake in the command line.
type usageError struct{ error }

func root() *cobra.Command {
	c := &cobra.Command{
		Use:           "trinity",
		Short:         "Run language models on ordinary CPUs",
		Long:          "Trinity runs language models on ordinary CPUs. MODEL is a GGUF file, or tales: a small model inside the program.",
		Example:       "  trinity run tales \"Tell me a story about a fox.\"",
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usageError{fmt.Errorf("unknown command %q: see trinity --help", args[0])}
			}
			return c.Help()
		},
		Args: cobra.ArbitraryArgs,
	}
	c.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	c.AddCommand(runCommand(), tokenizeCommand(), logitsCommand(), perplexityCommand(), benchCommand(), infoCommand(), verifyCommand(), versionCommand())
	return c
}

// between asks for least to most arguments.
func between(least, most int) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) < least || len(args) > most {
			return usageError{fmt.Errorf("usage: %s", c.UseLine())}
		}
		return nil
	}
}

// modelFlags are the flags of every command that opens a model.
type modelFlags struct {
	threads, context, batch int
	vm                      string
}

func (f *modelFlags) add(c *cobra.Command) {
	c.Flags().IntVar(&f.threads, "threads", 0, "threads (default: as many as GOMAXPROCS)")
	c.Flags().IntVar(&f.context, "ctx", 0, "positions of the context (default: the model's, at most 2048)")
	c.Flags().IntVar(&f.batch, "batch", 0, "rows of a prompt computed at once (default 64)")
	c.Flags().StringVar(&f.vm, "vm", "", "compute in the VM: loop (the same bits) or spec (the exact meaning)")
	c.Flags().Lookup("vm").NoOptDefVal = "loop"
	c.Flags().Bool("exact", true, "f32 activations: the only mode so far")
}

func (f *modelFlags) open(path string) (*trinity.Model, error) {
	o := trinity.Options{Threads: f.threads, Context: f.context, Batch: f.batch}
	switch f.vm {
	case "":
	case "loop":
		o.Engine = trinity.LoopInVM
	case "spec":
		o.Engine = trinity.SpecInVM
	default:
		return nil, usageError{fmt.Errorf("--vm is loop or spec, not %q", f.vm)}
	}
	return trinity.Open(path, o)
}
