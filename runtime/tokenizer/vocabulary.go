package tokenizer

import (
	"fmt"
	"math"
	"strconv"
)

// kind is a token's type, numbered as GGUF does.
type kind uint8

const (
	kindUndefined kind = iota
	kindNormal
	kindUnknown
	kindControl
	kindUser
	kindUnused
	kindByte
)

// hidden: the token stands for no text.
func (k kind) hidden() bool { return k == kindUnknown || k == kindControl || k == kindUnused }

// vocabulary is the file's list of tokens; tokens, types are indexed by id.
type vocabulary struct {
	tokens  []string // as the file writes them
	types   []kind
	ids     map[string]int32
	longest int  // bytes of the longest token
	typed   bool // the file gave the types
}

func readVocabulary(keys reader) (vocabulary, error) {
	texts, err := keys.texts(keyTokens)
	if err != nil {
		return vocabulary{}, err
	}
	if len(texts) == 0 {
		return vocabulary{}, fmt.Errorf("tokenizer: %s is absent or empty: the file holds no vocabulary", keyTokens)
	}
	if len(texts) > math.MaxInt32 {
		return vocabulary{}, fmt.Errorf("tokenizer: %s has %d tokens, more than an id can count", keyTokens, len(texts))
	}
	types, typed, err := readTypes(keys, len(texts))
	if err != nil {
		return vocabulary{}, err
	}
	v := vocabulary{tokens: texts, types: types, ids: make(map[string]int32, len(texts)), typed: typed}
	for i, text := range v.tokens {
		if text == "" {
			continue // a gap in the ids, which no text can reach
		}
		if first, ok := v.ids[text]; ok {
			return vocabulary{}, fmt.Errorf("tokenizer: %s[%d] is %.40q again, as [%d] is", keyTokens, i, text, first)
		}
		v.ids[text] = int32(i)
		v.longest = max(v.longest, len(text))
		if _, ok := byteToken(text); !ok && types[i] == kindByte {
			return vocabulary{}, fmt.Errorf("tokenizer: %s[%d] is %.40q, which is no byte: want <0x00> to <0xFF>", keyTokens, i, text)
		}
	}
	return v, nil
}

func readTypes(keys reader, size int) ([]kind, bool, error) {
	types := make([]kind, size)
	given, ok := keys.Ints(keyTypes)
	if !ok {
		for i := range types {
			types[i] = kindNormal
		}
		return types, false, keys.wrong(keyTypes, "an array of integers")
	}
	if len(given) != size {
		return nil, false, mismatch(keyTypes, len(given), size)
	}
	for i, k := range given {
		if k < int64(kindUndefined) || k > int64(kindByte) {
			return nil, false, fmt.Errorf("tokenizer: %s[%d] is %d: types are 0 to %d", keyTypes, i, k, kindByte)
		}
		types[i] = kind(k)
	}
	return types, true, nil
}

func mismatch(key string, n, size int) error {
	return fmt.Errorf("tokenizer: %s has %d values, and %s %d", key, n, keyTokens, size)
}

// byteToken reads "<0xHH>", the token of a byte in a vocabulary of characters.
func byteToken(text string) (byte, bool) {
	if len(text) != 6 || text[:3] != "<0x" || text[5] != '>' {
		return 0, false
	}
	b, err := strconv.ParseUint(text[3:5], 16, 8)
	return byte(b), err == nil
}
