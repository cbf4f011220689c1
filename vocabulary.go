package trinity

import (
	"fmt"

	"github.com/trinity-engine/trinity/runtime/tokenizer"
)

// Vocabulary turns text into tokens and back. It doesn't change, so any number of goroutines may use it.
type Vocabulary struct{ tokens *tokenizer.Tokenizer }

// OpenVocabulary reads the vocabulary of a file, which need not hold tensors, and closes it.
func OpenVocabulary(path string) (*Vocabulary, error) {
	file, err := openFile(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	v, err := newVocabulary(metadata{file})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return v, nil
}

func newVocabulary(keys metadata) (*Vocabulary, error) {
	tokens, err := tokenizer.New(keys)
	if err != nil {
		return nil, err
	}
	return &Vocabulary{tokens}, nil
}

// TokenizeOptions say how a text is read; the zero value takes it as it is.
type TokenizeOptions = tokenizer.Options

// Tokenize gives the ids of a text.
func (v *Vocabulary) Tokenize(text string, o TokenizeOptions) []int32 {
	return v.tokens.Encode(text, o)
}

// Piece is the text of one token; it may be a part of a character.
func (v *Vocabulary) Piece(id int32) string { return v.tokens.Piece(id) }

// TokenCount is how many tokens there are: ids are 0 ≤ id < TokenCount.
func (v *Vocabulary) TokenCount() int { return v.tokens.Size() }

// AddBOS tells whether the model expects its first token, BOS, before a text that is no chat.
func (v *Vocabulary) AddBOS() bool { return v.tokens.AddBOS() }
