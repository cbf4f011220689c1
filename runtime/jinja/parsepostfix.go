package jinja

import "slices"

// postfix parses what follows a primary: .name .0 [key] (args).
func (p *parser) postfix(x expr) expr {
	for {
		at := p.at()
		switch {
		case p.op("."):
			t := p.next()
			switch t.kind {
			case tokName:
				x = &attrExpr{at, x, t.text}
			case tokInteger:
				x = &itemExpr{at, x, &constExpr{at, integer(t)}}
			default:
				fail(t.at, "expected a name or a number after '.', found %v", t)
			}
		case p.op("["):
			x = &itemExpr{at, x, p.subscript(at)}
		case p.cur().isOp("("):
			x = &callExpr{at, x, p.args()}
		default:
			return x
		}
	}
}

// subscript parses the inside of [ ]; several keys are a tuple.
func (p *parser) subscript(at at) expr {
	var keys []expr
	for !p.op("]") {
		if len(keys) > 0 {
			p.expectOp(",")
		}
		keys = append(keys, p.key())
	}
	if len(keys) == 1 {
		return keys[0]
	}
	return &seqExpr{at, true, keys}
}

// key is an expression or a slice start:stop:step.
func (p *parser) key() expr {
	n := &sliceExpr{at: p.at()}
	if !p.cur().isOp(":") {
		n.bounds[0] = p.expression()
		if !p.cur().isOp(":") {
			return n.bounds[0]
		}
	}
	for i := 1; i < 3 && p.op(":"); i++ {
		if !p.cur().isOp(":", "]", ",") {
			n.bounds[i] = p.expression()
		}
	}
	return n
}

// filterOrTest parses the |filters and "is" tests after an expression.
func (p *parser) filterOrTest(x expr) expr {
	for {
		at := p.at()
		switch {
		case p.cur().isOp("|"):
			x = p.filters(x, false)
		case p.word("is"):
			x = p.test(at, x)
		case p.cur().isOp("("):
			x = &callExpr{at, x, p.args()}
		default:
			return x
		}
	}
}

// filters parses |a|b(…); inline, the first stands without its bar.
func (p *parser) filters(x expr, inline bool) expr {
	for inline || p.op("|") {
		inline = false
		n := &filterExpr{at: p.at(), x: x, name: p.dotted()}
		if p.cur().isOp("(") {
			n.args = p.args()
		}
		x = n
	}
	return x
}

func (p *parser) dotted() string {
	name := p.expectName()
	for p.op(".") {
		name += "." + p.expectName()
	}
	return name
}

func (p *parser) test(at at, x expr) expr {
	negated := p.word("not")
	n := &testExpr{at: at, x: x, name: p.dotted()}
	t := p.cur()
	switch {
	case t.isOp("("):
		n.args = p.args()
	case t.isOp("[", "{") || t.kind == tokString || t.kind == tokInteger || t.kind == tokFloat,
		t.kind == tokName && !slices.Contains([]string{"else", "or", "and"}, t.text):
		if t.text == "is" && t.kind == tokName {
			fail(t.at, "tests can't be chained with 'is'")
		}
		n.args.pos = []expr{p.postfix(p.primary())}
	}
	if negated {
		return &unaryExpr{at, "not", n}
	}
	return n
}

// args parses (a, b, name=c, *list, **dict).
func (p *parser) args() (a callArgs) {
	p.expectOp("(")
	for first := true; !p.op(")"); first = false {
		if !first {
			p.expectOp(",")
			if p.op(")") {
				break
			}
		}
		at := p.cur().at
		ok := a.dict == nil
		switch {
		case p.op("*"):
			ok = ok && a.list == nil
			a.list = p.expression()
		case p.op("**"):
			a.dict = p.expression()
		case p.cur().kind == tokName && p.peek().isOp("="):
			a.names = append(a.names, p.next().text)
			p.next()
			a.values = append(a.values, p.expression())
		default:
			ok = ok && a.list == nil && a.names == nil
			a.pos = append(a.pos, p.expression())
		}
		if !ok {
			fail(at, "this argument can't stand after those before it")
		}
	}
	return a
}
