package jinja

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// upper and lower are Go's but for the German ß, which two letters replace.
func upper(s string) string { return strings.ReplaceAll(strings.ToUpper(s), "ß", "SS") }
func lower(s string) string { return strings.ToLower(s) }

func isCased(c rune) bool {
	return unicode.IsUpper(c) || unicode.IsLower(c) || unicode.IsTitle(c)
}

// isLower reports whether s has letters with case, all of them lower.
func isLower(s string) bool {
	return strings.ContainsFunc(s, unicode.IsLower) &&
		!strings.ContainsFunc(s, func(c rune) bool { return unicode.IsUpper(c) || unicode.IsTitle(c) })
}

// isUpper reports whether s has letters with case, all of them upper.
func isUpper(s string) bool {
	return strings.ContainsFunc(s, unicode.IsUpper) &&
		!strings.ContainsFunc(s, func(c rune) bool { return unicode.IsLower(c) || unicode.IsTitle(c) })
}

// isTitle reports whether every word of s begins with a capital and goes on small.
func isTitle(s string) bool {
	seen, inWord := false, false
	for _, c := range s {
		if isCased(c) {
			if unicode.IsLower(c) != inWord {
				return false
			}
			seen = true
		}
		inWord = isCased(c)
	}
	return seen
}

// title has every word begin with a capital and go on small.
func title(s string) string {
	var b strings.Builder
	inWord := false
	for _, c := range s {
		if inWord {
			b.WriteRune(unicode.ToLower(c))
		} else {
			b.WriteString(strings.ReplaceAll(string(unicode.ToTitle(c)), "ß", "Ss"))
		}
		inWord = isCased(c)
	}
	return b.String()
}

// capitalize is s in small letters with a capital first.
func capitalize(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return title(s[:n]) + lower(s[n:])
}

func swapCase(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsUpper(c) {
			return unicode.ToLower(c)
		}
		return unicode.ToUpper(c)
	}, s)
}

// every reports whether s isn't empty and all of it is so.
func every(is func(rune) bool) func(string) bool {
	return func(s string) bool {
		return s != "" && !strings.ContainsFunc(s, func(c rune) bool { return !is(c) })
	}
}

func isAlnum(c rune) bool { return unicode.IsLetter(c) || unicode.IsNumber(c) }

func isIdentifier(s string) bool { return s != "" && nameLen(s) == len(s) }

func isLineEnd(c rune) bool {
	return '\n' <= c && c <= '\r' || 0x1c <= c && c <= 0x1e || c == 0x85 || c == 0x2028 || c == 0x2029
}

// splitLines cuts s after each line end, which keep leaves in place.
func splitLines(s string, keep bool) (lines []string) {
	for s != "" {
		i := strings.IndexFunc(s, isLineEnd)
		if i < 0 {
			return append(lines, s)
		}
		_, n := utf8.DecodeRuneInString(s[i:])
		if strings.HasPrefix(s[i:], "\r\n") {
			n = 2
		}
		next := i + n
		if keep {
			lines = append(lines, s[:next])
		} else {
			lines = append(lines, s[:i])
		}
		s = s[next:]
	}
	return lines
}
