package trinity

import (
	"fmt"

	"github.com/trinity-engine/trinity/runtime/gguf"
	"github.com/trinity-engine/trinity/runtime/tokenizer"
)

// Vocabulary turns text into tokens and back.
type Vocabulary struct{ tokens *tokenizer.Tokenizer }

// OpenVocabulary reads the vocabulary of a file; it may hold no tensors.
func OpenVocabulary(path string) (*Vocabulary, error) {
	file, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	tokens, err := tokenizer.New(metadata{file})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return &Vocabulary{tokens}, nil
}

// Tokenize gives the ids of a text; the text of control tokens becomes those tokens where special
// is set.
func (v *Vocabulary) Tokenize(text string, special bool) []int32 {
	return v.tokens.Encode(text, tokenizer.Options{Special: special})
}

// Piece is the text of one token.
func (v *Vocabulary) Piece(id int32) string { return v.tokens.Piece(id) }

// metadata reads a file's keys for the tokenizer.
type metadata struct{ *gguf.File }

func (m metadata) Has(key string) bool { _, ok := m.Value(key); return ok }

func read[T any](m metadata, key string, as func(gguf.Value) (T, bool)) (out T, ok bool) {
	v, ok := m.Value(key)
	if !ok {
		return out, false
	}
	return as(v)
}

func (m metadata) Text(key string) (string, bool)      { return read(m, key, gguf.Value.Text) }
func (m metadata) Texts(key string) ([]string, bool)   { return read(m, key, gguf.Value.Texts) }
func (m metadata) Floats(key string) ([]float32, bool) { return read(m, key, gguf.Value.Floats) }
func (m metadata) Ints(key string) ([]int64, bool)     { return read(m, key, gguf.Value.Ints) }
func (m metadata) Uint(key string) (uint64, bool)      { return read(m, key, gguf.Value.Uint) }
func (m metadata) Bool(key string) (bool, bool)        { return read(m, key, gguf.Value.Bool) }
