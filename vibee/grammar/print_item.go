package grammar

func (p *printer) item(x Item) {
	switch x := x.(type) {
	case *Field:
		g := cat(2, "field ", p.name(x.Name), " : ", p.name(x.Elem))
		if len(x.Dims) > 0 {
			g.add(inside("[", p.exprs(x.Dims), "]"))
		}
		p.print(g)
	case *Tail:
		var fields []member
		for _, f := range x.Fields {
			fields = append(fields, member{f.Pos, func() { p.item(f) }})
		}
		p.body(cat(4, "tail ", p.expr(x.Bytes)), fields, x.End)
	case *Table:
		p.table(x)
	case *Code:
		p.equation(cat(0, "code ", p.name(x.Name), "[", list(0, x.Index, p.index), "] : ", p.name(x.Type)), x.Value)
	case *Decode:
		p.equation(cat(0, "decode[", list(0, x.Index, p.index), "]"), x.Value)
	case *Sums:
		parts := []any{"sums ", p.name(x.Field), " by ", p.expr(x.By)}
		if x.Times != nil {
			sign := ""
			if x.Minus {
				sign = "-"
			}
			parts = append(parts, " times ", sign, p.expr(x.Times))
		}
		p.line(parts...)
	case *Encode:
		p.body(cat(4, "encode(", p.name(x.Param), ")"), p.entries(x.Body), x.End)
	case *Pack:
		p.body(cat(4, "pack(", p.name(x.Param), ")"), p.entries(x.Body), x.End)
	case *Let:
		g := cat(0, "let ", list(0, x.Names, p.name))
		if x.Indexed {
			g.add(inside("[", list(0, x.Index, p.index), "]"))
		}
		if x.Type != nil {
			g.add(cat(0, " : ", p.name(x.Type)))
		}
		p.equation(g, x.Value)
	case *Assign:
		p.equation(p.target(x.Target), x.Value)
	case *Do:
		p.line(p.call(x.Call))
	case *Relax:
		p.line("relax ", list(0, x.Items, p.call))
	case *Order:
		p.line("order ", list(0, x.Items, p.choices))
	case *Tolerate:
		g := cat(2, "tolerate ")
		if x.Out != nil {
			g.add(p.name(x.Out))
			g.add(plain(" : "))
		}
		g.add(p.expr(x.Value))
		p.print(g)
	case *Weight:
		g := cat(2, "weight ", p.name(x.Name), " : ", p.typ(x.Type))
		if x.Optional {
			g.add(plain("?"))
		}
		g.add(gapDoc)
		g.add(p.key(x.Tensor))
		if x.Else != nil {
			g = cat(2, g, gapDoc, "else ", p.expr(x.Else))
		}
		p.print(g)
	case *State:
		p.line("state ", p.name(x.Name), " : ", p.typ(x.Type))
	case *Config:
		p.config(x)
	case *Ignore:
		p.line("ignore ", list(0, x.Names, p.text))
	case *Assume:
		p.line("assume ", list(0, x.Names, p.text))
	case *Require:
		g := cat(2, "require ", p.expr(x.Cond))
		if x.Message != nil {
			g = cat(2, g, gapDoc, "else ", p.text(x.Message))
		}
		p.print(g)
	case *Forward:
		g := cat(4, "forward", inside("(", list(0, x.Params, p.param), ")"))
		p.outs(g, x.Outs)
		p.body(g, p.entries(x.Body), x.End)
	case *Repeat:
		p.body(cat(4, "repeat ", p.name(x.Var), " in ", p.between(x.Lo, x.Hi)), p.entries(x.Body), x.End)
	case *Pass:
		if x.One != nil {
			p.lead = "pass "
			p.item(x.One)
			break
		}
		p.body(cat(4, "pass"), p.entries(x.Body), x.End)
	case *Expect:
		p.line("expect ", p.expr(x.Value))
	}
}

func (p *printer) equation(left *doc, value Expr) {
	p.line(left, " =", gapDoc, p.expr(value))
}

// target prints what an equation defines; a subscript of sum is none of a reduction here.
func (p *printer) target(x Expr) *doc {
	if s, ok := x.(*Subscript); ok {
		base := p.bare(s.X)
		return cat(0, base, inside("[", p.exprs(s.Index), "]"))
	}
	return p.bare(x)
}

func (p *printer) choices(o *OrderItem) *doc {
	g := cat(0)
	for i, c := range o.Choices {
		if i > 0 {
			g.add(gapDoc)
			g.add(plain("else "))
		}
		g.add(p.call(c))
	}
	return g
}

func (p *printer) key(t *Text) *doc { return cat(0, "@gguf(", p.text(t), ")") }

func (p *printer) config(x *Config) {
	g := cat(2, "config ", p.name(x.Name), " : ", p.name(x.Type))
	if x.Array != nil {
		g.add(inside("[", cat(0, p.expr(x.Array)), "]"))
	}
	if x.Key != nil {
		g.add(plain(" "))
		g.add(p.key(x.Key))
	}
	if x.Value != nil {
		g = cat(2, g, " =", gapDoc, p.expr(x.Value))
	}
	p.print(g)
}

// table prints the values between the braces where they fit on the line, else below.
func (p *printer) table(x *Table) {
	g := cat(2, "table ", p.name(x.Name), " : ", p.name(x.Elem), inside("[", cat(0, p.expr(x.Len)), "]"), " = {")
	values := p.exprs(x.Values)
	trailing := len(p.comments) > 0 && before(p.comments[0].Pos, x.End.Pos)
	if !trailing && p.w.indent+g.width+values.width+4 <= margin {
		p.line(g, " ", values, " }")
		return
	}
	p.print(g)
	p.w.indent += 2
	p.w.print(values, false, 0)
	p.w.newline(1)
	p.rest(x.End.Pos)
	p.w.indent -= 2
	p.line("}")
}

func (p *printer) step(s *Step) {
	g := cat(2, s.Kind, " ", list(0, s.Names, p.name))
	if s.By != nil {
		g.add(cat(0, " by ", p.expr(s.By)))
	}
	if s.Along != nil {
		g.add(cat(0, " along ", p.name(s.Along)))
	}
	p.print(g)
}
