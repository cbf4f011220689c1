package tokenizer

import (
	"fmt"
	"math"
)

// Metadata is a model file's key-value part. Each method gives false when the key
// is absent or of another type. What it gives stays valid and as it is.
type Metadata interface {
	Text(key string) (string, bool)
	Texts(key string) ([]string, bool)
	Floats(key string) ([]float32, bool)
	Ints(key string) ([]int64, bool)
	Uint(key string) (uint64, bool)
	Bool(key string) (bool, bool)
	Has(key string) bool // whether the key is there, of whatever type
}

const (
	keyModel    = "tokenizer.ggml.model"
	keyPre      = "tokenizer.ggml.pre"
	keyTokens   = "tokenizer.ggml.tokens"
	keyTypes    = "tokenizer.ggml.token_type"
	keyScores   = "tokenizer.ggml.scores"
	keyMerges   = "tokenizer.ggml.merges"
	keyBOS      = "tokenizer.ggml.bos_token_id"
	keyEOS      = "tokenizer.ggml.eos_token_id"
	keyEOT      = "tokenizer.ggml.eot_token_id"
	keyEOM      = "tokenizer.ggml.eom_token_id"
	keyUnknown  = "tokenizer.ggml.unknown_token_id"
	keyAddBOS   = "tokenizer.ggml.add_bos_token"
	keyAddEOS   = "tokenizer.ggml.add_eos_token"
	keyAddSpace = "tokenizer.ggml.add_space_prefix"
	keyStrips   = "tokenizer.strip_after_special" // special tokens take the white space behind them
)

// none is the id of an absent token.
const none int32 = -1

// reader adds to Metadata that a key of the wrong type is an error.
type reader struct{ Metadata }

// wrong is nil when the key is absent.
func (r reader) wrong(key, want string) error {
	if r.Has(key) {
		return fmt.Errorf("tokenizer: %s is not %s", key, want)
	}
	return nil
}

func (r reader) text(key, otherwise string) (string, error) {
	if v, ok := r.Text(key); ok {
		return v, nil
	}
	return otherwise, r.wrong(key, "a string")
}

func (r reader) texts(key string) ([]string, error) {
	if v, ok := r.Texts(key); ok {
		return v, nil
	}
	return nil, r.wrong(key, "an array of strings")
}

func (r reader) flag(key string, otherwise bool) (bool, error) {
	if v, ok := r.Bool(key); ok {
		return v, nil
	}
	return otherwise, r.wrong(key, "a bool")
}

// id reads the id of a token of a vocabulary of that size. Some files write 2^32-1
// for "none".
func (r reader) id(key string, otherwise int32, size int) (int32, error) {
	v, ok := r.Uint(key)
	switch {
	case !ok:
		if otherwise >= int32(size) {
			otherwise = none
		}
		return otherwise, r.wrong(key, "an unsigned integer")
	case v == math.MaxUint32:
		return none, nil
	case v >= uint64(size):
		return none, fmt.Errorf("tokenizer: %s is %d, and the vocabulary has %d tokens", key, v, size)
	}
	return int32(v), nil
}
