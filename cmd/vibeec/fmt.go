package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/aymanbagabas/go-udiff"

	"github.com/trinity-engine/trinity/vibee/grammar"
)

// layout brings files, or all .vibee files of folders, into the one layout; -l lists those that differ,
// -d prints how, and both leave them as they are.
func layout(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("fmt", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	list := flags.Bool("l", false, "")
	diff := flags.Bool("d", false, "")
	if err := flags.Parse(args); err != nil || flags.NArg() == 0 {
		return errUsage
	}
	for _, root := range flags.Args() {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || path != root && !strings.HasSuffix(path, ".vibee") {
				return err
			}
			src, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			laid, err := grammar.Layout(filepath.ToSlash(path), src)
			if err != nil || bytes.Equal(src, laid) {
				return err
			}
			if *list {
				fmt.Fprintln(out, path)
			}
			if *diff {
				fmt.Fprint(out, udiff.Unified(path, path+" (laid out)", string(src), string(laid)))
			}
			if *list || *diff {
				return nil
			}
			return os.WriteFile(path, laid, 0o644)
		})
		if err != nil {
			return err
		}
	}
	return nil
}
