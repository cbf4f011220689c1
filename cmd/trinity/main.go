package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/trinity-engine/trinity"
)

// Exit codes besides 0.
const (
	exitFailed      = 1
	exitUsage       = 2
	exitInterrupted = 130 // as shells have it for Ctrl-C
)

func main() {
	err := root().Execute()
	if err == nil {
		return
	}
	fmt.Fprintln(os.Stderr, "trinity:", explain(err))
	os.Exit(exitCode(err))
}

func exitCode(err error) int {
	switch {
	case errors.As(err, new(usageError)):
		return exitUsage
	case errors.Is(err, errInterrupted):
		return exitInterrupted
	}
	return exitFailed
}

// explain adds what to do, where the library can't know of flags.
func explain(err error) string {
	switch {
	case errors.Is(err, trinity.ErrContextFull):
		return fmt.Sprintf("%v: shorten the text, or give a larger --ctx", err)
	case errors.As(err, new(modelError)) && errors.Is(err, fs.ErrNotExist):
		return fmt.Sprintf("%v: MODEL is the path of a GGUF or .tri file, or tales", err)
	}
	return err.Error()
}

// usageError is a mistake in the command line.
type usageError struct{ error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// modelError is a MODEL that can't be opened.
type modelError struct{ error }

func (e modelError) Unwrap() error { return e.error }

var errInterrupted = errors.New("interrupted")

// interruptible ends with errInterrupted at Ctrl-C; a second one ends the program.
func interruptible(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		select {
		case <-signals:
			cancel(errInterrupted)
		case <-ctx.Done():
		}
		signal.Stop(signals)
	}()
	return ctx, func() { cancel(nil) }
}

func root() *cobra.Command {
	c := &cobra.Command{
		Use:   "trinity",
		Short: "Run language models on ordinary CPUs",
		Long: "Trinity runs language models on ordinary CPUs. MODEL is the path of a GGUF or .tri file,\n" +
			"or tales: a small model inside the program, which tells children's stories.",
		Example: "  trinity run tales \"Tell me a story about a fox.\"   # one answer\n" +
			"  trinity run model.gguf                             # a conversation\n" +
			"  trinity info model.gguf                            # what the file holds",
		Version:       trinity.Version(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(c, args[0])
			}
			return c.Help()
		},
	}
	c.SetVersionTemplate("{{.Version}}\n")
	c.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return usagef("%w: see %s --help", err, c.CommandPath())
	})
	c.AddCommand(runCommand(), infoCommand(), convertCommand(), tokenizeCommand(), logitsCommand(), perplexityCommand(), benchCommand(), verifyCommand(), versionCommand())
	return c
}

func unknownCommand(c *cobra.Command, name string) error {
	if _, err := os.Stat(name); err == nil || name == "tales" {
		return usagef("there is no command %q: give trinity run %s", name, name)
	}
	c.SuggestionsMinimumDistance = 2
	if near := c.SuggestionsFor(name); len(near) > 0 {
		return usagef("there is no command %q: perhaps trinity %s", name, near[0])
	}
	return usagef("there is no command %q: see trinity --help", name)
}

// between asks for least to most arguments.
func between(least, most int) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		switch {
		case len(args) < least:
			return usagef("too few arguments: %s: see %s --help", c.UseLine(), c.CommandPath())
		case len(args) > most:
			return usagef("too many arguments, the first is %q: quote a text that has spaces: %s", args[most], c.UseLine())
		}
		return nil
	}
}

func versionCommand() *cobra.Command {
	verbose := false
	c := &cobra.Command{
		Use: "version", Short: "Print the version", Example: "  trinity version\n  trinity version -v", Args: between(0, 0),
		RunE: func(c *cobra.Command, _ []string) error {
			text := trinity.Version()
			if verbose {
				name, why, err := trinity.Processor()
				if err != nil {
					return err
				}
				text += fmt.Sprintf("\nkernels: %s (%s)", name, why)
			}
			_, err := fmt.Fprintln(os.Stdout, text)
			return err
		},
	}
	c.Flags().BoolVarP(&verbose, "verbose", "v", false, "say which kernels this processor runs, and why")
	return c
}
