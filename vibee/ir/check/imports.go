package check

import (
	"slices"
	"strings"

	"github.com/trinity-engine/trinity/vibee/grammar"
)

// imports finds imports of nothing, imports that nothing uses, and packages that import each other.
func (c *checker) imports(files []*grammar.File) {
	var known []string
	for name := range c.prog.packages {
		known = append(known, name)
	}
	for _, f := range files {
		for i, n := range f.Imports {
			twice := slices.ContainsFunc(f.Imports[:i], func(o *grammar.Name) bool { return o.Text == n.Text })
			switch {
			case twice:
				c.errorf(n.Pos, "package %s is imported twice", n.Text)
			case n.Text == f.Package.Text:
				c.errorf(n.Pos, "this is package %s itself: its declarations need no import", n.Text)
			case c.prog.packages[n.Text] == nil:
				c.suggest(n.Pos, n.Text, slices.Clone(known), "there is no package %s", n.Text)
			case !c.used[n] && !c.usesInLayers(f, n.Text):
				c.errorf(n.Pos, "import %s is not used", n.Text)
			}
		}
	}
	c.importCycles(files)
}

// importCycles says of each package that reaches itself, once a cycle, by which way.
func (c *checker) importCycles(files []*grammar.File) {
	imports := map[string][]*grammar.Name{}
	for _, f := range files {
		for _, n := range f.Imports {
			if n.Text != f.Package.Text {
				imports[f.Package.Text] = append(imports[f.Package.Text], n)
			}
		}
	}
	done := map[string]bool{}
	var follow func(name string, way []string)
	follow = func(name string, way []string) {
		way = append(way, name)
		for _, n := range imports[name] {
			if i := slices.Index(way, n.Text); i >= 0 {
				c.errorf(n.Pos, "packages import each other: %s", strings.Join(append(slices.Clone(way[i:]), n.Text), " → "))
			} else if !done[n.Text] {
				follow(n.Text, way)
			}
		}
		done[name] = true
	}
	for _, f := range files {
		if !done[f.Package.Text] {
			follow(f.Package.Text, nil)
		}
	}
}
