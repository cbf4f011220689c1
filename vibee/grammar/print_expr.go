package grammar

import "slices"

// here gives what stands at pos, after the comments before it.
func (p *printer) here(pos Pos, s string) *doc {
	d := plain(s)
	if len(p.comments) == 0 || !before(p.comments[0].Pos, pos) {
		return d
	}
	g := cat(0)
	for len(p.comments) > 0 && before(p.comments[0].Pos, pos) {
		c := p.comments[0]
		p.comments = p.comments[1:]
		g.add(&doc{kind: remark, text: c.Text, own: c.Own, width: never})
	}
	g.add(d)
	return g
}

func (p *printer) name(n *Name) *doc {
	if n == nil {
		return nil
	}
	return p.here(n.Pos, n.Text)
}

// list joins docs by commas.
func list[T any](indent int, xs []T, print func(T) *doc) *doc {
	g := cat(indent)
	for i, x := range xs {
		if i > 0 {
			g.add(gapDoc)
		}
		d := print(x)
		if i < len(xs)-1 {
			d = cat(0, d, ",")
		}
		g.add(d)
	}
	return g
}

// inside is a list in brackets, which may be broken after the first.
func inside(open string, l *doc, end string) *doc {
	if len(l.parts) > 0 {
		l.parts = append([]*doc{jointDoc}, l.parts...)
	}
	l.indent = 2
	return cat(0, open, l, end)
}

func (p *printer) expr(x Expr) *doc { return p.operand(x, 0) }

func (p *printer) exprs(xs []Expr) *doc { return list(0, xs, p.expr) }

// operand is x where operators of that precedence, or tighter, need no parentheses.
func (p *printer) operand(x Expr, least int) *doc {
	level, parens := postfix, false
	switch x := x.(type) {
	case *Binary:
		level, parens = precedence[x.Op], x.Parens
	case *Unary:
		level = unary
	case *If: // what follows needs none, but a reader does
		level = 0
	case *Reshape:
		level = power
	}
	if parens || level < least {
		return inside("(", cat(0, p.bare(x)), ")")
	}
	return p.bare(x)
}

func (p *printer) bare(x Expr) *doc {
	switch x := x.(type) {
	case *Number:
		return p.here(x.Pos, x.Text)
	case *Text:
		return p.text(x)
	case *Ident:
		if x == p.guarded {
			return p.here(x.Pos, "("+x.Text+")")
		}
		return p.here(x.Pos, x.Text)
	case *Member:
		return cat(0, p.operand(x.X, postfix), ".", x.Name.Text)
	case *Subscript:
		if id, ok := x.X.(*Ident); ok && slices.Contains(reductions, id.Text) {
			p.guarded = id
		}
		base := p.operand(x.X, postfix)
		return cat(0, base, inside("[", p.exprs(x.Index), "]"))
	case *Call:
		return p.call(x)
	case *Unary:
		op := p.here(x.Pos, x.Op)
		return cat(0, op, p.operand(x.X, unary))
	case *Binary:
		return p.binary(x)
	case *If:
		return p.conditional(x)
	case *Reduce:
		kind := p.here(x.Pos, x.Kind)
		indices := inside("[", list(0, x.Index, p.index), "]")
		as := ""
		if x.As != nil {
			as = " as " + x.As.Text + " "
		}
		return cat(0, kind, indices, as, inside("(", cat(0, p.expr(x.Body)), ")"))
	case *Reshape:
		base := p.operand(x.X, postfix)
		return cat(0, base, inside(" as [", p.exprs(x.Dims), "]"))
	}
	return nil
}

func (p *printer) call(x *Call) *doc {
	fun := p.bare(x.Fun)
	return cat(0, fun, inside("(", list(0, x.Args, p.arg), ")"))
}

func (p *printer) arg(a *Arg) *doc {
	if a.Name == nil {
		return p.expr(a.Value)
	}
	name := p.name(a.Name)
	if id, ok := a.Value.(*Ident); ok && id.Text == a.Name.Text {
		return cat(0, name, ":")
	}
	return cat(0, name, ": ", p.expr(a.Value))
}

// binary prints a chain of operators of one precedence as one group.
func (p *printer) binary(x *Binary) *doc {
	level := precedence[x.Op]
	if level == power {
		left := p.operand(x.X, postfix)
		return cat(0, left, "^", p.operand(x.Y, unary))
	}
	chain := []*Binary{x}
	for level != comparison {
		left, ok := chain[len(chain)-1].X.(*Binary)
		if !ok || left.Parens || precedence[left.Op] != level {
			break
		}
		chain = append(chain, left)
	}
	slices.Reverse(chain)
	g := cat(0, p.operand(chain[0].X, level+1))
	for _, b := range chain {
		g.add(plain(" " + b.Op))
		g.add(gapDoc)
		g.add(p.operand(b.Y, level+1))
	}
	return g
}

func (p *printer) conditional(x *If) *doc {
	braced := func(x Expr) *doc { return cat(2, "{", gapDoc, p.expr(x), " }") }
	g := &doc{kind: group, all: true}
	for {
		g.add(p.here(x.Pos, "if "))
		g.add(p.expr(x.Cond))
		g.add(plain(" "))
		g.add(braced(x.Then))
		g.add(gapDoc)
		g.add(plain("else "))
		next, ok := x.Else.(*If)
		if !ok {
			g.add(braced(x.Else))
			return g
		}
		x = next
	}
}

func (p *printer) index(i *Index) *doc {
	name := p.name(i.Name)
	if i.Lo == nil {
		return name
	}
	return cat(0, name, " in ", p.between(i.Lo, i.Hi))
}

func (p *printer) between(lo, hi Expr) *doc {
	from := p.expr(lo)
	return cat(0, from, " ..", gapDoc, p.expr(hi))
}

func (p *printer) text(t *Text) *doc { return p.here(t.Pos, `"`+escape.Replace(t.Value)+`"`) }
