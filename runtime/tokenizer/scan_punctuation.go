package tokenizer

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// scanPunctuation cuts out each [\p{P}$+<=>^~|]+.
func scanPunctuation(s string) int {
	inside := punctuation(s)
	i := 0
	for i < len(s) && punctuation(s[i:]) == inside {
		_, n := utf8.DecodeRuneInString(s[i:])
		i += n
	}
	return i
}

func punctuation(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsPunct(r) || r < utf8.RuneSelf && strings.IndexByte("$+<=>^~|", byte(r)) >= 0
}
