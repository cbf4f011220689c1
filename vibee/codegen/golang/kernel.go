package golang

import (
	"fmt"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/loop/bf16"
	"github.com/trinity-engine/trinity/vibee/ir/loop/ranges"
	"github.com/trinity-engine/trinity/vibee/ir/loop/tiles"
)

// Functions names the functions of a plan.Kernel, and the list of its variants, "" for none.
type Functions struct{ Run, Work, Scratch, Variants string }

// VariantsName is the list of a kernel's variants, which another target declares.
func VariantsName(kernel string) string { return camel(kernel) + "Variants" }

// Kernel emits the functions of p and gives their names.
func (f *File) Kernel(p *loop.Program) (fn Functions, err error) {
	defer func() {
		if r := recover(); r != nil { // a fault of the emitter
			err = fmt.Errorf("golang: program %s: %v", p.Name, r)
		}
	}()
	if err := loop.Verify(p); err != nil {
		return Functions{}, fmt.Errorf("golang: %w", err)
	}
	p = bf16.Expand(tiles.Expand(p))
	pkg := f.pkg
	name := pkg.names.fresh(camel(p.Name))
	fn = Functions{Run: name, Work: pkg.names.fresh(name + "Work"), Scratch: pkg.names.fresh(name + "Scratch")}
	f.Add(runFunc(pkg, p, fn.Run), workFunc(pkg, p, fn.Work), scratchFunc(pkg, p, fn.Scratch))
	return fn, nil
}

// begin prepares a generator for p: reserved names and what is known of its parameters.
func begin(pkg *Package, p *loop.Program, body []loop.Stmt) (*gen, usage) {
	g := newGen(pkg)
	u := use(body)
	g.reads, g.sets = u.reads, u.sets
	for _, b := range append(p.Bufs[:len(p.Bufs):len(p.Bufs)], p.Temps...) {
		g.names.program[camel(b.Name)] = true
	}
	for _, d := range append(p.Dims[:len(p.Dims):len(p.Dims)], p.Scalars...) {
		g.names.program[camel(d.Name)] = true
	}
	loop.WalkStmts(body, func(s loop.Stmt) {
		switch s := s.(type) {
		case *loop.Def:
			g.names.program[camel(s.Var.Name)] = true
		case *loop.Open:
			g.names.program[camel(s.View.Name)] = true
		case *loop.For:
			g.names.program[camel(s.Var.Name)] = true
		}
	})
	for name := range pkg.names.taken { // a local name must not hide the package's
		g.names.taken[name] = true
	}
	for _, d := range p.Dims {
		g.ranges.Set(d, ranges.Natural)
	}
	g.ranges.Set(p.Lo, ranges.Natural)
	g.ranges.Set(p.Hi, ranges.Natural)
	return g, u
}

// simplify expands and prunes p's body.
func simplify(pkg *Package, p *loop.Program) []loop.Stmt {
	g, _ := begin(pkg, p, nil)
	return hoistFields(prune(g.expand(p.Body)))
}

func runFunc(pkg *Package, p *loop.Program, name string) jen.Code {
	stmts := simplify(pkg, p)
	for {
		g, code := emitRun(pkg, p, name, stmts)
		less, changed := g.without(stmts)
		if !changed {
			return code
		}
		stmts = prune(less)
	}
}

// emitRun emits p with stmts as its body.
func emitRun(pkg *Package, p *loop.Program, name string, stmts []loop.Stmt) (*gen, jen.Code) {
	g, u := begin(pkg, p, stmts)
	g.vars[p.Lo] = place{name: g.names.fresh(camel(p.Lo.Name))}
	g.vars[p.Hi] = place{name: g.names.fresh(camel(p.Hi.Name))}
	c, scratch := g.names.temp("call"), g.names.temp("scratch")
	for _, t := range p.Tables {
		if u.bufs[t] {
			g.bufs[t] = pkg.constantTable(t)
		}
	}
	for _, b := range append(p.Bufs[:len(p.Bufs):len(p.Bufs)], p.Temps...) {
		if u.bufs[b] {
			g.bufs[b] = g.names.fresh(camel(b.Name))
		}
	}
	for _, v := range append(p.Dims[:len(p.Dims):len(p.Dims)], p.Scalars...) {
		g.vars[v] = place{name: g.names.fresh(camel(v.Name))}
	}
	var body, carves, head []jen.Code
	g.block = &body
	g.stmts(stmts)
	for _, f := range g.atEnd {
		f()
	}
	g.block = &carves
	g.carve(p.Temps, scratch)
	g.block = &head
	for i, b := range p.Bufs {
		if g.usedBufs[b] {
			g.emit(jen.Id(g.bufs[b]).Op(":=").Qual(pkg.plan(), "View").Types(jen.Id(elemName(b))).Call(jen.Id(c).Dot("Buf").Index(jen.Id(intText(i)))).Add(shape(b)))
		}
	}
	g.params(p.Dims, c, "Dim")
	g.params(p.Scalars, c, "F")
	return g, doc(p, name).Line().Func().Id(name).Params(
		jen.Id(c).Op("*").Qual(pkg.plan(), "Call"),
		jen.List(jen.Id(g.vars[p.Lo].name), jen.Id(g.vars[p.Hi].name)).Id("int"),
		jen.Id(scratch).Index().Id("byte"),
	).Block(slices.Concat(head, carves, body)...)
}

