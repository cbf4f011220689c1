package tokenizer_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/trinity-engine/trinity/runtime/tokenizer"
)

// Merges with overlaps, shared parts and orders that matter; Ġ is a space, Ã © é.
var someMerges = []string{"a a", "aa a", "a b", "b a", "Ġ a", "aa aa", "Ġa b", "Ġ Ġ", "1 2", "Ã ©", "b c", "ab c", "Ċ Ċ", "' s"}

// FuzzByteLevel: any bytes come back as they were, and merging is what the
// simplest program that follows the rules does.
func FuzzByteLevel(f *testing.F) {
	for _, s := range []string{"", "aaaaaaa abab  a", "é12123's\n\n\n", "\xff\xc3a", "aaab aaba", strings.Repeat("aab", 30)} {
		f.Add(s)
	}
	var toks []*tokenizer.Tokenizer
	p := byteVocabulary(someMerges, map[string]int64{"<u>": user}, "<u>")
	for _, pre := range []string{"default", "gpt-2", "smollm", "llama-bpe", "dbrx", "qwen2"} {
		toks = append(toks, build(f, p.with(pairs{"tokenizer.ggml.pre": pre})))
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, tok := range toks {
			ids := tok.Encode(text, tokenizer.Options{Special: true})
			if got := tok.Decode(ids); got != text {
				t.Errorf("%q comes back as %q", text, got)
			}
			stream, whole := tok.NewStream(), ""
			for _, id := range ids {
				whole += stream.Push(id)
			}
			if whole += stream.Flush(); utf8.ValidString(text) && whole != text || !utf8.ValidString(whole) {
				t.Errorf("%q streams as %q", text, whole)
			}
		}
		// One word, as the pre-tokenizers see it.
		word := strings.Map(func(r rune) rune {
			if r == 'a' || r == 'b' || r == 'c' {
				return r
			}
			return -1
		}, text)
		if len(word) > 1<<10 {
			return // the reference is slow
		}
		if got, want := texts(t, p, toks[1].Encode(word, tokenizer.Options{})), slowBPE(word); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", word, got, want)
		}
	})
}

// slowBPE applies the first of the merges that is possible, at its leftmost place,
// again and again.
func slowBPE(word string) []string {
	parts := strings.Split(word, "")
	for {
		at, best := -1, len(someMerges)
		for i := 1; i < len(parts); i++ {
			rank := slices.Index(someMerges, parts[i-1]+" "+parts[i])
			if rank >= 0 && rank < best {
				at, best = i, rank
			}
		}
		if at < 0 {
			return parts
		}
		parts = slices.Replace(parts, at-1, at+1, parts[at-1]+parts[at])
	}
}

var somePieces = []string{"▁", "a", "b", "▁a", "ab", "aa", "▁▁", "aab", "b▁", "▁b", "é", "▁a▁"}

// FuzzSentencePiece: any text comes back, and merging follows the scores.
func FuzzSentencePiece(f *testing.F) {
	for _, s := range []string{"", " ", "aab ab  b", "é世\n", "\xff a▁b", strings.Repeat("ab ", 30), "<s>a</s>"} {
		f.Add(s)
	}
	p := pieceVocabulary(somePieces...)
	tok := build(f, p)
	wordwise := pieceVocabulary(slices.DeleteFunc(slices.Clone(somePieces), func(s string) bool {
		return strings.Contains(strings.TrimLeft(s, "▁"), "▁")
	})...)
	words := build(f, wordwise)
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<10 {
			return // the reference is slow
		}
		for _, tok := range []*tokenizer.Tokenizer{tok, words} {
			ids := tok.Encode(text, tokenizer.Options{BOS: true, EOS: true})
			if got, want := tok.Decode(ids), strings.ReplaceAll(text, "▁", " "); got != want {
				t.Errorf("%q comes back as %q", text, got)
			}
		}
		if text == "" || !utf8.ValidString(text) {
			return
		}
		for tok, p := range map[*tokenizer.Tokenizer]pairs{tok: p, words: wordwise} {
			got, want := tok.Encode(text, tokenizer.Options{}), slowPieces(p, text)
			if g := texts(t, p, got); !slices.Equal(g, want) {
				t.Errorf("%q: got %q, want %q", text, g, want)
			}
		}
	})
}

// slowPieces joins the two neighbours that make the best piece, the leftmost of
// them, again and again; pieces come by falling score.
func slowPieces(p pairs, text string) (out []string) {
	tokens, _ := p.Texts("tokenizer.ggml.tokens")
	pieces := tokens[259:]
	parts := strings.Split("▁"+strings.ReplaceAll(text, " ", "▁"), "")
	for {
		at, best := -1, len(pieces)
		for i := 1; i < len(parts); i++ {
			rank := slices.Index(pieces, parts[i-1]+parts[i])
			if rank >= 0 && rank < best {
				at, best = i, rank
			}
		}
		if at < 0 {
			break
		}
		parts = slices.Replace(parts, at-1, at+1, parts[at-1]+parts[at])
	}
	for _, part := range parts {
		if slices.Contains(pieces, part) {
			out = append(out, part)
			continue
		}
		for i := range len(part) {
			out = append(out, tokens[3+int(part[i])])
		}
	}
	return out
}

// FuzzMetadata: no metadata makes New or what it gives panic. Each line of source
// is "key value"; arrays have their values between semicolons.
func FuzzMetadata(f *testing.F) {
	f.Add("model gpt2\npre qwen2\ntokens a;b;ab;<|im_end|>;é\ntoken_type 1;1;1;3;1\nmerges a b\neos_token_id 3", "abab<|im_end|>")
	f.Add("model llama\ntokens <unk>;<s>;</s>;<0x61>;▁;b;▁b\ntoken_type 2;3;3;6;1;1;4\nscores 0;0;0;0;-1;-2;-3\nadd_space_prefix no", "a b <s>")
	f.Add("model gpt2\ntokens ;;a\nmerges \nbos_token_id 4294967295\nadd_bos_token yes", "a")
	f.Add("model llama\ntokens a\nscores NaN", "a")
	f.Add("model gpt2\ntokens a;a\ntoken_type 9;-1\nmerges a a;a  a", "aa")
	f.Fuzz(func(t *testing.T, source, text string) {
		m := parsePairs(source)
		tok, err := tokenizer.New(m)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "tokenizer: ") {
				t.Errorf("the error %q doesn't say where", err)
			}
			return
		}
		for _, opt := range []tokenizer.Options{{}, {Special: true, BOS: true, EOS: true}} {
			stream := tok.NewStream()
			ids := tok.Encode(text, opt)
			for _, id := range ids {
				if id < 0 || int(id) >= tok.Size() {
					t.Fatalf("id %d of %d", id, tok.Size())
				}
				tok.Piece(id)
				if s := stream.Push(id); !utf8.ValidString(s) {
					t.Errorf("streamed %q", s)
				}
			}
			stream.Flush()
			tok.Decode(ids)
		}
	})
}
