package grammar

import (
	"slices"
	"strings"

	"github.com/alecthomas/participle/v2/lexer"
)

// Parse reads one file. The error is Errors, with the offending lines; of syntax there is one for
// each top-level declaration.
func Parse(file string, src []byte) (*File, error) {
	f, errs := parse(file, src)
	if len(errs) > 0 {
		return nil, errs.Quote([]*File{{Pos: Pos{File: file}, Text: src}})
	}
	return f, nil
}

func parse(file string, src []byte) (*File, Errors) {
	s, bad := scan(file, src)
	if bad != nil {
		return nil, Errors{bad}
	}
	lex, err := lexer.Upgrade(s)
	if err != nil {
		return nil, Errors{errorf(Pos{file, 1, 1}, "%s", err)}
	}
	p := &parser{lex: lex, comments: s.comments}
	f := &File{Pos: at(lex.Peek()), Text: src, Blank: s.blank}
	start := lex.MakeCheckpoint()
	if p.note(p.header(f)) {
		p.resume(start, false)
	}
	for !lex.Peek().EOF() {
		start := lex.MakeCheckpoint()
		d, err := p.declaration()
		if p.note(err) {
			p.resume(start, true)
			continue
		}
		f.Decls = append(f.Decls, d)
	}
	f.Comments = append(p.kept, p.comments...)
	return f, p.errs.Sorted()
}

type parser struct {
	lex      *lexer.PeekingLexer
	comments []*Comment // not yet passed
	kept     []*Comment
	errs     Errors
}

func (p *parser) note(err error) bool {
	if err == nil {
		return false
	}
	p.errs = append(p.errs, translate(err))
	return true
}

// resume goes to the next declaration after start.
func (p *parser) resume(start lexer.Checkpoint, skip bool) {
	p.lex.LoadCheckpoint(start)
	line, depth := 0, 0
	for {
		t := p.lex.Peek()
		if t.EOF() || !skip && t.Pos.Line > line && p.begins(t, depth) {
			return
		}
		switch t.Value {
		case "(", "[", "{":
			depth++
		case ")", "]", "}":
			depth--
		}
		line, skip = t.Pos.Line, false
		p.lex.Next()
	}
}

// begins reports whether a declaration seems to begin with t, the first token of its line: a keyword
// for which two of three speak: it stands outside of brackets, in the first column, before a name. A
// misspelt one needs all three.
func (p *parser) begins(t *lexer.Token, depth int) bool {
	outside, first, named := depth <= 0, t.Pos.Column == 1, ahead(p.lex, 1).Type == ident
	if isDeclaration(t.Value) {
		return outside && first || outside && named || first && named
	}
	return outside && first && named && Nearest(t.Value, keywords) != ""
}

// header is how a file begins.
type header struct {
	Pos
	Version *Number `parser:"'vibee' @@"`
	Package *Name   `parser:"'package' @@"`
	Imports []*Name `parser:"('import' @@)*"`
}

var readHeader = rule[header](nil)

func (p *parser) header(f *File) error {
	if t := p.lex.Peek(); t.Value != "vibee" {
		return expected(t, "`vibee 1`, with which every file begins")
	}
	h, err := readHeader(p.lex)
	if err != nil {
		return err
	}
	f.Version, f.Package, f.Imports = 1, h.Package, h.Imports
	if h.Version.Text != "1" {
		return errorf(h.Version.Pos, "this is a compiler of vibee 1, and the file is of vibee %.20s", h.Version.Text)
	}
	return nil
}

var declarations = map[string]func(*parser, Head) (Decl, error){
	"format":   declaration("`:`", rule[Format](inFormat)),
	"op":       declaration("`(`", rule[Op](inOp)),
	"kernel":   declaration("`implements`", rule[Kernel](inKernel)),
	"schedule": declaration("the name of an op", rule[Schedule](nil)),
	"layer":    declaration("`(`", rule[Layer](inLayer)),
	"model":    declaration("`@arch(…)`", rule[Model](inModel)),
	"property": declaration("`(`", rule[Property](inProperty)),
}

var keywords = []string{"format", "op", "kernel", "schedule", "layer", "model", "property"}

func isDeclaration(word string) bool { return slices.Contains(keywords, word) }

// declaration reads what follows the head; first is what it begins with.
func declaration[P interface {
	Decl
	begin(Head)
}](first string, parse func(*lexer.PeekingLexer) (P, error)) func(*parser, Head) (Decl, error) {
	return func(p *parser, h Head) (Decl, error) {
		t := p.lex.Peek()
		x, err := parse(p.lex)
		if p.lex.Peek() == t {
			return nil, expected(t, first)
		}
		if err != nil {
			return nil, err
		}
		x.begin(h)
		return x, nil
	}
}

func (h *Head) begin(head Head) { *h = head }

func (s *Schedule) begin(h Head) {
	h.Name = &Name{s.Op.Pos, s.Op.Text}
	s.Head = h
}

func (p *parser) declaration() (Decl, error) {
	t := p.lex.Peek()
	read, ok := declarations[t.Value]
	if !ok {
		err := expected(t, "a declaration")
		err.Suggest = Nearest(t.Value, keywords)
		return nil, err
	}
	h := Head{Pos: at(t)}
	p.docs(&h)
	p.lex.Next()
	if t.Value != "schedule" {
		h.Name = new(Name)
		if h.Name.Parse(p.lex) != nil {
			return nil, expected(p.lex.Peek(), "the name of the "+t.Value)
		}
		for t.Value == "property" && p.lex.Peek().Value == "." && ahead(p.lex, 1).Type == ident {
			p.lex.Next()
			h.Name.Text += "." + p.lex.Next().Value
		}
	}
	return read(p, h)
}

// docs takes the doc comments that stand right before a declaration out of the comments.
func (p *parser) docs(h *Head) {
	var end Pos // of what comes before
	if i := p.lex.RawCursor(); i > 0 {
		end = at(&p.lex.Range(i-1, i)[0])
	}
	n := 0
	for ; n < len(p.comments) && before(p.comments[n].Pos, h.Pos); n++ {
	}
	passed := p.comments[:n]
	p.comments = p.comments[n:]
	for n > 0 && passed[n-1].Own && isDoc(passed[n-1].Text) && before(end, passed[n-1].Pos) {
		n--
	}
	p.kept = append(p.kept, passed[:n]...)
	for i, c := range passed[n:] {
		if i == 0 {
			h.DocLine = c.Line
		}
		h.Doc = append(h.Doc, strings.TrimPrefix(c.Text[3:], " "))
	}
}

func isDoc(text string) bool {
	return strings.HasPrefix(text, "///") && !strings.HasPrefix(text, "////")
}
