package tokenizer_test

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/trinity-engine/trinity/runtime/tokenizer"
)

func TestErrors(t *testing.T) {
	bpe := byteVocabulary([]string{"a b"}, nil)
	spm := pieceVocabulary("▁", "a")
	tokens, _ := bpe.Texts("tokenizer.ggml.tokens")
	twice := slices.Clone(tokens)
	twice[7] = twice[3]
	nan := slices.Repeat([]float32{0}, 261)
	nan[5] = float32(math.NaN())
	const g = "tokenizer.ggml."
	for _, tt := range []struct {
		name string
		p    pairs
		want string
	}{
		{"empty", pairs{}, g + "model"},
		{"model", pairs{g + "model": "bert"}, `tokenizer.ggml.model is "bert", which is not supported: this reads gpt2 (byte-level BPE) and llama (SentencePiece)`},
		{"model's type", pairs{g + "model": true}, "model is not a string"},
		{"pre", bpe.with(pairs{g + "pre": "klingon"}), `tokenizer.ggml.pre is "klingon", which is not supported: this knows`},
		{"pre's type", bpe.with(pairs{g + "pre": uint64(1)}), "pre is not a string"},
		{"no tokens", bpe.without(g + "tokens"), "tokens is absent or empty"},
		{"empty tokens", bpe.with(pairs{g + "tokens": []string{}}), "tokens is absent or empty"},
		{"tokens' type", bpe.with(pairs{g + "tokens": "a"}), "tokens is not an array of strings"},
		{"a token twice", bpe.with(pairs{g + "tokens": twice}), "tokens[7] is \"$\" again, as [3] is"},
		{"types too short", bpe.with(pairs{g + "token_type": []int64{1}}), "token_type has 1 values"},
		{"types' type", bpe.with(pairs{g + "token_type": "x"}), "token_type is not an array of integers"},
		{"type", bpe.with(pairs{g + "token_type": slices.Repeat([]int64{7}, len(tokens))}), "token_type[0] is 7"},
		{"negative type", bpe.with(pairs{g + "token_type": slices.Repeat([]int64{-1}, len(tokens))}), "token_type[0] is -1"},
		{"no byte", bpe.with(pairs{g + "token_type": slices.Repeat([]int64{byteType}, len(tokens))}), "tokens[0] is \"!\", which is no byte"},
		{"no merges", bpe.without(g + "merges"), "no tokenizer.ggml.merges"},
		{"merges' type", bpe.with(pairs{g + "merges": false}), "merges is not an array of strings"},
		{"empty merge", bpe.with(pairs{g + "merges": []string{"a b", ""}}), "merges[1] is \"\": want two tokens"},
		{"half a merge", bpe.with(pairs{g + "merges": []string{"a "}}), "merges[0] is \"a \": want two tokens"},
		{"one token", bpe.with(pairs{g + "merges": []string{"ab"}}), "merges[0] is \"ab\": want two tokens"},
		{"unknown left", bpe.with(pairs{g + "merges": []string{"xx b"}}), "merges[0] is \"xx b\", and tokenizer.ggml.tokens has no \"xx\""},
		{"unknown right", bpe.with(pairs{g + "merges": []string{"a yy"}}), "has no \"yy\""},
		{"unknown result", bpe.with(pairs{g + "merges": []string{"a c"}}), "has no \"ac\""},
		{"bos", bpe.with(pairs{g + "bos_token_id": uint64(1 << 20)}), "bos_token_id is 1048576, and the vocabulary has 257 tokens"},
		{"eos", spm.with(pairs{g + "eos_token_id": uint64(math.MaxUint64)}), "eos_token_id is"},
		{"eot", spm.with(pairs{g + "eot_token_id": "x"}), "eot_token_id is not an unsigned integer"},
		{"unknown", spm.with(pairs{g + "unknown_token_id": uint64(261)}), "unknown_token_id is 261"},
		{"add_bos", bpe.with(pairs{g + "add_bos_token": true}), "add_bos_token is true, and the file has no tokenizer.ggml.bos_token_id"},
		{"add_eos", bpe.with(pairs{g + "add_eos_token": true}), "add_eos_token is true, and the file has no tokenizer.ggml.eos_token_id"},
		{"add_eos's type", bpe.with(pairs{g + "add_eos_token": "yes"}), "add_eos_token is not a bool"},
		{"prefix's type", spm.with(pairs{g + "add_space_prefix": uint64(1)}), "add_space_prefix is not a bool"},
		{"no scores", spm.without(g + "scores"), "no tokenizer.ggml.scores"},
		{"scores too short", spm.with(pairs{g + "scores": []float32{1}}), "scores has 1 values, and tokenizer.ggml.tokens 261"},
		{"scores' type", spm.with(pairs{g + "scores": []int64{1}}), "scores is not an array of floats"},
		{"a score", spm.with(pairs{g + "scores": nan}), "scores[5] is not a number"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := tokenizer.New(tt.p)
			if err == nil {
				t.Fatal("no error")
			}
			if s := err.Error(); !strings.HasPrefix(s, "tokenizer: ") || !strings.Contains(s, tt.want) || strings.Contains(s, "\n") {
				t.Errorf("got  %q\nwant %q", s, tt.want)
			}
		})
	}
}

// TestOddButWhole: what looks broken and isn't.
func TestOddButWhole(t *testing.T) {
	bpe := byteVocabulary([]string{"a b", "a b"}[:1], nil, "", "").with(pairs{"tokenizer.ggml.bos_token_id": uint64(math.MaxUint32)})
	types, _ := bpe.Ints("tokenizer.ggml.token_type")
	types[len(types)-1], types[len(types)-2] = normal, control
	for name, p := range map[string]pairs{
		"gaps in the ids": bpe,
		"a merge twice":   bpe.with(pairs{"tokenizer.ggml.merges": []string{"a b", "a b"}}),
		"no merges":       bpe.with(pairs{"tokenizer.ggml.merges": []string{}}),
		"no pre":          bpe.without("tokenizer.ggml.pre"),
	} {
		tok := build(t, p)
		if got := tok.Decode(tok.Encode("abc ab", tokenizer.Options{Special: true})); got != "abc ab" {
			t.Errorf("%s: got %q", name, got)
		}
		if tok.Piece(258) != "" {
			t.Errorf("%s: the empty token is %q", name, tok.Piece(258))
		}
	}
}

// TestNoByteCharacter: a token of characters that stand for no byte is itself.
func TestNoByteCharacter(t *testing.T) {
	tok := build(t, byteVocabulary(nil, map[string]int64{"世 Ġx": normal}, "世 Ġx"))
	if got := tok.Piece(256); got != "世  x" {
		t.Errorf("got %q", got)
	}
}
