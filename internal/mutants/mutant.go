package main

import (
	"bytes"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A mutant is one wrong change of the project.
type mutant struct {
	name string // what is wrong
	file string // from the project's root
	old  string // stands in the file exactly once
	new  string // instead of it
	by   check  // must notice
}

// check is a test, found by its whole name or that of a subtest.
type check struct {
	pkg, test string
	args      string // for the test binary
	gen       bool   // it runs generated code
}

func (c check) String() string { return strings.TrimSpace(c.pkg + " " + c.test + " " + c.args) }

// everything is all entries.
func everything() []mutant {
	return slices.Concat(proofs, lowering, loops, groups, goEmitter, bytecodeEmitter, assembly, assemblyFlow, lookups, strips, packing, machine, tiles, pairs, plans, passes, execution, text)
}

// source is the mutated file. Where the old text is not there once, the table is stale.
func (m mutant) source(root string) ([]byte, error) {
	src, err := os.ReadFile(filepath.Join(root, m.file))
	if err != nil {
		return nil, err
	}
	if n := bytes.Count(src, []byte(m.old)); n != 1 {
		return nil, fmt.Errorf("mutant %q: its old text is %d times in %s, want once: the table is stale", m.name, n, m.file)
	}
	if m.new == m.old {
		return nil, fmt.Errorf("mutant %q changes nothing", m.name)
	}
	src = bytes.Replace(src, []byte(m.old), []byte(m.new), 1)
	if _, err := parser.ParseFile(token.NewFileSet(), m.file, src, parser.SkipObjectResolution); err != nil {
		return nil, fmt.Errorf("mutant %q: %w", m.name, err)
	}
	return src, nil
}

// generates reports whether the mutated file is a part of the compiler whose output the check runs.
func (m mutant) generates() bool {
	return m.by.gen && strings.HasPrefix(m.file, "vibee/") && !strings.HasPrefix(m.file, "vibee/vm/")
}
