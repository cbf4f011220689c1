package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// overlay is a view of the project in which some files are others.
type overlay struct {
	root, dir string // the project; a folder for what is put over it
	replace   map[string]string
}

func newOverlay(root, dir string) *overlay {
	return &overlay{root: root, dir: dir, replace: map[string]string{}}
}

// put lays data over a file of the project.
func (o *overlay) put(file string, data []byte) error {
	path := filepath.Join(o.dir, "files", file)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		return err
	}
	o.replace[filepath.Join(o.root, file)] = path
	return o.write()
}

// generate runs the compiler as the overlay has it, and lays what it gives over gen.
func (o *overlay) generate() error {
	vibeec, out := filepath.Join(o.dir, "vibeec"), filepath.Join(o.dir, "gen")
	for _, args := range [][]string{{"go", "build", "-o", vibeec, "./cmd/vibeec"}, {vibeec, "specs", "--out", out}} {
		if text, err := o.command(args...).CombinedOutput(); err != nil {
			return fmt.Errorf("%s: %w\n%s", strings.Join(args, " "), err, text)
		}
	}
	gen := filepath.Join(o.root, "gen")
	err := filepath.WalkDir(gen, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			o.replace[path] = "" // until there is another
		}
		return err
	})
	if err != nil {
		return err
	}
	err = filepath.WalkDir(out, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		file, err := filepath.Rel(out, path)
		if err != nil {
			return err
		}
		file = filepath.Join(gen, file)
		if same(path, file) {
			delete(o.replace, file)
		} else {
			o.replace[file] = path
		}
		return nil
	})
	if err != nil {
		return err
	}
	return o.write()
}

func same(a, b string) bool {
	x, errX := os.ReadFile(a)
	y, errY := os.ReadFile(b)
	return errX == nil && errY == nil && bytes.Equal(x, y)
}

func (o *overlay) list() string { return filepath.Join(o.dir, "overlay.json") }

func (o *overlay) write() error {
	data, err := json.MarshalIndent(struct{ Replace map[string]string }{o.replace}, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(o.list(), data, 0o644)
}

// command runs in the project; each go command in it, and those that a test starts, sees the overlay.
func (o *overlay) command(args ...string) *exec.Cmd {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = o.root
	cmd.Env = append(os.Environ(), "PWD="+o.root)
	if len(o.replace) > 0 {
		cmd.Env = append(cmd.Env, "GOFLAGS="+os.Getenv("GOFLAGS")+" '-overlay="+o.list()+"'")
	}
	return cmd
}
