package jinja

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

const operators = "+-/*%~[](){}><=.:|,;"

// inside reads the tokens of a tag and stops at its end (or at the sign before
// it), which counts only where every bracket is closed.
func (l *lexer) inside(open int, end string) {
	var brackets []byte
	for {
		l.pos = l.skipSpace(l.pos)
		rest := l.src[l.pos:]
		if len(brackets) == 0 && endsTag(rest, end) {
			return
		}
		if rest == "" {
			fail(open, "this tag is never closed by '%s'", end)
		}
		switch c := rest[0]; {
		case '0' <= c && c <= '9':
			l.number()
		case c == '\'' || c == '"':
			l.str(c)
		case strings.IndexByte(operators, c) >= 0 || strings.HasPrefix(rest, "!="):
			op := operatorAt(rest)
			brackets = l.balance(brackets, op)
			l.take(tokOp, len(op))
		default:
			n := nameLen(rest)
			if n == 0 {
				r, _ := utf8.DecodeRuneInString(rest)
				fail(l.pos, "unexpected character %q", r)
			}
			l.take(tokName, n)
		}
	}
}

func endsTag(rest, end string) bool {
	return strings.HasPrefix(rest, end) ||
		strings.HasPrefix(rest, "-"+end) ||
		end == "%}" && strings.HasPrefix(rest, "+%}")
}

func (l *lexer) take(kind kind, n int) {
	l.emit(kind, l.src[l.pos:l.pos+n], l.pos)
	l.pos += n
}

func operatorAt(s string) string {
	for _, op := range []string{"//", "**", "==", "!=", ">=", "<="} {
		if strings.HasPrefix(s, op) {
			return op
		}
	}
	return s[:1]
}

// balance tracks the brackets that are open.
func (l *lexer) balance(open []byte, op string) []byte {
	switch op {
	case "(":
		return append(open, ')')
	case "[":
		return append(open, ']')
	case "{":
		return append(open, '}')
	case ")", "]", "}":
		if len(open) == 0 {
			fail(l.pos, "unexpected '%s'", op)
		}
		if want := open[len(open)-1]; want != op[0] {
			fail(l.pos, "unexpected '%s', expected '%c'", op, want)
		}
		return open[:len(open)-1]
	}
	return open
}

func nameLen(s string) int {
	for i, r := range s {
		if r == '_' || unicode.IsLetter(r) || i > 0 && (unicode.IsDigit(r) || unicode.IsMark(r)) {
			continue
		}
		return i
	}
	return len(s)
}

// number takes an integer (with 0x, 0o, 0b and single underscores) or a float.
func (l *lexer) number() {
	s := l.src[l.pos:]
	if len(s) > 2 && s[0] == '0' {
		if digits := map[byte]string{'x': "0123456789abcdef", 'o': "01234567", 'b': "01"}[s[1]|0x20]; digits != "" {
			if n := digitsLen(s[2:], digits); n > 0 {
				l.take(tokInteger, 2+n)
				return
			}
		}
	}
	const decimal = "0123456789"
	n, kind := digitsLen(s, decimal), tokInteger
	whole := n
	if n < len(s) && s[n] == '.' && l.src[max(l.pos-1, 0)] != '.' {
		if m := digitsLen(s[n+1:], decimal); m > 0 {
			n, kind = n+1+m, tokFloat
		}
	}
	if n < len(s) && s[n]|0x20 == 'e' && l.src[max(l.pos-1, 0)] != '.' {
		e := n + 1
		if e < len(s) && (s[e] == '+' || s[e] == '-') {
			e++
		}
		if m := digitsLen(s[min(e, len(s)):], decimal); m > 0 {
			n, kind = e+m, tokFloat
		}
	}
	if kind == tokInteger && s[0] == '0' && strings.Trim(s[:whole], "0_") != "" {
		fail(l.pos, "an integer can't begin with 0: write '0o' for octal")
	}
	l.take(kind, n)
}

// digitsLen is how far digits reach, single underscores between them included.
func digitsLen(s, digits string) int {
	n := 0
	for i, c := range []byte(s) {
		switch {
		case strings.IndexByte(digits, c) >= 0 || 'A' <= c && c <= 'F' && strings.IndexByte(digits, c+'a'-'A') >= 0:
			n = i + 1
		case c == '_' && n == i && i > 0:
		default:
			return n
		}
	}
	return n
}
