package tokenizer

import (
	"strings"
	"unicode/utf8"
)

// Stream gives the text of tokens as they come, always whole characters. What can
// never become one is U+FFFD, once for each longest part of a character. All that
// a stream has given is thus valid UTF-8. It keeps every space: its text goes on
// where a prompt ended. A Stream belongs to one goroutine.
type Stream struct {
	// Special shows control tokens by their text; else they are silent.
	Special bool

	tokens *Tokenizer
	held   []byte // the beginning of a character
}

// NewStream begins a text.
func (t *Tokenizer) NewStream() *Stream { return &Stream{tokens: t} }

// Push takes the next token and gives the characters that are now complete.
func (s *Stream) Push(id int32) string {
	if !s.tokens.has(id) || !s.Special && s.tokens.Special(id) {
		return ""
	}
	s.held = s.tokens.appendPiece(s.held, id)
	return s.take(false)
}

// Flush ends the text: a character that is still incomplete is U+FFFD.
func (s *Stream) Flush() string { return s.take(true) }

func (s *Stream) take(all bool) string {
	var out strings.Builder
	rest := s.held
	for len(rest) > 0 {
		r, n := utf8.DecodeRune(rest)
		if r == utf8.RuneError && n == 1 {
			if !all && !utf8.FullRune(rest) {
				break
			}
			n = part(rest)
		}
		out.WriteRune(r)
		rest = rest[n:]
	}
	s.held = append(s.held[:0], rest...)
	return out.String()
}

// part is the length of the longest beginning of a character that b, which begins
// with none, begins with; at least 1.
func part(b []byte) int {
	n := 1
	for n < len(b) && !utf8.FullRune(b[:n+1]) {
		n++
	}
	return n
}
