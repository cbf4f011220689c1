package grammar

import (
	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"
)

// What follows is the leaves of the tree and what is told apart by more than one token. Parse is
// participle's hook: it gives NextMatch where nothing of the kind begins.

// Parse reads an identifier.
func (n *Name) Parse(lex *lexer.PeekingLexer) error {
	return leaf(lex, ident, func(t *lexer.Token) { *n = Name{at(t), t.Value} })
}

// Parse reads a number.
func (n *Number) Parse(lex *lexer.PeekingLexer) error {
	return leaf(lex, number, func(t *lexer.Token) { *n = Number{at(t), t.Value} })
}

// Parse reads a string.
func (s *Text) Parse(lex *lexer.PeekingLexer) error {
	return leaf(lex, text, func(t *lexer.Token) { *s = Text{at(t), unescape.Replace(t.Value[1 : len(t.Value)-1])} })
}

// Parse reads a } that ends a body.
func (b *Brace) Parse(lex *lexer.PeekingLexer) error {
	if lex.Peek().Value != "}" {
		return participle.NextMatch
	}
	b.Pos = at(lex.Next())
	return nil
}

// Parse reads a name that may have a package.
func (p *Path) Parse(lex *lexer.PeekingLexer) error {
	return leaf(lex, ident, func(t *lexer.Token) {
		*p = Path{Pos: at(t), Text: t.Value}
		if lex.Peek().Value == "." && ahead(lex, 1).Type == ident {
			lex.Next()
			p.Package, p.Text = p.Text, lex.Next().Value
		}
	})
}

// Parse reads an index variable and its range.
func (i *Index) Parse(lex *lexer.PeekingLexer) error {
	return within(lex, func(e *expressions) { *i = *e.index() })
}

// Parse reads a call.
func (c *Call) Parse(lex *lexer.PeekingLexer) error {
	return within(lex, func(e *expressions) {
		x := e.postfix()
		call, ok := x.(*Call)
		if !ok {
			e.fail(x.At(), "a call is needed here, as in `lanes(k, 16)`")
		}
		*c = *call
	})
}

func leaf(lex *lexer.PeekingLexer, kind lexer.TokenType, set func(*lexer.Token)) error {
	if lex.Peek().Type != kind {
		return participle.NextMatch
	}
	set(lex.Next())
	return nil
}

// ahead is the token n after the next.
func ahead(lex *lexer.PeekingLexer, n int) *lexer.Token {
	mark := lex.MakeCheckpoint()
	for range n {
		lex.Next()
	}
	t := lex.Peek()
	lex.LoadCheckpoint(mark)
	return t
}
