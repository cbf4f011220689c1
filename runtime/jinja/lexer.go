package jinja

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// lexer cuts a template into tokens. Whitespace control is its work: "-" strips
// all space on its side of a tag; a block or comment otherwise loses the blanks
// before it on its line (unless "{%+") and the newline after it (unless "+%}").
type lexer struct {
	src  string
	pos  int
	toks []token
}

// normalize gives "\n" for every line end and drops one at the end of the source.
func normalize(src string) string {
	src = strings.ReplaceAll(src, "\r\n", "\n")
	src = strings.ReplaceAll(src, "\r", "\n")
	return strings.TrimSuffix(src, "\n")
}

// lex tokenizes a normalized source.
func lex(src string) []token {
	l := &lexer{src: src}
	for l.pos < len(src) {
		l.segment()
	}
	l.emit(tokEnd, "", len(src))
	return l.toks
}

func (l *lexer) emit(kind kind, text string, at int) {
	l.toks = append(l.toks, token{kind, text, at})
}

// segment reads text up to the next tag, and that tag.
func (l *lexer) segment() {
	start, open := l.pos, l.nextTag(l.pos)
	if open < 0 {
		l.emit(tokText, l.src[start:], start)
		l.pos = len(l.src)
		return
	}
	tag, sign := l.src[open+1], l.signAt(open+2)
	l.text(start, open, sign, tag != '{')
	if end, minus, ok := l.rawTag(open, "raw"); ok {
		if minus {
			end = l.skipSpace(end)
		}
		l.raw(open, end)
		return
	}
	l.pos = open + 2
	if sign != 0 {
		l.pos++
	}
	switch tag {
	case '#':
		l.comment(open)
	case '{':
		l.emit(tokVarBegin, "", open)
		l.inside(open, "}}")
		l.emit(tokVarEnd, "", l.pos)
		l.closeTag("}}")
	default:
		l.emit(tokBlockBegin, "", open)
		l.inside(open, "%}")
		l.emit(tokBlockEnd, "", l.pos)
		l.closeTag("%}")
	}
}

// nextTag is the offset of the next "{{", "{%" or "{#" from i, or -1.
func (l *lexer) nextTag(i int) int {
	for {
		n := strings.IndexByte(l.src[i:], '{')
		if n < 0 || i+n+1 >= len(l.src) {
			return -1
		}
		i += n
		if strings.IndexByte("{%#", l.src[i+1]) >= 0 {
			return i
		}
		i++
	}
}

func (l *lexer) signAt(i int) byte {
	if i < len(l.src) && (l.src[i] == '-' || l.src[i] == '+') {
		return l.src[i]
	}
	return 0
}

// text emits the text between two tags; sign is that of the tag after it.
func (l *lexer) text(start, end int, sign byte, lstrip bool) {
	text := l.src[start:end]
	switch {
	case sign == '-':
		text = strings.TrimRightFunc(text, isSpace)
	case sign == 0 && lstrip:
		line := strings.LastIndexByte(text, '\n') + 1
		atStart := line > 0 || start == 0 || l.src[start-1] == '\n'
		if atStart && strings.TrimLeftFunc(text[line:], isSpace) == "" {
			text = text[:line]
		}
	}
	if text != "" {
		l.emit(tokText, text, start)
	}
}

// rawTag matches a "{% word %}" tag at i and gives the offset after it.
func (l *lexer) rawTag(i int, word string) (end int, minus, ok bool) {
	if l.src[i+1] != '%' {
		return
	}
	i += 2
	if l.signAt(i) != 0 {
		i++
	}
	i = l.skipSpace(i)
	if !strings.HasPrefix(l.src[i:], word) {
		return
	}
	i = l.skipSpace(i + len(word))
	minus = strings.HasPrefix(l.src[i:], "-")
	if minus {
		i++
	}
	return i + 2, minus, strings.HasPrefix(l.src[i:], "%}")
}

// raw emits what lies between {% raw %} and {% endraw %} as it stands.
func (l *lexer) raw(open, start int) {
	for i := start; ; i += 2 {
		n := strings.Index(l.src[i:], "{%")
		if n < 0 {
			fail(open, "this 'raw' is never closed by 'endraw'")
		}
		i += n
		l.pos = l.endRaw(i)
		if l.pos > 0 {
			l.text(start, i, l.signAt(i+2), true)
			return
		}
	}
}

// endRaw is the offset after the {% endraw %} at i, or 0 when it isn't one.
func (l *lexer) endRaw(i int) int {
	if end, minus, ok := l.rawTag(i, "endraw"); ok {
		if minus {
			return l.skipSpace(end)
		}
		return l.skipNewline(end)
	}
	j := i + 2
	if l.signAt(j) != 0 {
		j++
	}
	rest, ok := strings.CutPrefix(l.src[l.skipSpace(j):], "endraw")
	if rest = strings.TrimLeftFunc(rest, isSpace); ok && strings.HasPrefix(rest, "+%}") {
		return len(l.src) - len(rest) + 3
	}
	return 0
}

func (l *lexer) comment(open int) {
	n := strings.Index(l.src[l.pos:], "#}")
	if n < 0 {
		fail(open, "this comment is never closed by '#}'")
	}
	if n > 0 && l.signAt(l.pos+n-1) != 0 {
		n--
	}
	l.pos += n
	l.closeTag("#}")
}

// closeTag passes a tag's end, its sign, and the space that it takes along.
func (l *lexer) closeTag(end string) {
	switch l.signAt(l.pos) {
	case '-':
		l.pos = l.skipSpace(l.pos + 3)
	case '+':
		l.pos += 3
	default:
		l.pos += 2
		if end != "}}" {
			l.pos = l.skipNewline(l.pos)
		}
	}
}

func (l *lexer) skipSpace(i int) int {
	for i < len(l.src) {
		r, n := utf8.DecodeRuneInString(l.src[i:])
		if !isSpace(r) {
			break
		}
		i += n
	}
	return i
}

func (l *lexer) skipNewline(i int) int {
	if i < len(l.src) && l.src[i] == '\n' {
		i++
	}
	return i
}

// isSpace is Python's str.isspace: Go's, and four separators of ASCII.
func isSpace(r rune) bool { return unicode.IsSpace(r) || 0x1c <= r && r <= 0x1f }
