package jinja

import (
	"fmt"
	"slices"
)

type kind uint8

const (
	tokEnd kind = iota // of the template
	tokText
	tokVarBegin   // {{
	tokVarEnd     // }}
	tokBlockBegin // {%
	tokBlockEnd   // %}
	tokName
	tokString // text: what the literal means
	tokInteger
	tokFloat
	tokOp
)

type token struct {
	kind kind
	text string
	at   int // byte offset in the source
}

func (t token) is(kind kind, text string) bool { return t.kind == kind && t.text == text }

func (t token) isOp(ops ...string) bool { return t.kind == tokOp && slices.Contains(ops, t.text) }

// String says the token as an error message names it.
func (t token) String() string {
	switch t.kind {
	case tokEnd:
		return "the end of the template"
	case tokText:
		return "text"
	case tokVarBegin:
		return "'{{'"
	case tokVarEnd:
		return "'}}'"
	case tokBlockBegin:
		return "'{%'"
	case tokBlockEnd:
		return "'%}'"
	case tokString:
		return fmt.Sprintf("the string %q", t.text)
	}
	return fmt.Sprintf("'%s'", t.text)
}
