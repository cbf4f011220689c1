package tokenizer

import (
	"unicode"
	"unicode/utf8"
)

// class is what the pre-tokenizers' patterns tell apart.
type class uint8

const (
	other  class = iota // [^\s\p{L}\p{N}], and bytes that are no UTF-8
	letter              // \p{L}
	number              // \p{N}
	space               // \s
)

var ascii = func() (table [utf8.RuneSelf]class) {
	for r := range table {
		table[r] = classOf(rune(r))
	}
	return table
}()

func classOf(r rune) class {
	switch {
	case unicode.IsLetter(r):
		return letter
	case unicode.IsNumber(r):
		return number
	case unicode.IsSpace(r):
		return space
	}
	return other
}

// first gives the class and the length in bytes of the first character of s.
func first(s string) (class, int) {
	if s[0] < utf8.RuneSelf {
		return ascii[s[0]], 1
	}
	r, n := utf8.DecodeRuneInString(s)
	return classOf(r), n
}

// run is the length of the characters of class c that s begins with.
func run(s string, c class) int {
	i := 0
	for i < len(s) {
		d, n := first(s[i:])
		if d != c {
			break
		}
		i += n
	}
	return i
}

// blanks matches \s+(?!\S)|\s+ at a space: all of them at the end of s, else all
// but the last, which belongs to what follows, else that one.
func blanks(s string) int {
	last, i := 0, 0
	for i < len(s) {
		c, n := first(s[i:])
		if c != space {
			break
		}
		last, i = i, i+n
	}
	if i < len(s) && last > 0 {
		return last
	}
	return i
}
