package check

import (
	"fmt"
	"slices"

	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// Program is the meaning of a set of files.
type Program struct {
	Formats []*spec.Format // blocks and pages, by package and name
	Ops     []*spec.Op
	Layers  map[string]*grammar.Layer // by full name
	Models  []*grammar.Model
	// Properties are claims about the ops, by package and name.
	Properties []*spec.Property
	// Owner is the package of a layer or model.
	Owner map[grammar.Decl]string

	packages map[string]*pkg
}

type pkg struct {
	name   string
	decls  map[string]*decl
	claims map[string]*grammar.Property // by name
}

type decl struct {
	pkg   *pkg
	file  *grammar.File
	ast   grammar.Decl
	op    *spec.Op
	fmt   *spec.Format
	state int // 0 untouched, 1 being checked, 2 done
}

type checker struct {
	prog *Program
	errs grammar.Errors
	used map[*grammar.Name]bool // imports
}

// Check resolves and types all declarations of files. The error is grammar.Errors.
func Check(files []*grammar.File) (*Program, error) {
	c := &checker{
		prog: &Program{Layers: map[string]*grammar.Layer{}, Owner: map[grammar.Decl]string{}, packages: map[string]*pkg{}},
		used: map[*grammar.Name]bool{},
	}
	var all []*decl
	for _, f := range files {
		all = append(all, c.declare(f)...)
	}
	for _, d := range all {
		c.resolve(d)
	}
	for _, d := range all {
		c.attach(d)
	}
	for _, d := range all {
		if a, ok := d.ast.(*grammar.Property); ok {
			c.property(d, a)
		}
	}
	for _, f := range files {
		c.imports(f)
	}
	if len(c.errs) > 0 {
		return nil, c.errs.Sorted()
	}
	return c.prog, nil
}

func (c *checker) errorf(pos grammar.Pos, format string, args ...any) {
	c.errs = append(c.errs, &grammar.Error{Pos: pos, Message: fmt.Sprintf(format, args...)})
}

func (c *checker) suggest(pos grammar.Pos, name string, among []string, format string, args ...any) {
	slices.Sort(among)
	c.errs = append(c.errs, &grammar.Error{Pos: pos, Message: fmt.Sprintf(format, args...), Suggest: grammar.Nearest(name, among)})
}

func (c *checker) declare(f *grammar.File) []*decl {
	p := c.prog.packages[f.Package.Text]
	if p == nil {
		p = &pkg{f.Package.Text, map[string]*decl{}, map[string]*grammar.Property{}}
		c.prog.packages[p.name] = p
	}
	var out []*decl
	for _, a := range f.Decls {
		d := &decl{pkg: p, file: f, ast: a}
		out = append(out, d)
		switch a := a.(type) {
		case *grammar.Schedule:
			continue
		case *grammar.Property:
			c.declareProperty(p, a)
			continue
		case *grammar.Layer:
			c.prog.Layers[p.name+"."+a.Named()] = a
		case *grammar.Model:
			c.prog.Models = append(c.prog.Models, a)
		}
		c.prog.Owner[a] = p.name
		if old := p.decls[a.Named()]; old != nil {
			at := old.ast.At()
			c.errorf(a.At(), "%s.%s is declared twice: first at %s:%d", p.name, a.Named(), at.File, at.Line)
			continue
		}
		p.decls[a.Named()] = d
	}
	return out
}

// resolve checks a format or an op, once; an op that calls itself is a cycle.
func (c *checker) resolve(d *decl) {
	switch d.state {
	case 1:
		c.errorf(d.ast.At(), "%s.%s is defined by itself: break the cycle", d.pkg.name, d.ast.Named())
		return
	case 2:
		return
	}
	d.state = 1
	switch a := d.ast.(type) {
	case *grammar.Format:
		d.fmt = c.format(d, a)
		c.prog.Formats = append(c.prog.Formats, d.fmt)
	case *grammar.Op:
		d.op = c.op(d, a)
		c.prog.Ops = append(c.prog.Ops, d.op)
	}
	d.state = 2
}

// attach adds kernels and schedules to their ops.
func (c *checker) attach(d *decl) {
	switch a := d.ast.(type) {
	case *grammar.Kernel:
		if target := c.lookup(d, a.Op); target != nil {
			c.kernel(d, a, target)
		}
	case *grammar.Schedule:
		if target := c.lookup(d, a.Op); target != nil {
			c.schedule(d, a, target)
		}
	}
}

// lookup finds a declaration by its path, and counts the import as used.
func (c *checker) lookup(from *decl, path *grammar.Path) *decl {
	p := from.pkg
	if path.Package != "" {
		i := slices.IndexFunc(from.file.Imports, func(n *grammar.Name) bool { return n.Text == path.Package })
		if i < 0 {
			var names []string
			for _, n := range from.file.Imports {
				names = append(names, n.Text)
			}
			c.suggest(path.Pos, path.Package, names, "package %s is not imported", path.Package)
			return nil
		}
		c.used[from.file.Imports[i]] = true
		if p = c.prog.packages[path.Package]; p == nil {
			return nil // said by imports
		}
	}
	d := p.decls[path.Text]
	if d == nil {
		var names []string
		for n := range p.decls {
			names = append(names, n)
		}
		c.suggest(path.Pos, path.Text, names, "%s has no declaration %s", p.name, path.Text)
		return nil
	}
	return d
}

func (c *checker) imports(f *grammar.File) {
	for _, n := range f.Imports {
		var known []string
		for name := range c.prog.packages {
			known = append(known, name)
		}
		switch {
		case c.prog.packages[n.Text] == nil:
			c.suggest(n.Pos, n.Text, known, "there is no package %s", n.Text)
		case !c.used[n] && !c.usesInLayers(f, n.Text):
			c.errorf(n.Pos, "import %s is not used", n.Text)
		}
	}
}
