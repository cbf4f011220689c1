package jinja

var keywordValues = map[string]Value{
	"true": Bool(true), "True": Bool(true), "false": Bool(false), "False": Bool(false),
	"none": None, "None": None,
}

// assignable is a name that may be given a value.
func (p *parser) assignable() string {
	at := p.cur().at
	name := p.expectName()
	if _, ok := keywordValues[name]; ok {
		fail(at, "can't assign to '%s'", name)
	}
	return name
}

// target parses what is assigned to: a name, name.attribute, or a tuple of them.
func (p *parser) target(ends ...string) expr {
	at := p.at()
	var items []expr
	tuple := false
	for !p.tupleEnds(ends) && !p.cur().isOp("=") {
		items = append(items, p.targetItem())
		if !p.op(",") {
			break
		}
		tuple = true
	}
	switch {
	case tuple:
		return &seqExpr{at, true, items}
	case len(items) == 0:
		fail(int(at), "expected a name, found %v", p.cur())
	}
	return items[0]
}

func (p *parser) targetItem() expr {
	p.enter()
	defer p.leave()
	at := p.at()
	if p.op("(") {
		t := p.target()
		p.expectOp(")")
		return t
	}
	name := &nameExpr{at, p.assignable()}
	if p.op(".") {
		return &attrExpr{at, name, p.expectName()}
	}
	return name
}
