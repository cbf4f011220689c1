package jinja

import "slices"

// statement parses a tag from its name to just before its last "%}".
func (p *parser) statement() stmt {
	at, open := p.at(), p.cur().at
	switch name := p.expectName(); name {
	case "if":
		return p.parseIf(at)
	case "for":
		return p.parseFor(at)
	case "set":
		return p.parseSet(at)
	case "macro":
		return p.parseMacro(at)
	case "call":
		return p.parseCall(at)
	case "filter":
		f := p.filters(nil, true)
		return &filterStmt{at, f, p.block(open, "endfilter")}
	case "with":
		return p.parseWith(at)
	case "print":
		return p.parsePrint(at)
	case "generation":
		m := &macroCode{}
		p.macroBody(m, open, "endgeneration")
		return &withStmt{at: at, body: m.body}
	case "block":
		return p.parseBlock(at)
	case "break", "continue":
		if p.loops == 0 {
			fail(open, "'%s' outside of a loop", name)
		}
		return &jumpStmt{at, map[string]signal{"break": breaks, "continue": continues}[name]}
	case "include", "import", "from", "extends":
		fail(open, "'%s' reads another template: a chat template stands alone", name)
	default:
		fail(open, "unknown tag '%s'", name)
	}
	return nil
}

func (p *parser) parsePrint(at at) stmt {
	n := &withStmt{at: at}
	for {
		n.body = append(n.body, &outputStmt{p.at(), p.expression()})
		if !p.op(",") {
			return n
		}
	}
}

func (p *parser) parseIf(at at) stmt {
	n := &ifStmt{at: at}
	for {
		n.tests = append(n.tests, p.tuple(false))
		p.expectKind(tokBlockEnd)
		body, end := p.body(int(at), "elif", "else", "endif")
		n.bodies = append(n.bodies, body)
		switch end {
		case "else":
			n.bodies = append(n.bodies, p.block(int(at), "endif"))
			return n
		case "endif":
			return n
		}
	}
}

func (p *parser) parseFor(at at) stmt {
	n := &forStmt{at: at, target: p.target("in")}
	if !p.word("in") {
		fail(p.cur().at, "expected 'in', found %v", p.cur())
	}
	n.iter = p.tuple(false, "recursive")
	if p.word("if") {
		n.test = p.expression()
	}
	n.recursive = p.word("recursive")
	p.expectKind(tokBlockEnd)
	p.loops++
	body, end := p.body(int(at), "else", "endfor")
	p.loops--
	n.body = body
	if end == "else" {
		n.none = p.block(int(at), "endfor")
	}
	return n
}

func (p *parser) parseSet(at at) stmt {
	target := p.target()
	if p.op("=") {
		return &setStmt{at, target, p.tuple(true)}
	}
	n := &setBlockStmt{at: at, target: target}
	if p.cur().isOp("|") {
		n.filter = p.filters(nil, false)
	}
	n.body = p.block(int(at), "endset")
	return n
}

func (p *parser) parseWith(at at) stmt {
	n := &withStmt{at: at}
	for p.cur().kind != tokBlockEnd {
		if len(n.targets) > 0 {
			p.expectOp(",")
		}
		n.targets = append(n.targets, p.target())
		p.expectOp("=")
		n.values = append(n.values, p.expression())
	}
	n.body = p.block(int(at), "endwith")
	return n
}

// parseBlock takes a named block for a scope: there is no template to inherit from.
func (p *parser) parseBlock(at at) stmt {
	p.expectName()
	for p.word("scoped") || p.word("required") {
	}
	n := &withStmt{at: at}
	p.expectKind(tokBlockEnd)
	n.body, _ = p.body(int(at), "endblock")
	if p.cur().kind == tokName {
		p.next()
	}
	return n
}

func (p *parser) parseMacro(at at) stmt {
	m := &macroCode{name: p.assignable()}
	p.signature(m)
	p.macroBody(m, int(at), "endmacro")
	return &macroStmt{at, m}
}

func (p *parser) parseCall(at at) stmt {
	m := &macroCode{name: "caller"}
	if p.cur().isOp("(") {
		p.signature(m)
	}
	call, ok := p.expression().(*callExpr)
	if !ok {
		fail(int(at), "expected a call")
	}
	p.macroBody(m, int(at), "endcall")
	return &callStmt{at, m, call}
}

func (p *parser) signature(m *macroCode) {
	p.expectOp("(")
	for !p.op(")") {
		if len(m.params) > 0 {
			p.expectOp(",")
		}
		at := p.cur().at
		name := p.assignable()
		if slices.Contains(m.params, name) {
			fail(at, "parameter '%s' stands twice", name)
		}
		m.params = append(m.params, name)
		if p.op("=") {
			m.defaults = append(m.defaults, p.expression())
		} else if len(m.defaults) > 0 {
			fail(at, "a parameter without default follows one with a default")
		}
	}
}

func (p *parser) macroBody(m *macroCode, open int, end string) {
	loops := p.loops
	p.loops = 0
	p.macros = append(p.macros, m)
	m.body = p.block(open, end)
	p.macros = p.macros[:len(p.macros)-1]
	p.loops = loops
}
