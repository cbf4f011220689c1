package tokenizer

import (
	"slices"
	"strings"
)

// matcher finds special tokens in a text: the leftmost, of these the longest.
type matcher struct {
	marks   map[string]mark
	lengths [256][]int // of the tokens that begin with this byte, longest first
}

type mark struct {
	id    int32
	strip bool // the white space behind it belongs to it
}

func (m *matcher) add(text string, k mark) {
	if m.marks == nil {
		m.marks = map[string]mark{}
	}
	m.marks[text] = k
	lengths := m.lengths[text[0]]
	i, known := slices.BinarySearchFunc(lengths, len(text), func(a, b int) int { return b - a })
	if !known {
		m.lengths[text[0]] = slices.Insert(lengths, i, len(text))
	}
}

// find gives the next token and its place; without one, at = end = len(text) and
// id = none.
func (m *matcher) find(text string) (at, end int, id int32) {
	for at := 0; at < len(text) && len(m.marks) > 0; at++ {
		for _, n := range m.lengths[text[at]] {
			if n > len(text)-at {
				continue
			}
			if k, ok := m.marks[text[at:at+n]]; ok {
				end := at + n
				if k.strip {
					end = len(text) - len(strings.TrimLeft(text[end:], " \t\n\v\f\r"))
				}
				return at, end, k.id
			}
		}
	}
	return len(text), len(text), none
}
