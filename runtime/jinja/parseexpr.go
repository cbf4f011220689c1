package jinja

import "slices"

// tuple parses expressions up to an end; a comma makes a tuple of them. With
// cond, each may be "a if b else c".
func (p *parser) tuple(cond bool, ends ...string) expr {
	at := p.at()
	items, tuple := p.items(cond, ends)
	switch {
	case tuple:
		return &seqExpr{at, true, items}
	case len(items) == 0:
		fail(int(at), "expected an expression, found %v", p.cur())
	}
	return items[0]
}

func (p *parser) items(cond bool, ends []string) (items []expr, tuple bool) {
	for !p.tupleEnds(ends) {
		if cond {
			items = append(items, p.expression())
		} else {
			items = append(items, p.or())
		}
		if !p.op(",") {
			break
		}
		tuple = true
	}
	return items, tuple
}

func (p *parser) tupleEnds(ends []string) bool {
	t := p.cur()
	switch t.kind {
	case tokVarEnd, tokBlockEnd:
		return true
	case tokName:
		return slices.Contains(ends, t.text)
	}
	return t.isOp(")")
}

// expression = or ["if" or ["else" expression]].
func (p *parser) expression() expr {
	p.enter()
	defer p.leave()
	x := p.or()
	for p.cur().is(tokName, "if") {
		n := &condExpr{at: p.at(), yes: x}
		p.next()
		n.test = p.or()
		if p.word("else") {
			n.no = p.expression()
		}
		x = n
	}
	return x
}

func (p *parser) or() expr  { return p.logic("or", p.and) }
func (p *parser) and() expr { return p.logic("and", p.not) }

func (p *parser) logic(op string, operand func() expr) expr {
	x := operand()
	for p.cur().is(tokName, op) {
		at := p.at()
		p.next()
		x = &binaryExpr{at, op, x, operand()}
	}
	return x
}

func (p *parser) not() expr {
	at := p.at()
	if !p.word("not") {
		return p.compare()
	}
	p.enter()
	defer p.leave()
	return &unaryExpr{at, "not", p.not()}
}

func (p *parser) compare() expr {
	n := &compareExpr{first: p.sum()}
	for {
		t := p.cur()
		switch {
		case t.isOp("==", "!=", "<", "<=", ">", ">="), t.is(tokName, "in"):
		case t.is(tokName, "not") && p.peek().is(tokName, "in"):
			p.next()
			t.text = "not in"
		default:
			if n.ops == nil {
				return n.first
			}
			return n
		}
		if n.ops == nil {
			n.at = at(t.at)
		}
		p.next()
		n.ops = append(n.ops, t.text)
		n.rest = append(n.rest, p.sum())
	}
}

func (p *parser) sum() expr     { return p.arithmetic(p.concat, "+", "-") }
func (p *parser) product() expr { return p.arithmetic(p.power, "*", "/", "//", "%") }

// power is left-associative, unlike Python's.
func (p *parser) power() expr {
	return p.arithmetic(func() expr { return p.unary(true) }, "**")
}

func (p *parser) arithmetic(operand func() expr, ops ...string) expr {
	x := operand()
	for p.cur().isOp(ops...) {
		t := p.next()
		x = &binaryExpr{at(t.at), t.text, x, operand()}
	}
	return x
}

func (p *parser) concat() expr {
	at := p.at()
	items := []expr{p.product()}
	for p.op("~") {
		items = append(items, p.product())
	}
	if len(items) == 1 {
		return items[0]
	}
	return &concatExpr{at, items}
}

// unary binds tighter than a filter: -x|abs is (-x)|abs.
func (p *parser) unary(filters bool) expr {
	p.enter()
	defer p.leave()
	var x expr
	if t := p.cur(); t.isOp("-", "+") {
		p.next()
		x = &unaryExpr{at(t.at), t.text, p.unary(false)}
	} else {
		x = p.primary()
	}
	x = p.postfix(x)
	if filters {
		x = p.filterOrTest(x)
	}
	return x
}
