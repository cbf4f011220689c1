package jinja

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

var simpleEscapes = map[byte]string{
	'\n': "", '\\': "\\", '\'': "'", '"': "\"", 'a': "\a", 'b': "\b",
	'f': "\f", 'n': "\n", 'r': "\r", 't': "\t", 'v': "\v",
}

// str reads a string literal; an escape that Python doesn't know stays as it is.
func (l *lexer) str(quote byte) {
	start := l.pos
	var b strings.Builder
	for i := start + 1; i < len(l.src); {
		switch c := l.src[i]; {
		case c == quote:
			l.pos = i + 1
			l.emit(tokString, b.String(), start)
			return
		case c == '\\' && i+1 < len(l.src):
			i += l.escape(&b, i)
		default:
			b.WriteByte(c)
			i++
		}
	}
	fail(start, "this string is never closed by %c", quote)
}

// escape writes what the escape at i means and gives its length.
func (l *lexer) escape(b *strings.Builder, i int) int {
	c := l.src[i+1]
	if s, ok := simpleEscapes[c]; ok {
		b.WriteString(s)
		return 2
	}
	switch c {
	case 'x':
		return l.hexEscape(b, i, 2)
	case 'u':
		return l.hexEscape(b, i, 4)
	case 'U':
		return l.hexEscape(b, i, 8)
	case 'N':
		fail(i, `characters can't be given by name: write \u and four digits`)
	}
	n := 0
	for n < 3 && i+1+n < len(l.src) && '0' <= l.src[i+1+n] && l.src[i+1+n] <= '7' {
		n++
	}
	if n == 0 {
		b.WriteByte('\\')
		return 1
	}
	v, _ := strconv.ParseUint(l.src[i+1:i+1+n], 8, 32)
	b.WriteRune(rune(v))
	return 1 + n
}

func (l *lexer) hexEscape(b *strings.Builder, i, n int) int {
	if i+2+n <= len(l.src) {
		v, err := strconv.ParseUint(l.src[i+2:i+2+n], 16, 32)
		if err == nil && v <= utf8.MaxRune {
			b.WriteRune(rune(v))
			return 2 + n
		}
	}
	fail(i, `\%c takes %d hexadecimal digits of a character`, l.src[i+1], n)
	return 0
}
