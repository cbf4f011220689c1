package tokenizer

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// byteLevel is byte-level BPE: a word's bytes are its symbols, and a list of
// merges in order of rank says which pairs become one token.
type byteLevel struct {
	pre    pretokenizer
	vocab  *vocabulary
	bytes  [256]int32 // the token of each byte, or none
	merges pairTable
}

func (t *Tokenizer) loadByteLevel(keys reader) error {
	pre, err := readPretokenizer(keys)
	if err != nil {
		return err
	}
	if t.vocab, err = readVocabulary(keys); err != nil {
		return err
	}
	b := &byteLevel{pre: pre, vocab: &t.vocab}
	for c := range b.bytes {
		b.bytes[c] = none
		if id, ok := t.vocab.ids[string(runes[c])]; ok {
			b.bytes[c] = id
		}
	}
	if err := b.readMerges(keys); err != nil {
		return err
	}
	t.coder = b
	made := make([]bool, len(t.vocab.tokens))
	for _, s := range b.merges.slots {
		if s.pair != 0 {
			made[s.id] = true
		}
	}
	return t.loadSpecial(keys, defaults{bos: none, eos: none, unknown: none, addBOS: pre.addBOS},
		func(id int32) bool { return made[id] })
}

// readMerges reads "left right" lines; where a pair comes twice the first counts.
func (b *byteLevel) readMerges(keys reader) error {
	lines, err := keys.texts(keyMerges)
	if err != nil {
		return err
	}
	if !keys.Has(keyMerges) {
		return fmt.Errorf("tokenizer: the file has no %s, which byte-level BPE needs", keyMerges)
	}
	b.merges = newPairTable(len(lines))
	var joined []byte
	for i, line := range lines {
		// A token may begin with a space, but isn't empty.
		cut := -1
		if len(line) > 0 {
			cut = 1 + strings.IndexByte(line[1:], ' ')
		}
		if cut < 1 || cut == len(line)-1 {
			return fmt.Errorf("tokenizer: %s[%d] is %.60q: want two tokens and a space between", keyMerges, i, line)
		}
		left, right := line[:cut], line[cut+1:]
		joined = append(append(joined[:0], left...), right...)
		l, okLeft := b.vocab.ids[left]
		r, okRight := b.vocab.ids[right]
		id, ok := b.vocab.ids[string(joined)]
		if !okLeft || !okRight || !ok {
			missing := string(joined)
			if !okLeft {
				missing = left
			} else if !okRight {
				missing = right
			}
			return fmt.Errorf("tokenizer: %s[%d] is %.60q, and %s has no %.60q", keyMerges, i, line, keyTokens, missing)
		}
		b.merges.add(l, r, merge{rank: uint32(i), id: id})
	}
	return nil
}

func (b *byteLevel) merged(_ string, left, right *symbol) (uint32, int32, bool) {
	m, ok := b.merges.find(left.id, right.id)
	return m.rank, m.id, ok
}

func (b *byteLevel) prefix() bool { return false }

func (b *byteLevel) encode(ids []int32, text string) []int32 {
	b.pre.words(text, func(word string) {
		for len(word) > longest {
			ids = b.word(ids, word[:longest])
			word = word[longest:]
		}
		ids = b.word(ids, word)
	})
	return ids
}

func (b *byteLevel) word(ids []int32, word string) []int32 {
	if b.pre.wholeWords {
		if id, ok := b.whole(word); ok {
			return append(ids, id)
		}
	}
	m := borrow(len(word))
	for i := range len(word) {
		m.add(1, b.bytes[word[i]])
	}
	m.merge(word, b)
	for i := uint32(0); i != edge; i = m.symbols[i].next {
		if id := m.symbols[i].id; id != none {
			ids = append(ids, id)
		}
	}
	m.release()
	return ids
}

// whole finds a word that is a token as it stands.
func (b *byteLevel) whole(word string) (int32, bool) {
	if len(word) > b.vocab.longest {
		return none, false
	}
	var buf [256]byte
	written := buf[:0]
	for i := range len(word) {
		written = utf8.AppendRune(written, runes[word[i]])
	}
	id, ok := b.vocab.ids[string(written)]
	return id, ok && !b.vocab.types[id].hidden()
}

// appendPiece turns the characters of a token back into bytes; one that stands
// for no byte is itself.
func (b *byteLevel) appendPiece(buf []byte, id int32) []byte {
	for _, r := range b.vocab.tokens[id] {
		if c, ok := runeByte(r); ok {
			buf = append(buf, c)
		} else {
			buf = utf8.AppendRune(buf, r)
		}
	}
	return buf
}
