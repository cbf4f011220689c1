package tokenizer_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trinity-engine/trinity/runtime/tokenizer"
)

func TestSentencePiece(t *testing.T) {
	base := pieceVocabulary("▁a", "bc", "ab", "▁", "a", "b", "c", "▁b", "▁a▁b", "▁▁", "<x>")
	types, _ := base.Ints("tokenizer.ggml.token_type")
	types[len(types)-1] = user
	phi := base.with(pairs{"tokenizer.strip_after_special": true, "tokenizer.ggml.add_space_prefix": false})
	for _, tt := range []struct {
		name string
		p    pairs
		text string
		opt  tokenizer.Options
		want []string
		back string
	}{
		{"scores", base, "abc", tokenizer.Options{}, []string{"▁a", "bc"}, "abc"},
		{"across a space", base, "a b", tokenizer.Options{}, []string{"▁a▁b"}, "a b"},
		{"leftmost", base, "  ", tokenizer.Options{}, []string{"▁▁", "▁"}, "  "},
		{"no space before", phi, "abc", tokenizer.Options{}, []string{"a", "bc"}, "abc"},
		{"bytes", phi, "é\n", tokenizer.Options{}, []string{"<0xC3>", "<0xA9>", "<0x0A>"}, "é\n"},
		{"not UTF-8", phi, "\xff\xe2a", tokenizer.Options{}, []string{"<0xFF>", "<0xE2>", "a"}, "\xff\xe2a"},
		{"control is text", phi, "<s>", tokenizer.Options{}, []string{"<0x3C>", "<0x73>", "<0x3E>"}, "<s>"},
		{"a byte's name is text", phi, "<0x0A>", tokenizer.Options{}, []string{"<0x3C>", "<0x30>", "<0x78>", "<0x30>", "<0x41>", "<0x3E>"}, "<0x0A>"},
		{"space at each start", base, "a<x>a", tokenizer.Options{}, []string{"▁a", "<x>", "▁a"}, "a<x>a"},
		{"around", base, "a</s>a", tokenizer.Options{Special: true, BOS: true, EOS: true}, []string{"<s>", "▁a", "</s>", "▁a", "</s>"}, "aa"},
		{"phi-3 strips", phi, "<x> \n a", tokenizer.Options{}, []string{"<x>", "a"}, "<x>a"},
		{"phi-3 doesn't", phi, "<s> a", tokenizer.Options{Special: true}, []string{"<s>", "▁a"}, " a"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tok := build(t, tt.p)
			ids := tok.Encode(tt.text, tt.opt)
			if diff := cmp.Diff(tt.want, texts(t, tt.p, ids)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if got := tok.Decode(ids); got != tt.back {
				t.Errorf("back comes %q, want %q", got, tt.back)
			}
		})
	}
}

// TestNoBytes: without byte tokens a character is unknown, byte by byte.
func TestNoBytes(t *testing.T) {
	p := pairs{
		"tokenizer.ggml.model":  "llama",
		"tokenizer.ggml.tokens": []string{"<unk>", "<s>", "</s>", "▁", "a"},
		"tokenizer.ggml.scores": make([]float32, 5),
	}
	if diff := cmp.Diff([]int32{3, 4, 0, 0}, build(t, p).Encode("aé", tokenizer.Options{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	none := p.with(pairs{"tokenizer.ggml.unknown_token_id": uint64(1<<32 - 1)})
	if diff := cmp.Diff([]int32{3, 4}, build(t, none).Encode("aé", tokenizer.Options{})); diff != "" {
		t.Errorf("without an unknown token (-want +got):\n%s", diff)
	}
}
