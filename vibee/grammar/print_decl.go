package grammar

import "slices"

func (p *printer) declaration(d Decl) {
	var h *Head
	switch d := d.(type) {
	case *Format:
		h = &d.Head
	case *Op:
		h = &d.Head
	case *Kernel:
		h = &d.Head
	case *Schedule:
		h = &d.Head
	case *Layer:
		h = &d.Head
	case *Model:
		h = &d.Head
	case *Property:
		h = &d.Head
	}
	p.apart = true
	at := h.Pos
	if len(h.Doc) > 0 {
		at = Pos{Line: h.DocLine, Col: 1}
	}
	p.before(at)
	for _, line := range h.Doc {
		if line != "" {
			line = " " + line
		}
		p.w.word("///" + line)
		p.w.newline(1)
	}
	switch d := d.(type) {
	case *Format:
		p.format(d)
	case *Op:
		p.body(p.signature("op ", h, d.Params, d.Outs, d.Host, d.Where), p.entries(d.Body), d.End)
	case *Kernel:
		g := cat(4, "kernel ", p.name(h.Name), " implements ", p.path(d.Op), p.targets(d.For))
		p.body(g, p.entries(d.Body), d.End)
	case *Schedule:
		g := cat(4, "schedule ", p.path(d.Op), p.targets(d.For))
		if d.When != nil {
			g = cat(4, g, gapDoc, "when ", p.expr(d.When))
		}
		var steps []member
		for _, s := range d.Steps {
			steps = append(steps, member{s.Pos, func() { p.step(s) }})
		}
		p.body(g, steps, d.End)
	case *Layer:
		p.body(p.signature("layer ", h, d.Params, d.Outs, nil, d.Where), p.entries(d.Body), d.End)
	case *Model:
		g := cat(4, "model ", p.name(h.Name), " @arch(", p.text(d.Arch), ")")
		entries := p.entries(d.Body)
		if d.Forward != nil {
			entries = append(entries, member{d.Forward.Pos, func() { p.item(d.Forward) }})
		}
		p.body(g, inOrder(entries), d.End)
	case *Property:
		p.body(p.signature("property ", h, d.Params, nil, nil, d.Where), p.entries(d.Body), d.End)
	}
}

// inOrder puts entries where the source has them.
func inOrder(entries []member) []member {
	slices.SortStableFunc(entries, func(a, b member) int { return comparePos(a.pos, b.pos) })
	return entries
}

func (p *printer) format(f *Format) {
	g := cat(4, "format ", p.name(f.Name))
	if len(f.Params) > 0 {
		g.add(inside("(", list(0, f.Params, p.param), ")"))
	}
	g.add(plain(" : " + f.Kind))
	g.add(inside("[", p.exprs(f.Size), "]"))
	if f.Of != nil {
		g.add(cat(0, " of ", p.name(f.Of)))
	}
	if f.Packs != nil {
		g.add(cat(0, " packs ", p.path(f.Packs)))
	}
	var entries []member
	if n := f.Bytes; n != nil {
		entries = append(entries, member{n.Pos, func() { p.line("bytes ", p.expr(n)) }})
	}
	if n := f.GGUF; n != nil {
		entries = append(entries, member{n.Pos, func() { p.line("gguf ", p.expr(n)) }})
	}
	for _, x := range f.Fields {
		entries = append(entries, member{x.Pos, func() { p.item(x) }})
	}
	if f.Tail != nil {
		entries = append(entries, member{f.Tail.Pos, func() { p.item(f.Tail) }})
	}
	p.body(g, inOrder(append(entries, p.entries(f.Body)...)), f.End)
}

func (p *printer) signature(keyword string, h *Head, params, outs []*Param, host *Text, where []Expr) *doc {
	g := cat(4, keyword, p.name(h.Name), inside("(", list(0, params, p.param), ")"))
	p.outs(g, outs)
	if host != nil {
		g.add(gapDoc)
		g.add(cat(0, "@host(", p.text(host), ")"))
	}
	if len(where) > 0 {
		g.add(gapDoc)
		g.add(plain("where "))
		g.add(p.exprs(where))
	}
	return g
}

func (p *printer) outs(g *doc, outs []*Param) {
	if len(outs) > 0 {
		g.add(gapDoc)
		g.add(plain("-> "))
		g.add(list(0, outs, p.param))
	}
}

func (p *printer) targets(names []*Name) *doc {
	if len(names) == 0 {
		return nil
	}
	return cat(0, " for ", list(0, names, p.name))
}

func (p *printer) param(x *Param) *doc {
	inout := ""
	if x.InOut {
		inout = "inout "
	}
	g := cat(0, inout, p.name(x.Name), ": ", p.typ(x.Type))
	d := x.Domain
	switch {
	case d == nil:
	case d.Set != nil:
		g = cat(0, g, " in ", inside("{", p.exprs(d.Set), "}"))
	case d.Magnitude:
		g = cat(0, g, " in magnitude ", p.between(d.Lo, d.Hi))
	default:
		if id, ok := leftmost(d.Lo).(*Ident); ok && id.Text == "magnitude" && id != d.Lo {
			p.guarded = id
		}
		g = cat(0, g, " in ", p.between(d.Lo, d.Hi))
	}
	return g
}

// leftmost is the expression with whose first token x begins, where no parenthesis does.
func leftmost(x Expr) Expr {
	switch y := x.(type) {
	case *Binary:
		if !y.Parens {
			return leftmost(y.X)
		}
	case *Subscript:
		return leftmost(y.X)
	case *Member:
		return leftmost(y.X)
	case *Call:
		return leftmost(y.Fun)
	case *Reshape:
		return leftmost(y.X)
	}
	return x
}

func (p *printer) typ(t *Type) *doc {
	g := cat(0, p.path(t.Path))
	if len(t.Args) > 0 {
		g.add(inside("(", p.exprs(t.Args), ")"))
	}
	if t.HasDims {
		g.add(inside("[", p.exprs(t.Dims), "]"))
	}
	return g
}

func (p *printer) path(x *Path) *doc {
	if x.Package != "" {
		return p.here(x.Pos, x.Package+"."+x.Text)
	}
	return p.here(x.Pos, x.Text)
}
