package tokenizer_test

import (
	"maps"
	"strconv"
	"strings"
	"testing"

	"github.com/trinity-engine/trinity/runtime/tokenizer"
)

// Types of tokens, as GGUF numbers them.
const (
	normal = 1 + iota
	unknown
	control
	user
	unused
	byteType
)

// byteVocabulary is a byte-level vocabulary: the 256 bytes (ids 0 to 255, in the
// order of their characters), what the merges make, then the named tokens.
func byteVocabulary(merges []string, named map[string]int64, order ...string) pairs {
	var tokens []string
	var types []int64
	for r := rune(0x21); r <= 0x143; r++ {
		if r < 0x7F || r > 0xA0 && r != 0xAD {
			tokens, types = append(tokens, string(r)), append(types, normal)
		}
	}
	for _, m := range merges {
		tokens, types = append(tokens, strings.ReplaceAll(m, " ", "")), append(types, normal)
	}
	for _, name := range order {
		tokens, types = append(tokens, name), append(types, named[name])
	}
	return pairs{
		"tokenizer.ggml.model":      "gpt2",
		"tokenizer.ggml.pre":        "gpt-2",
		"tokenizer.ggml.tokens":     tokens,
		"tokenizer.ggml.token_type": types,
		"tokenizer.ggml.merges":     merges,
	}
}

// pieceVocabulary is a SentencePiece vocabulary: <unk> <s> </s>, the 256 bytes
// (ids 3 to 258), then pieces by falling score.
func pieceVocabulary(pieces ...string) pairs {
	tokens := []string{"<unk>", "<s>", "</s>"}
	types := []int64{unknown, control, control}
	for b := range 256 {
		const hex = "0123456789ABCDEF"
		tokens, types = append(tokens, "<0x"+hex[b>>4:b>>4+1]+hex[b&15:b&15+1]+">"), append(types, byteType)
	}
	scores := make([]float32, len(tokens), len(tokens)+len(pieces))
	for i, p := range pieces {
		tokens, types, scores = append(tokens, p), append(types, normal), append(scores, float32(-i))
	}
	return pairs{
		"tokenizer.ggml.model":      "llama",
		"tokenizer.ggml.tokens":     tokens,
		"tokenizer.ggml.token_type": types,
		"tokenizer.ggml.scores":     scores,
	}
}

// with gives p with more keys, or other values.
func (p pairs) with(more pairs) pairs {
	p = maps.Clone(p)
	maps.Copy(p, more)
	return p
}

// without gives p without a key.
func (p pairs) without(key string) pairs {
	p = maps.Clone(p)
	delete(p, key)
	return p
}

func build(t testing.TB, m tokenizer.Metadata) *tokenizer.Tokenizer {
	t.Helper()
	tok, err := tokenizer.New(m)
	if err != nil {
		t.Fatal(err)
	}
	return tok
}

// texts are the file's texts of ids.
func texts(t testing.TB, p pairs, ids []int32) []string {
	t.Helper()
	tokens, _ := p.Texts("tokenizer.ggml.tokens")
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = tokens[id]
	}
	return out
}

// parsePairs reads lines of "key value", keys without "tokenizer.ggml.".
func parsePairs(source string) pairs {
	p := pairs{}
	for line := range strings.Lines(source) {
		key, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		list := strings.Split(value, ";")
		switch key = "tokenizer.ggml." + key; key {
		case "tokenizer.ggml.tokens", "tokenizer.ggml.merges":
			p[key] = list
		case "tokenizer.ggml.token_type":
			var ints []int64
			for _, s := range list {
				n, _ := strconv.ParseInt(s, 10, 64)
				ints = append(ints, n)
			}
			p[key] = ints
		case "tokenizer.ggml.scores":
			var floats []float32
			for _, s := range list {
				x, _ := strconv.ParseFloat(s, 32)
				floats = append(floats, float32(x))
			}
			p[key] = floats
		default:
			p[key] = value
			if n, err := strconv.ParseUint(value, 10, 64); err == nil {
				p[key] = n
			} else if value == "yes" || value == "no" {
				p[key] = value == "yes"
			}
		}
	}
	return p
}
