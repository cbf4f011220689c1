package grammar

import (
	"strconv"
)

// Layout gives a file's text in the one layout. The error is Errors.
func Layout(file string, src []byte) ([]byte, error) {
	f, err := Parse(file, src)
	if err != nil {
		return nil, err
	}
	return Print(f), nil
}

// Print gives the text of a file.
func Print(f *File) []byte {
	p := &printer{comments: f.Comments, blank: f.Blank, opened: true}
	p.w.fresh = true
	p.before(f.Pos)
	p.line("vibee " + strconv.Itoa(f.Version))
	p.before(f.Package.Pos)
	p.line("package ", p.name(f.Package))
	for _, n := range f.Imports {
		p.before(n.Pos)
		p.line("import ", p.name(n))
	}
	for _, d := range f.Decls {
		p.declaration(d)
	}
	p.before(Pos{Line: never})
	p.w.newline(1)
	return append([]byte(p.w.out.String()), '\n')
}

type printer struct {
	w        writer
	comments []*Comment // not yet printed
	blank    map[int]bool
	last     int    // source line of what was printed last
	apart    bool   // a blank line goes before what follows
	opened   bool   // nothing has been printed in this body
	lead     string // begins the next line
	guarded  *Ident // to be put in parentheses: it would be taken for a keyword
}

// line prints parts as one line, broken where it is too long.
func (p *printer) line(parts ...any) { p.print(cat(2, parts...)) }

func (p *printer) print(d *doc) {
	p.w.begin() // at the body's indentation, not at the broken line's
	if p.lead != "" {
		d, p.lead = cat(0, p.lead, d), ""
	}
	p.w.print(d, false, 0)
	p.w.newline(1)
	p.opened = false
}

// before prints the comments before pos, and the blank line that the author left there.
func (p *printer) before(pos Pos) {
	p.apart = p.apart && !p.hugs(pos)
	for len(p.comments) > 0 && before(p.comments[0].Pos, pos) {
		c := p.comments[0]
		p.comments = p.comments[1:]
		if c.Own {
			p.separate(c.Line)
		}
		p.w.remark(c.Text, c.Own)
	}
	if pos.Line < never {
		p.separate(pos.Line)
	}
}

// hugs reports whether a comment before pos belongs to what was printed before it: a blank line
// follows, and none stands before.
func (p *printer) hugs(pos Pos) bool {
	var own []int
	for _, c := range p.comments {
		if !before(c.Pos, pos) {
			break
		}
		if c.Own {
			own = append(own, c.Line)
		}
	}
	if len(own) == 0 || p.blank[own[0]] {
		return false
	}
	for _, line := range append(own, pos.Line) {
		if p.blank[line] {
			return true
		}
	}
	return false
}

func (p *printer) separate(line int) {
	if p.apart || p.blank[line] && line > p.last && !p.opened {
		p.w.newline(2)
	}
	p.apart, p.opened, p.last = false, false, line
}

// member is something in a body.
type member struct {
	pos   Pos
	print func()
}

// body prints header { entries } with the comments before its end.
func (p *printer) body(header *doc, entries []member, end Brace) {
	if len(entries) == 0 && (len(p.comments) == 0 || !before(p.comments[0].Pos, end.Pos)) {
		header.add(plain(" {}"))
		p.print(header)
		return
	}
	header.add(plain(" {"))
	p.print(header)
	p.w.indent += 2
	p.opened = true
	for _, e := range entries {
		p.before(e.pos)
		e.print()
	}
	p.rest(end.Pos)
	p.w.indent -= 2
	p.line("}")
}

// rest prints the comments before a body's end.
func (p *printer) rest(end Pos) {
	if len(p.comments) > 0 && before(p.comments[0].Pos, end) {
		last := p.last
		p.before(end)
		p.w.newlines, p.last = 1, last
	}
}

func (p *printer) entries(items []Item) (out []member) {
	for _, x := range items {
		out = append(out, member{x.At(), func() { p.item(x) }})
	}
	return out
}