// carve takes the temps that are used from scratch.
func (g *gen) carve(temps []*loop.Buf, scratch string) {
	temps = slices.DeleteFunc(slices.Clone(temps), func(t *loop.Buf) bool { return !g.usedBufs[t] })
	for i, t := range temps {
		rest := scratch
		if i == len(temps)-1 {
			rest = "_"
		}
		g.forget()
		size := g.eval(g.fold(t.Size), lane{}).to(kInt)
		g.emit(jen.List(jen.Id(g.bufs[t]), jen.Id(rest)).Op(":=").Qual(g.pkg.plan(), "Carve").Types(jen.Id(elemName(t))).Call(jen.Id(scratch), size.code).Add(shape(t)))
	}
}

// params binds the parameters that were used: `M, K := c.Dim[1], c.Dim[2]`.
func (g *gen) params(vars []*loop.Var, c, field string) {
	var names, values []jen.Code
	for i, v := range vars {
		if !g.usedVars[v] {
			continue
		}
		names = append(names, jen.Id(g.vars[v].name))
		values = append(values, jen.Id(c).Dot(field).Index(jen.Id(intText(i))))
	}
	if len(names) > 0 {
		g.emit(jen.List(names...).Op(":=").List(values...))
	}
}

func doc(p *loop.Program, name string) *jen.Statement {
	if len(p.Math) == 0 {
		return jen.Commentf("%s computes the items lo <= w < hi of %s.", name, p.Name)
	}
	return jen.Comment("// " + name + " computes, for its range of work items,\n//\n//\t" + strings.Join(p.Math, "\n//\t"))
}

// shape is a comment that tells b's shape.
func shape(b *loop.Buf) *jen.Statement {
	text := b.Shape
	switch {
	case b.Bytes && text != "":
		text += ", packed"
	case b.Elem == loop.MemF16 || b.Elem == loop.MemBF16:
		text = strings.TrimSpace(text + " " + b.Elem.String())
	}
	if text == "" {
		return jen.Null()
	}
	return jen.Comment(text)
}

// overDims emits a function of a call's dims.
func overDims(pkg *Package, p *loop.Program, name, about string, result func(*gen) *jen.Statement) jen.Code {
	g, _ := begin(pkg, p, nil)
	c := g.names.temp("call")
	for _, v := range p.Dims {
		g.vars[v] = place{name: g.names.fresh(camel(v.Name))}
	}
	var body, head []jen.Code
	g.block = &body
	g.emit(jen.Return(result(g)))
	g.block = &head
	g.params(p.Dims, c, "Dim")
	param := jen.Id(c).Op("*").Qual(pkg.plan(), "Call")
	if len(head) == 0 {
		param = jen.Op("*").Qual(pkg.plan(), "Call")
	}
	return jen.Comment(name + " " + about).Line().Func().Id(name).Params(param).Id("int").Block(append(head, body...)...)
}

func workFunc(pkg *Package, p *loop.Program, name string) jen.Code {
	return overDims(pkg, p, name, "is the number of work items.", func(g *gen) *jen.Statement {
		return g.eval(g.fold(p.Work), lane{}).to(kInt).code
	})
}

// scratchFunc sums the temps as plan.Carve takes them: each a multiple of 64 bytes.
func scratchFunc(pkg *Package, p *loop.Program, name string) jen.Code {
	u := use(simplify(pkg, p))
	var temps []*loop.Buf
	for _, t := range p.Temps {
		if u.bufs[t] {
			temps = append(temps, t)
		}
	}
	return overDims(pkg, p, name, "is the scratch memory of a call in bytes.", func(g *gen) *jen.Statement {
		var total loop.Expr = &loop.ConstInt{}
		for _, t := range temps {
			size := int64(1)
			if !t.Bytes {
				size = int64(t.Elem.Bytes())
			}
			var n loop.Expr = &loop.Binary{Op: loop.Mul, A: t.Size, B: &loop.ConstInt{V: size}}
			n = &loop.Binary{Op: loop.And, A: &loop.Binary{Op: loop.Add, A: n, B: &loop.ConstInt{V: 63}}, B: &loop.ConstInt{V: -64}}
			total = &loop.Binary{Op: loop.Add, A: total, B: n}
		}
		return g.eval(g.fold(total), lane{}).to(kInt).code
	})
}
