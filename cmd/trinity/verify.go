package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/trinity-engine/trinity"
)

func verifyCommand() *cobra.Command {
	f := &modelFlags{}
	var o trinity.VerifyOptions
	var asJSON bool
	c := &cobra.Command{
		Use:   "verify MODEL",
		Short: "Check every step of a model against what the specs mean",
		Long: "Verify runs tokens through the model and, for each step, its scheduled program in the VM, which must\n" +
			"give the same bits as the native code, and its exact program, from which the scheduled one may differ\n" +
			"by no more than the op tolerates. It prints the largest difference of each kernel; exit code 1 tells\n" +
			"that one failed. It does so with int8 activations and, unless the file is a .tri, with exact ones;\n" +
			"--exact: with those alone; --fast: with what is faster and not the same on all processors.",
		Example: "  trinity verify tales\n  trinity verify -n 16 --threads 2 model.gguf",
		Args:    between(1, 1), ValidArgsFunction: completeModel(false),
		RunE: func(c *cobra.Command, args []string) error {
			if o.Tokens < 1 {
				return usagef("-n is %d: give 1 or more", o.Tokens)
			}
			if err := f.validate(); err != nil {
				return err
			}
			ctx, stop := interruptible(c.Context())
			defer stop()
			p := startProgress("verifying")
			defer p.stop()
			o.Threads, o.Batch, o.Progress = f.threads, f.batch, p.set
			start := time.Now()
			o.Fast = f.fast
			report, err := verify(ctx, args[0], o, f.exact)
			p.stop()
			if wrong := printChecked(report, asJSON); err == nil {
				err = wrong
			}
			if err == nil {
				fmt.Fprintf(os.Stderr, "%d kernels hold, on %d tokens, in %.1f s\n", len(report), o.Tokens, time.Since(start).Seconds())
			}
			return err
		},
	}
	f.addSizes(c)
	c.Flags().BoolVar(&f.exact, "exact", false, "verify with f32 activations alone")
	c.Flags().BoolVar(&f.fast, "fast", false, "verify what --fast computes, alone")
	c.Flags().IntVarP(&o.Tokens, "n", "n", 4, "`tokens` that run through the model, the last of them alone")
	c.Flags().BoolVar(&asJSON, "json", false, "print a JSON array")
	return c
}

// verify checks a model with int8 activations, unless it is to be exact, and with those of f32; or what is fast alone. What both compute alike
// is listed once.
func verify(ctx context.Context, path string, o trinity.VerifyOptions, exact bool) ([]trinity.Checked, error) {
	var report []trinity.Checked
	if !exact {
		r, err := trinity.Verify(ctx, path, o)
		if report = r; err != nil {
			return report, err
		}
	}
	if o.Fast {
		return report, nil
	}
	o.Exact = true
	r, err := trinity.Verify(ctx, path, o)
	if errors.Is(err, trinity.ErrPacked) && !exact {
		return report, nil // the file serves no others
	}
	for _, k := range r {
		i := slices.IndexFunc(report, func(c trinity.Checked) bool { return c.Kernel == k.Kernel })
		switch {
		case i < 0:
			report = append(report, k)
		case report[i].Failed == "":
			report[i] = k
		}
	}
	return report, err
}

func printChecked(report []trinity.Checked, asJSON bool) error {
	if asJSON && report != nil {
		return json.NewEncoder(os.Stdout).Encode(report)
	}
	for _, r := range report {
		if _, err := fmt.Println(r); err != nil {
			return err
		}
	}
	return nil
}
