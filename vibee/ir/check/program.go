package check

import (
	"fmt"
	"slices"
	"strings"

	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// Program is the meaning of a set of files.
type Program struct {
	Files   []*grammar.File
	Formats []*spec.Format // blocks and pages, by package and name
	Ops     []*spec.Op
	Layers  map[string]*grammar.Layer // by full name
	Models  []*grammar.Model
	// Properties are claims about the ops, by package and name.
	Properties []*spec.Property
	// Owner is the package of a layer or model.
	Owner map[grammar.Decl]string
	// Broken are the full names of what has errors; it is left out of the lists above.
	Broken map[string]bool

	packages map[string]*pkg
}

type pkg struct {
	name   string
	decls  map[string]*decl
	claims map[string]*grammar.Property // by name
}

type decl struct {
	pkg    *pkg
	file   *grammar.File
	ast    grammar.Decl
	op     *spec.Op
	fmt    *spec.Format
	state  int  // 0 untouched, 1 being checked, 2 done
	broken bool // it has errors, or uses what has
}

type checker struct {
	prog  *Program
	errs  grammar.Errors
	hosts map[string]*spec.Op    // by the names that the program around the models knows
	used  map[*grammar.Name]bool // imports
	open  []*decl                // that are being checked, each for the one before
}

// Check resolves and types all declarations of files. The error is grammar.Errors, with the offending
// lines; beside it stands the Program of what is right.
func Check(files []*grammar.File) (*Program, error) {
	c := &checker{
		prog: &Program{Files: files, Layers: map[string]*grammar.Layer{}, Owner: map[grammar.Decl]string{},
			Broken: map[string]bool{}, packages: map[string]*pkg{}},
		used: map[*grammar.Name]bool{}, hosts: map[string]*spec.Op{},
	}
	var all []*decl
	for _, f := range files {
		all = append(all, c.declare(f)...)
	}
	for _, d := range all {
		c.resolve(d, d.ast.At())
	}
	for _, d := range all {
		if k, ok := d.ast.(*grammar.Kernel); ok {
			c.attach(d, k.Op, func(target *decl) { c.kernel(d, k, target) })
		}
	}
	understood := map[*decl]bool{}
	for _, d := range all {
		understood[d] = !d.broken
	}
	for _, d := range all { // schedules name the indices of kernels too
		if s, ok := d.ast.(*grammar.Schedule); ok {
			c.attach(d, s.Op, func(target *decl) {
				if understood[target] {
					c.schedule(s, target)
				}
			})
		}
	}
	c.cases(all)
	c.collisions(all)
	for _, d := range all {
		c.collect(d)
	}
	for _, d := range all {
		if a, ok := d.ast.(*grammar.Property); ok {
			c.property(d, a)
		}
	}
	c.imports(files)
	if len(c.errs) > 0 {
		return c.prog, c.errs.Sorted().Quote(files)
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
		switch a := a.(type) {
		case *grammar.Schedule:
			out = append(out, d)
			continue
		case *grammar.Property:
			out = append(out, d)
			c.declareProperty(p, a)
			continue
		}
		if old := p.decls[a.Named()]; old != nil {
			at := old.ast.At()
			c.errorf(a.At(), "%s.%s is declared twice: first at %s:%d", p.name, a.Named(), at.File, at.Line)
			continue
		}
		p.decls[a.Named()] = d
		out = append(out, d)
		c.prog.Owner[a] = p.name
		switch a := a.(type) {
		case *grammar.Layer:
			c.noDomains(append(slices.Clone(a.Params), a.Outs...))
			c.prog.Layers[p.name+"."+a.Named()] = a
		case *grammar.Model:
			c.noDomains(append(slices.Clone(a.Forward.Params), a.Forward.Outs...))
			c.prog.Models = append(c.prog.Models, a)
		}
	}
	return out
}

// resolve checks a format or an op, once, for a use at pos; an op that calls itself is a cycle.
func (c *checker) resolve(d *decl, pos grammar.Pos) {
	switch d.state {
	case 1:
		var way []string
		for _, o := range append(c.open[slices.Index(c.open, d):], d) {
			way = append(way, o.pkg.name+"."+o.ast.Named())
		}
		c.errorf(pos, "%s is defined by itself: %s", way[0], strings.Join(way, " → "))
		d.broken = true
		return
	case 2:
		return
	}
	d.state = 1
	c.open = append(c.open, d)
	defer func() { c.open = c.open[:len(c.open)-1] }()
	before := len(c.errs)
	switch a := d.ast.(type) {
	case *grammar.Format:
		d.fmt = c.format(d, a)
	case *grammar.Op:
		d.op = c.op(d, a)
	}
	d.broken = d.broken || len(c.errs) > before
	d.state = 2
}

// attach adds a kernel or a schedule to its op.
func (c *checker) attach(d *decl, path *grammar.Path, add func(op *decl)) {
	target := c.lookup(d, path)
	switch {
	case target == nil:
	case target.op == nil:
		c.errorf(path.Pos, "%s is no op", path.Text)
	case target.op.Scalar():
		c.errorf(path.Pos, "%s is an op on single values: it has no loops of its own", path.Text)
	default:
		before := len(c.errs)
		add(target)
		target.broken = target.broken || d.broken || len(c.errs) > before
	}
}

// collect lists what is right.
func (c *checker) collect(d *decl) {
	switch {
	case d.broken:
		c.prog.Broken[d.pkg.name+"."+d.ast.Named()] = true
	case d.fmt != nil:
		c.prog.Formats = append(c.prog.Formats, d.fmt)
	case d.op != nil:
		c.prog.Ops = append(c.prog.Ops, d.op)
	}
}

// collisions finds what has to differ in all packages: the names and the numbers of formats, the
// names and the architectures of models.
func (c *checker) collisions(all []*decl) {
	names, numbers, models, archs := map[string]*decl{}, map[int]*decl{}, map[string]*decl{}, map[string]*decl{}
	spelled := map[string]*decl{}
	for _, d := range all {
		switch a := d.ast.(type) {
		case *grammar.Op:
			plain := d.pkg.name + "." + strings.ToLower(strings.ReplaceAll(a.Named(), "_", ""))
			if old := spelled[plain]; old != nil {
				c.errorf(a.Name.Pos, "ops %s and %s differ by case and underscores alone", old.ast.Named(), a.Named())
			}
			spelled[plain] = d
		case *grammar.Format:
			if old := names[a.Named()]; old != nil {
				c.errorf(a.Name.Pos, "package %s has a format %s already: kernels are named after formats", old.pkg.name, a.Named())
			}
			names[a.Named()] = d
			if a.GGUF == nil || d.fmt == nil {
				continue
			}
			if old := numbers[d.fmt.GGUF]; old != nil {
				c.errorf(a.GGUF.Pos, "format %s has the number %d already", old.ast.Named(), d.fmt.GGUF)
			}
			numbers[d.fmt.GGUF] = d
		case *grammar.Model:
			if old := models[a.Named()]; old != nil {
				c.errorf(a.Name.Pos, "package %s has a model %s already: plans are named after models", old.pkg.name, a.Named())
			}
			models[a.Named()] = d
			if old := archs[a.Arch.Value]; old != nil {
				c.errorf(a.Arch.Pos, "model %s is of the architecture %q already", old.ast.Named(), a.Arch.Value)
			}
			archs[a.Arch.Value] = d
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
			from.broken = true // said by imports
			return nil
		}
	}
	d := p.decls[path.Text]
	if d == nil {
		var names []string
		for n := range p.decls {
			names = append(names, n)
		}
		c.suggest(path.Pos, path.Text, names, "package %s has no declaration %s", p.name, path.Text)
		return nil
	}
	return d
}
