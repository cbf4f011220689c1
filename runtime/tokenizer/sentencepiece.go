package tokenizer

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// blank is how SentencePiece writes a space.
const blank = "▁"

// sentencePiece is SentencePiece's BPE: a word's characters are its symbols, two
// neighbours merge when both together are a token, the one of the best score
// first, and a character without a token is written as its bytes.
type sentencePiece struct {
	vocab   *vocabulary
	ranks   []uint32 // of each token: 0 has the best score; unreachable for those that text can't make
	bytes   [256]int32
	unknown int32 // instead of a byte without token, or none
	space   bool  // a space is put before the text
	words   bool  // no token has a space behind a character
}

const unreachable = math.MaxUint32

func (t *Tokenizer) loadSentencePiece(keys reader) error {
	var err error
	if t.vocab, err = readVocabulary(keys); err != nil {
		return err
	}
	s := &sentencePiece{vocab: &t.vocab, words: true}
	for c := range s.bytes {
		s.bytes[c] = none
	}
	for id, text := range t.vocab.tokens {
		if c, ok := byteToken(text); ok && (t.vocab.types[id] == kindNormal || t.vocab.types[id] == kindByte) {
			t.vocab.types[id] = kindByte
			s.bytes[c] = int32(id)
		}
	}
	if s.space, err = keys.flag(keyAddSpace, true); err != nil {
		return err
	}
	t.coder = s
	err = t.loadSpecial(keys, defaults{bos: 1, eos: 2, unknown: 0, addBOS: true}, func(int32) bool { return false })
	if err != nil {
		return err
	}
	s.unknown = t.unknown
	return s.readScores(keys)
}

func (s *sentencePiece) readScores(keys reader) error {
	scores, ok := keys.Floats(keyScores)
	if !ok {
		if err := keys.wrong(keyScores, "an array of floats"); err != nil {
			return err
		}
		return fmt.Errorf("tokenizer: the file has no %s, which SentencePiece needs", keyScores)
	}
	if len(scores) != len(s.vocab.tokens) {
		return mismatch(keyScores, len(scores), len(s.vocab.tokens))
	}
	order := make([]int32, len(scores))
	for id, score := range scores {
		if score != score {
			return fmt.Errorf("tokenizer: %s[%d] is not a number", keyScores, id)
		}
		order[id] = int32(id)
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Compare(scores[b], scores[a]) })
	s.ranks = make([]uint32, len(scores))
	rank := uint32(0)
	for i, id := range order {
		if i > 0 && scores[id] != scores[order[i-1]] {
			rank++
		}
		s.ranks[id] = rank
		if k := s.vocab.types[id]; k.hidden() || k == kindByte {
			s.ranks[id] = unreachable
		} else if strings.Contains(strings.TrimLeft(s.vocab.tokens[id], blank), blank) {
			s.words = false
		}
	}
	return nil
}

func (s *sentencePiece) prefix() bool { return s.space }

func (s *sentencePiece) merged(word string, left, right *symbol) (uint32, int32, bool) {
	if int(right.end-left.start) > s.vocab.longest {
		return 0, none, false
	}
	return s.find(word[left.start:right.end])
}

func (s *sentencePiece) find(text string) (uint32, int32, bool) {
	id, ok := s.vocab.ids[text]
	if !ok || s.ranks[id] == unreachable {
		return 0, none, false
	}
	return s.ranks[id], id, true
}

func (s *sentencePiece) encode(ids []int32, text string) []int32 {
	if s.space {
		text = " " + text
	}
	text = strings.ReplaceAll(text, " ", blank)
	for len(text) > 0 {
		n := s.wordEnd(text)
		ids = s.word(ids, text[:n])
		text = text[n:]
	}
	return ids
}

// wordEnd is where text can be cut so that no merge crosses it.
func (s *sentencePiece) wordEnd(text string) int {
	n := min(len(text), longest)
	if s.words {
		start := len(text) - len(strings.TrimLeft(text, blank))
		if i := strings.Index(text[start:], blank); i >= 0 {
			n = min(n, start+i)
		}
	}
	return n
}

func (s *sentencePiece) word(ids []int32, word string) []int32 {
	m := borrow(utf8.RuneCountInString(word))
	for i := 0; i < len(word); {
		_, n := utf8.DecodeRuneInString(word[i:])
		m.add(n, none)
		i += n
	}
	m.merge(word, s)
	for i := uint32(0); i != edge; i = m.symbols[i].next {
		y := &m.symbols[i]
		if y.id == none {
			_, y.id, _ = s.find(word[y.start:y.end])
		}
		if y.id == none {
			ids = s.fallback(ids, word[y.start:y.end])
		} else {
			ids = append(ids, y.id)
		}
	}
	m.release()
	return ids
}

// fallback writes a character that has no token as its bytes.
func (s *sentencePiece) fallback(ids []int32, text string) []int32 {
	for i := range len(text) {
		id := s.bytes[text[i]]
		if id == none {
			id = s.unknown
		}
		if id != none {
			ids = append(ids, id)
		}
	}
	return ids
}

func (s *sentencePiece) appendPiece(buf []byte, id int32) []byte {
	text := s.vocab.tokens[id]
	for {
		i := strings.Index(text, blank)
		if i < 0 {
			return append(buf, text...)
		}
		buf = append(append(buf, text[:i]...), ' ')
		text = text[i+len(blank):]
	}
}
