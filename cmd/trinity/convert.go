package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/trinity-engine/trinity"
)

func convertCommand() *cobra.Command {
	var o trinity.ConvertOptions
	c := &cobra.Command{
		Use:   "convert MODEL OUT.tri",
		Short: "Write a model in the form in which it is run",
		Long: "Convert makes a .tri file of a GGUF file: weights lie as the kernels take them, each part has a checksum, and\n" +
			"the file is used as it lies, so that it opens at once. It gives the same text to the bit. For --exact, which keeps\n" +
			"f32 activations, keep the GGUF file.\n\n" +
			"--type and --head round weights to another type: tq2_0 suits those of a ternary model that is published as\n" +
			"bf16 or f32, and ruins others.\n\n" +
			"--dense writes ternary matrices that have one scale with five trits a byte, where else there are four. Where\n" +
			"cores wait for memory, and have AVX-512 with VBMI, answers are faster so: trinity bench on both files tells.",
		Example: "  trinity convert model.gguf model.tri\n  trinity convert --type tq2_0 --head q8_0 bitnet-bf16.gguf bitnet.tri\n" +
			"  trinity convert --dense bitnet-tq2_0.gguf bitnet.tri",
		Args: between(2, 2), ValidArgsFunction: completeModel(true),
		RunE: func(c *cobra.Command, args []string) error {
			ctx, stop := interruptible(c.Context())
			defer stop()
			p := startProgress("converting " + filepath.Base(args[0]))
			defer p.stop()
			o.Progress = p.set
			start := time.Now()
			r, err := trinity.Convert(ctx, args[0], args[1], o)
			p.stop()
			switch {
			case errors.Is(err, fs.ErrExist):
				return fmt.Errorf("%w: give another name, or --force to overwrite it", err)
			case errors.Is(err, fs.ErrNotExist) && missing(args[0]):
				return modelError{err}
			case err != nil:
				return err
			}
			fmt.Fprintf(os.Stderr, "%s: %.1f MB, from %.1f MB; %d of %d tensors packed, in %.1f s\n",
				args[1], float64(r.Out)/1e6, float64(r.In)/1e6, r.Packed, r.Tensors, time.Since(start).Seconds())
			return nil
		},
	}
	c.Flags().StringVar(&o.Type, "type", "", "round the matrices of the layers to `TYPE`, as in q8_0 (default: each keeps its own)")
	c.Flags().StringVar(&o.Head, "head", "", "round embedding and head to `TYPE` (default: each keeps its own)")
	c.Flags().BoolVar(&o.Dense, "dense", false, "the smallest form that keeps the values: five trits a byte")
	c.Flags().BoolVar(&o.Force, "force", false, "overwrite OUT.tri")
	c.Flags().IntVar(&o.Threads, "threads", 0, "`threads` (default: as many as GOMAXPROCS)")
	return c
}

func missing(path string) bool {
	_, err := os.Stat(path)
	return err != nil && path != "tales"
}
