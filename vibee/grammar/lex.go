package grammar

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/alecthomas/participle/v2/lexer"
)

// maxFile and maxNesting are the limits of a file.
const (
	maxFile    = 1 << 20
	maxNesting = 200
)

// alphabet is the tokens; the Bad ones stand in no rule of the grammar, so that each is an error where
// it is met.
var alphabet = lexer.MustSimple([]lexer.SimpleRule{
	{Name: "Space", Pattern: `[ \t\r\n]+`},
	{Name: "Ident", Pattern: `[A-Za-z_][A-Za-z0-9_]*`},
	{Name: "Comment", Pattern: `//[^\n]*`},
	{Name: "Number", Pattern: `0[xX][0-9a-fA-F]+|[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?`},
	{Name: "String", Pattern: `"([^"\\\n]|\\["\\nt])*"`},
	{Name: "BadString", Pattern: `"([^"\\\n]|\\[^\n])*"?`},
	{Name: "Op", Pattern: `\.\.|->|==|!=|<=|>=|<<|>>|&&|\|\||[-+*/%<>=&|^~!@?:;,.(){}\[\]]`},
	{Name: "Bad", Pattern: `.`},
	{Name: "BadNumber", Pattern: `x^`}, // a number and letters that touch: see scan
})

var (
	symbols                 = alphabet.Symbols()
	space, comment          = symbols["Space"], symbols["Comment"]
	ident, number, text     = symbols["Ident"], symbols["Number"], symbols["String"]
	badNumber, badText, bad = symbols["BadNumber"], symbols["BadString"], symbols["Bad"]
)

// source is a file's tokens; white space and comments are put aside.
type source struct {
	tokens   []lexer.Token
	comments []*Comment
	blank    map[int]bool
	next     int
}

// Next makes a source a lexer.Lexer.
func (s *source) Next() (lexer.Token, error) {
	s.next++
	return s.tokens[s.next-1], nil
}

func scan(file string, src []byte) (*source, *Error) {
	if len(src) > maxFile {
		return nil, errorf(Pos{file, 1, 1}, "the file has %d bytes: the limit is %d", len(src), maxFile)
	}
	if err := legible(file, src); err != nil {
		return nil, err
	}
	list, err := alphabet.LexString(file, string(src))
	s := &source{blank: map[int]bool{}}
	line, depth := 0, 0 // line of the last token
	for err == nil {
		var t lexer.Token
		if t, err = list.Next(); err != nil {
			break
		}
		switch t.Type {
		case space:
			if n := strings.Count(t.Value, "\n"); n > 1 {
				s.blank[t.Pos.Line+n] = true
			}
			continue
		case comment:
			s.comments = append(s.comments, &Comment{at(&t), strings.TrimRight(t.Value, " \t\r"), t.Pos.Line > line})
			continue
		case lexer.EOF:
			s.tokens = append(s.tokens, t)
			return s, nil
		}
		switch t.Value {
		case "(", "[", "{":
			if depth++; depth > maxNesting {
				return nil, errorf(at(&t), "brackets nest deeper than %d", maxNesting)
			}
		case ")", "]", "}":
			depth--
		}
		line = t.Pos.Line
		if n := len(s.tokens) - 1; t.Type == ident && n >= 0 && s.tokens[n].Type == number {
			if last := &s.tokens[n]; last.Pos.Offset+len(last.Value) == t.Pos.Offset {
				last.Type, last.Value = badNumber, last.Value+t.Value
				continue
			}
		}
		s.tokens = append(s.tokens, t)
	}
	return nil, errorf(Pos{file, 1, 1}, "%s", err)
}

// legible refuses bytes that an editor wouldn't show.
func legible(file string, src []byte) *Error {
	pos := Pos{file, 1, 1}
	for i := 0; i < len(src); {
		r, n := utf8.DecodeRune(src[i:])
		switch {
		case r == utf8.RuneError && n == 1:
			return errorf(pos, "the byte 0x%02x is not UTF-8", src[i])
		case r == '\n':
			pos.Line, pos.Col = pos.Line+1, 0
		case r == '\t' || r == '\r' && i+1 < len(src) && src[i+1] == '\n':
		case r == 0xfeff:
			return errorf(pos, "a byte order mark is not needed: save the file as plain UTF-8")
		case unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r):
			return errorf(pos, "the control character %U can't stand here", r)
		}
		pos.Col++
		i += n
	}
	return nil
}

// at is a token's place.
func at(t *lexer.Token) Pos { return Pos{t.Pos.Filename, t.Pos.Line, t.Pos.Column} }

// describe names a token for a message.
func describe(t *lexer.Token) string {
	switch t.Type {
	case lexer.EOF:
		return "the end of the file"
	case text:
		return "a string"
	}
	return quoted(t)
}

// quoted is a token's text, or the beginning of a long one.
func quoted(t *lexer.Token) string {
	const longest = 60
	if runes := []rune(t.Value); len(runes) > longest {
		return "`" + string(runes[:longest]) + "…`"
	}
	return "`" + t.Value + "`"
}

// illegible says what is wrong with a token of no meaning; nil for others.
func illegible(t *lexer.Token) *Error {
	switch t.Type {
	case badNumber:
		return errorf(at(t), "%s is no number", quoted(t))
	case badText:
		if len(t.Value) > 1 && strings.HasSuffix(t.Value, `"`) {
			return errorf(at(t), `this string has an unknown escape: there are \" \\ \n \t`)
		}
		return errorf(at(t), "this string doesn't end on its line")
	case bad:
		return errorf(at(t), "the character %q has no meaning here", t.Value)
	}
	return nil
}

var (
	unescape = strings.NewReplacer(`\"`, `"`, `\\`, `\`, `\n`, "\n", `\t`, "\t")
	escape   = strings.NewReplacer(`"`, `\"`, `\`, `\\`, "\n", `\n`, "\t", `\t`)
)

func errorf(pos Pos, format string, args ...any) *Error {
	return &Error{Pos: pos, Message: fmt.Sprintf(format, args...)}
}
