package jinja

import (
	"math/big"
	"strconv"
	"strings"
)

func (p *parser) primary() expr {
	at, t := p.at(), p.next()
	switch t.kind {
	case tokName:
		if v, ok := keywordValues[t.text]; ok {
			return &constExpr{at, v}
		}
		p.uses(t.text)
		return &nameExpr{at, t.text}
	case tokString:
		s := t.text
		for p.cur().kind == tokString {
			s += p.next().text
		}
		return &constExpr{at, Str(s)}
	case tokInteger:
		return &constExpr{at, integer(t)}
	case tokFloat:
		f, _ := strconv.ParseFloat(strings.ReplaceAll(t.text, "_", ""), 64) // past the largest: infinity
		return &constExpr{at, Float(f)}
	case tokOp:
		switch t.text {
		case "(":
			items, tuple := p.items(true, nil)
			p.expectOp(")")
			if len(items) == 1 && !tuple {
				return items[0]
			}
			return &seqExpr{at, true, items}
		case "[":
			return p.list(at)
		case "{":
			return p.dict(at)
		}
	}
	fail(t.at, "unexpected %v", t)
	return nil
}

// uses notes a macro's use of a name that macros get without declaring it.
func (p *parser) uses(name string) {
	for _, m := range p.macros {
		switch name {
		case "varargs":
			m.varargs = true
		case "kwargs":
			m.kwargs = true
		case "caller":
			m.caller = true
		}
	}
}

func integer(t token) Value {
	if len(t.text) > maxDigits {
		failLimit(t.at, "an integer of more than %d digits", maxDigits)
	}
	n, ok := new(big.Int).SetString(t.text, 0)
	if !ok {
		fail(t.at, "bad integer %s", t.text)
	}
	return fromBig(n)
}

func (p *parser) list(at at) expr {
	n := &seqExpr{at: at}
	for !p.op("]") {
		if len(n.items) > 0 {
			p.expectOp(",")
			if p.op("]") {
				break
			}
		}
		n.items = append(n.items, p.expression())
	}
	return n
}

func (p *parser) dict(at at) expr {
	n := &dictExpr{at: at}
	for !p.op("}") {
		if len(n.keys) > 0 {
			p.expectOp(",")
			if p.op("}") {
				break
			}
		}
		n.keys = append(n.keys, p.expression())
		p.expectOp(":")
		n.values = append(n.values, p.expression())
	}
	return n
}
