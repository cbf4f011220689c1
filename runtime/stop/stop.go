package stop

import "errors"

// Matcher follows one text. It is for one goroutine.
type Matcher struct {
	patterns []pattern
	held     []byte // text not given out yet: it may begin a stop string
	met      string
}

// pattern is one stop string in the making (Knuth, Morris, Pratt).
type pattern struct {
	text string
	fail []int // fail[i]: the longest border of text[:i+1]
	n    int   // bytes of text that the stream ends with
}

// New makes a matcher; with no stops it passes everything through.
func New(stops ...string) (*Matcher, error) {
	m := &Matcher{}
	for _, s := range stops {
		if s == "" {
			return nil, errors.New("stop: a stop string is empty: it would end every text")
		}
		m.patterns = append(m.patterns, pattern{text: s, fail: borders(s)})
	}
	return m, nil
}

func borders(s string) []int {
	fail := make([]int, len(s))
	for i := 1; i < len(s); i++ {
		n := fail[i-1]
		for n > 0 && s[n] != s[i] {
			n = fail[n-1]
		}
		if s[n] == s[i] {
			n++
		}
		fail[i] = n
	}
	return fail
}

// step takes the next byte of the stream and reports whether text is complete.
func (p *pattern) step(c byte) bool {
	for p.n > 0 && p.text[p.n] != c {
		p.n = p.fail[p.n-1]
	}
	if p.text[p.n] == c {
		p.n++
	}
	return p.n == len(p.text)
}

// Push takes the next piece and gives the text that is safe to show, and whether a
// stop string was met: the first that is complete, the longest where several end at
// one place. What comes after it is dropped, in this piece and in later ones.
func (m *Matcher) Push(piece string) (text string, stopped bool) {
	if m.met != "" {
		return "", true
	}
	for i := range len(piece) {
		m.held = append(m.held, piece[i])
		if m.step(piece[i]) {
			text = string(m.held[:len(m.held)-len(m.met)])
			m.held = nil
			return text, true
		}
	}
	keep := 0
	for _, p := range m.patterns {
		keep = max(keep, p.n)
	}
	n := len(m.held) - keep
	text = string(m.held[:n])
	m.held = append(m.held[:0], m.held[n:]...)
	return text, false
}

func (m *Matcher) step(c byte) bool {
	for i := range m.patterns {
		if p := &m.patterns[i]; p.step(c) && len(p.text) > len(m.met) {
			m.met = p.text
		}
	}
	return m.met != ""
}

// Flush gives what was held back, when the text ends without a stop string.
func (m *Matcher) Flush() string {
	text := string(m.held)
	m.held = nil
	for i := range m.patterns {
		m.patterns[i].n = 0
	}
	return text
}

// Met is the stop string that ended the text, "" while there is none.
func (m *Matcher) Met() string { return m.met }
