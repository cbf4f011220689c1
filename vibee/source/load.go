package source

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/check"
)

// Load parses and checks .vibee files: those given, and all under the folders given.
func Load(roots ...string) (*check.Program, error) {
	var files []*grammar.File
	var errs grammar.Errors
	source := map[string][]byte{}
	read := func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".vibee") {
			return err
		}
		src, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		path = filepath.ToSlash(path)
		source[path] = src
		f, err := grammar.Parse(path, src)
		if bad, ok := err.(grammar.Errors); ok {
			errs = append(errs, bad...)
			return nil
		}
		files = append(files, f)
		return err
	}
	for _, root := range roots {
		if err := filepath.WalkDir(root, read); err != nil {
			return nil, err
		}
	}
	switch {
	case len(errs) > 0:
		return nil, errs
	case len(files) == 0:
		return nil, fmt.Errorf("%s: no .vibee files", strings.Join(roots, ", "))
	}
	prog, err := check.Check(files)
	if bad, ok := err.(grammar.Errors); ok {
		bad.Quote(source)
	}
	return prog, err
}
