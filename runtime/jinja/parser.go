package jinja

// maxNesting bounds blocks and expressions within each other.
const maxNesting = 200

// parser builds the tree of a template by recursive descent.
type parser struct {
	toks    []token
	i       int
	nesting int
	loops   int // loops around this place, within its macro
	macros  []*macroCode
}

func (p *parser) cur() token  { return p.toks[p.i] }
func (p *parser) peek() token { return p.toks[min(p.i+1, len(p.toks)-1)] }

func (p *parser) next() token {
	t := p.toks[p.i]
	if p.i < len(p.toks)-1 {
		p.i++
	}
	return t
}

func (p *parser) at() at { return at(p.cur().at) }

// accept passes the token if it is the one asked for.
func (p *parser) accept(kind kind, text string) bool {
	if p.cur().is(kind, text) {
		p.next()
		return true
	}
	return false
}

func (p *parser) op(text string) bool   { return p.accept(tokOp, text) }
func (p *parser) word(text string) bool { return p.accept(tokName, text) }

func (p *parser) expectOp(text string) {
	if !p.op(text) {
		fail(p.cur().at, "expected '%s', found %v", text, p.cur())
	}
}

func (p *parser) expectName() string {
	if p.cur().kind != tokName {
		fail(p.cur().at, "expected a name, found %v", p.cur())
	}
	return p.next().text
}

func (p *parser) expectKind(kind kind) {
	if p.cur().kind != kind {
		fail(p.cur().at, "expected %v, found %v", token{kind: kind}, p.cur())
	}
	p.next()
}

func (p *parser) enter() {
	if p.nesting++; p.nesting > maxNesting {
		failLimit(p.cur().at, "nested more than %d deep", maxNesting)
	}
}

func (p *parser) leave() { p.nesting-- }

// body parses up to a tag that begins with one of ends, passes "{%" and that
// word, and gives the word. With no ends it goes to the end of the template.
func (p *parser) body(open int, ends ...string) (body []stmt, end string) {
	p.enter()
	defer p.leave()
	for {
		switch t := p.next(); t.kind {
		case tokEnd:
			if len(ends) > 0 {
				fail(open, "this block is never closed by '%s'", ends[len(ends)-1])
			}
			return body, ""
		case tokText:
			body = append(body, &textStmt{at(t.at), t.text})
		case tokVarBegin:
			body = append(body, &outputStmt{at(t.at), p.tuple(true)})
			p.expectKind(tokVarEnd)
		case tokBlockBegin:
			for _, end := range ends {
				if p.word(end) {
					return body, end
				}
			}
			body = append(body, p.statement())
			p.expectKind(tokBlockEnd)
		default:
			fail(t.at, "unexpected %v", t)
		}
	}
}

// block is a body whose one end is a tag without anything else.
func (p *parser) block(open int, end string) []stmt {
	p.expectKind(tokBlockEnd)
	body, _ := p.body(open, end)
	return body
}
