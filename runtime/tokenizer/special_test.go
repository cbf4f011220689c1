package tokenizer_test

import (
	"encoding/json"
	"os"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trinity-engine/trinity/internal/shared"
	"github.com/trinity-engine/trinity/runtime/tokenizer"
)

func TestSpecialTokens(t *testing.T) {
	type facts struct {
		BOS, EOS       string
		AddBOS, AddEOS bool
		Ends           []string // all of them
	}
	for name, want := range map[string]facts{
		"gpt-2":     {BOS: "<|endoftext|>", EOS: "<|endoftext|>", Ends: []string{"<|endoftext|>"}},
		"llama-bpe": {BOS: "<|begin_of_text|>", EOS: "<|end_of_text|>", AddBOS: true, Ends: []string{"<|end_of_text|>", "<|eot_id|>"}},
		"qwen2":     {BOS: "<|endoftext|>", EOS: "<|endoftext|>", Ends: []string{"<|endoftext|>", "<|im_end|>"}},
		"smollm2":   {BOS: "<|im_start|>", EOS: "<|im_end|>", Ends: []string{"<|endoftext|>", "<|im_end|>"}},
		"tiny":      {BOS: "<|endoftext|>", EOS: "<|im_end|>", Ends: []string{"<|endoftext|>", "<|im_end|>"}},
		"tales":     {BOS: "<|im_start|>", EOS: "<|im_end|>", Ends: []string{"<|endoftext|>", "<|im_end|>"}},
		"llama-spm": {BOS: "<s>", EOS: "</s>", AddBOS: true, Ends: []string{"</s>"}},
	} {
		t.Run(name, func(t *testing.T) {
			tok := open(t, name)
			got := facts{AddBOS: tok.AddBOS(), AddEOS: tok.AddEOS()}
			if id, ok := tok.BOS(); ok {
				got.BOS = tok.Piece(id)
			}
			if id, ok := tok.EOS(); ok {
				got.EOS = tok.Piece(id)
			}
			for id := range int32(tok.Size()) {
				if tok.EOG(id) {
					got.Ends = append(got.Ends, tok.Piece(id))
					if !tok.Special(id) {
						t.Errorf("%q ends the answer, and isn't special", tok.Piece(id))
					}
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestChats: a rendered prompt, control tokens recognized.
func TestChats(t *testing.T) {
	for name, path := range map[string]string{"smollm2": "golden/smollm2/smollm2.json", "tales": "golden/tales/tales.json"} {
		data, err := os.ReadFile(shared.Path(t, path))
		if err != nil {
			t.Fatal(err)
		}
		var file struct {
			Chat []struct {
				Name, Prompt string
				IDs          []int32
			}
		}
		if err := json.Unmarshal(data, &file); err != nil {
			t.Fatal(err)
		}
		if len(file.Chat) == 0 {
			t.Fatalf("%s has no chats", path)
		}
		tok := open(t, name)
		for _, c := range file.Chat {
			got := tok.Encode(c.Prompt, tokenizer.Options{Special: true})
			if diff := cmp.Diff(c.IDs, got); diff != "" {
				t.Errorf("%s %s (-want +got):\n%s", name, c.Name, diff)
			}
			whole := ""
			stream := tok.NewStream()
			stream.Special = true
			for _, id := range got {
				whole += stream.Push(id)
			}
			if whole += stream.Flush(); whole != c.Prompt {
				t.Errorf("%s %s: back comes %q", name, c.Name, whole)
			}
		}
	}
}

func TestOptions(t *testing.T) {
	named := map[string]int64{"<s>": control, "<e>": control, "<u>": user, "<u><u>": user, "xy": user, "<no>": unused, "yz": user}
	p := byteVocabulary([]string{"a b"}, named, "<s>", "<e>", "<u>", "<u><u>", "xy", "<no>", "yz").with(pairs{
		"tokenizer.ggml.bos_token_id": uint64(257), "tokenizer.ggml.eos_token_id": uint64(258),
	})
	tok := build(t, p)
	for _, tt := range []struct {
		text string
		opt  tokenizer.Options
		want []string
	}{
		{"", tokenizer.Options{}, []string{}},
		{"", tokenizer.Options{BOS: true, EOS: true}, []string{"<s>", "<e>"}},
		{"ab", tokenizer.Options{BOS: true, EOS: true}, []string{"<s>", "ab", "<e>"}},
		{"a<s>b", tokenizer.Options{}, []string{"a", "<", "s", ">", "b"}},
		{"a<s>b<e>", tokenizer.Options{Special: true}, []string{"a", "<s>", "b", "<e>"}},
		{"a<u>b", tokenizer.Options{}, []string{"a", "<u>", "b"}},
		{"<u><u><u>", tokenizer.Options{}, []string{"<u><u>", "<u>"}},
		{"<u><s><u>", tokenizer.Options{Special: true}, []string{"<u>", "<s>", "<u>"}},
		{"xyz", tokenizer.Options{}, []string{"xy", "z"}},
		{"<no>", tokenizer.Options{Special: true}, []string{"<", "n", "o", ">"}},
	} {
		if diff := cmp.Diff(tt.want, texts(t, p, tok.Encode(tt.text, tt.opt))); diff != "" {
			t.Errorf("%q %+v (-want +got):\n%s", tt.text, tt.opt, diff)
		}
	}
	ids := tok.Encode("a<s>b<u>", tokenizer.Options{Special: true})
	if got := tok.Decode(append(ids, -1, 1<<30)); got != "ab<u>" {
		t.Errorf("decoded without control tokens: %q", got)
	}
	if id, ok := tok.ID("<u>"); !ok || tok.Special(id) || tok.Piece(id) != "<u>" {
		t.Errorf("<u> is %d, %v", id, ok)
	}
	for _, id := range []int32{-1, int32(tok.Size())} {
		if tok.Piece(id) != "" || tok.Special(id) || tok.EOG(id) || tok.NewStream().Push(id) != "" {
			t.Errorf("%d is no token", id)
		}
	}
}

// TestEndings: what ends an answer though no key says so, and whatever its type.
func TestEndings(t *testing.T) {
	p := byteVocabulary([]string{"< /", "</ s", "</s >"}, map[string]int64{"<end_of_turn>": normal, "<|eot_id|>": user, "<x>": control},
		"<end_of_turn>", "<|eot_id|>", "<x>").with(pairs{"tokenizer.ggml.eom_token_id": uint64(261)})
	tok := build(t, p)
	for text, want := range map[string]bool{"<end_of_turn>": true, "<|eot_id|>": true, "<x>": true, "</s>": false, "a": false} {
		id, ok := tok.ID(text)
		if !ok || tok.EOG(id) != want || tok.Special(id) != want {
			t.Errorf("%s: EOG %v, special %v, want %v", text, tok.EOG(id), tok.Special(id), want)
		}
	}
	if _, ok := tok.BOS(); ok || tok.AddBOS() {
		t.Error("there is no BOS")
	}
	if ids := tok.Encode("a", tokenizer.Options{BOS: true, EOS: true}); len(ids) != 1 {
		t.Errorf("with an absent BOS and EOS: %d", ids)
	}
}

// TestUntyped: a file without token types.
func TestUntyped(t *testing.T) {
	tok := build(t, pieceVocabulary("▁", "a").without("tokenizer.ggml.token_type"))
	for id, want := range map[int32]bool{0: true, 1: true, 2: true, 3: false, 259: false} {
		if tok.Special(id) != want {
			t.Errorf("%q: special %v, want %v", tok.Piece(id), tok.Special(id), want)
		}
	}
	if got := tok.Piece(3 + 'x'); got != "x" {
		t.Errorf("<0x78> is %q", got)
	}
}

func TestManyAtOnce(t *testing.T) {
	tok := build(t, byteVocabulary([]string{"a b", "ab c"}, nil))
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 200 {
				if got := tok.Decode(tok.Encode("abc ab c abcabc", tokenizer.Options{})); got != "abc ab c abcabc" {
					t.Errorf("got %q", got)
					return
				}
			}
		})
	}
	all.Wait()
}
