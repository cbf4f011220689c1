package synthetic

import (
	"fmt"
	"strings"

	"github.com/trinity-engine/trinity/runtime/gguf"
)

// prefix is what keys of a vocabulary begin with.
const prefix = "tokenizer."

// Metadata is the keys and values of a model file.
type Metadata interface {
	Keys() []string
	Value(key string) (gguf.Value, bool)
}

// copyVocabulary takes the vocabulary of another file.
func copyVocabulary(head *gguf.Head, from Metadata, want int) error {
	tokens, _ := from.Value(prefix + "ggml.tokens")
	if tokens.Len() != want {
		return fmt.Errorf("synthetic: the vocabulary has %d tokens, the shape %d: take a file with as many", tokens.Len(), want)
	}
	for _, key := range from.Keys() {
		if strings.HasPrefix(key, prefix) {
			v, _ := from.Value(key)
			head.Set(key, v)
		}
	}
	return nil
}

// The types of tokens, as GGUF numbers them.
const (
	unknownToken = 2
	controlToken = 3
	unusedToken  = 5
	byteToken    = 6
)

// makeVocabulary makes a small one of SentencePiece's kind, in which each byte is a token, and says nothing of the rest.
func makeVocabulary(head *gguf.Head, size int) {
	tokens, types := []string{"<unk>", "<s>", "</s>"}, []int32{unknownToken, controlToken, controlToken}
	for b := range 256 {
		tokens, types = append(tokens, fmt.Sprintf("<0x%02X>", b)), append(types, byteToken)
	}
	for len(tokens) < size {
		tokens, types = append(tokens, fmt.Sprintf("<unused%d>", len(tokens))), append(types, unusedToken)
	}
	head.Set(prefix+"ggml.model", gguf.OfText("llama"))
	head.Set(prefix+"ggml.tokens", gguf.OfTexts(tokens))
	head.Set(prefix+"ggml.scores", gguf.OfFloats(make([]float32, size)))
	head.Set(prefix+"ggml.token_type", gguf.OfInts(types))
	head.Set(prefix+"ggml.unknown_token_id", gguf.OfUint32(0))
	head.Set(prefix+"ggml.bos_token_id", gguf.OfUint32(1))
	head.Set(prefix+"ggml.eos_token_id", gguf.OfUint32(2))
}
