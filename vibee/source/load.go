package source

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/check"
)

// Each calls f for all .vibee files under a folder, or for one file. It goes on after errors of grammar, and
// gives them all at the end.
func Each(root string, f func(path string, src []byte) error) error {
	var errs grammar.Errors
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || path != root && !strings.HasSuffix(path, ".vibee") {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		err = f(path, src)
		if bad, ok := err.(grammar.Errors); ok {
			errs = append(errs, bad...)
			return nil
		}
		return err
	})
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: no such file or folder", root)
	case err != nil:
		return err
	case len(errs) > 0:
		return errs
	}
	return nil
}

// Read parses all .vibee files under a folder, or one file.
func Read(root string) ([]*grammar.File, error) {
	var files []*grammar.File
	err := Each(root, func(path string, src []byte) error {
		f, err := grammar.Parse(filepath.ToSlash(path), src)
		files = append(files, f)
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case len(files) == 0:
		return nil, fmt.Errorf("%s: no .vibee files", root)
	}
	return files, nil
}

// Load parses and checks all .vibee files under folders.
func Load(roots ...string) (*check.Program, error) {
	var files []*grammar.File
	for _, root := range roots {
		more, err := Read(root)
		if err != nil {
			return nil, err
		}
		files = append(files, more...)
	}
	return check.Check(files)
}
