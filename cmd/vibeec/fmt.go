package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/aymanbagabas/go-udiff"

	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/source"
)

// layout brings files, or all .vibee files of folders, into the one layout; -l lists those that differ,
// -d prints how, and both leave them as they are.
func layout(args []string, out io.Writer) error {
	flags := newFlags("fmt")
	list := flags.Bool("l", false, "")
	diff := flags.Bool("d", false, "")
	roots, err := parse(flags, args, 1, len(args))
	if err != nil {
		return err
	}
	var errs grammar.Errors
	for _, root := range roots {
		err := source.Each(root, func(path string, src []byte) error {
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
		if bad, ok := err.(grammar.Errors); ok {
			errs = append(errs, bad...)
			continue
		}
		if err != nil {
			return err
		}
	}
	if len(errs) > 0 {
		return errs
	}
	return nil
}
