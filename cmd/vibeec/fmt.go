package main

import (
	"bytes"
	"errors"
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
	flags := newFlags("fmt")
	list := flags.Bool("l", false, "")
	diff := flags.Bool("d", false, "")
	roots, err := parse(flags, args, 1, len(args))
	if err != nil {
		return err
	}
	var errs grammar.Errors
	for _, root := range roots {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || path != root && !strings.HasSuffix(path, ".vibee") {
				return err
			}
			src, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			laid, err := grammar.Layout(filepath.ToSlash(path), src)
			if bad, ok := err.(grammar.Errors); ok {
				errs = append(errs, bad...)
				return nil
			}
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
		if errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s: no such file or folder", root)
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
