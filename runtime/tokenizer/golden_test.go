package tokenizer_test

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/trinity-engine/trinity/internal/shared"
	"github.com/trinity-engine/trinity/runtime/gguf"
	"github.com/trinity-engine/trinity/runtime/tokenizer"
)

// golden are the vocabularies of which other programs' tokens are known.
var golden = []string{"gpt-2", "llama-bpe", "qwen2", "smollm2", "tiny", "llama-spm"}

var vocabularies sync.Map // name → *tokenizer.Tokenizer

// open gives a golden vocabulary, or that of a model ("tales").
func open(t testing.TB, name string) *tokenizer.Tokenizer {
	t.Helper()
	if v, ok := vocabularies.Load(name); ok {
		return v.(*tokenizer.Tokenizer)
	}
	tok, err := tokenizer.New(file{metadata(t, name)})
	if err != nil {
		t.Fatal(err)
	}
	vocabularies.Store(name, tok)
	return tok
}

func metadata(t testing.TB, name string) *gguf.File {
	t.Helper()
	var path string
	switch name {
	case "smollm2":
		path = shared.Model(t, name)
	case "tales":
		path = shared.Path(t, "models/tales.gguf")
	case "tiny":
		path = shared.Path(t, "golden/arch/llama.gguf")
	default:
		return unzip(t, shared.Path(t, "golden/tokenizer/"+name+".gguf.gz"))
	}
	f, err := gguf.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func unzip(t testing.TB, path string) *gguf.File {
	t.Helper()
	raw, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	zipped, err := gzip.NewReader(raw)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(zipped)
	if err != nil {
		t.Fatal(err)
	}
	f, err := gguf.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// lines are the golden texts.
func lines(t testing.TB) []string {
	t.Helper()
	data, err := os.ReadFile(shared.Path(t, "golden/tokenizer/text.txt"))
	if err != nil {
		t.Fatal(err)
	}
	unescape := strings.NewReplacer(`\n`, "\n", `\t`, "\t", `\r`, "\r", `\\`, `\`)
	texts := strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
	for i, s := range texts {
		texts[i] = unescape.Replace(s)
	}
	return texts
}

func TestGolden(t *testing.T) {
	texts := lines(t)
	for _, name := range golden {
		t.Run(name, func(t *testing.T) {
			tok := open(t, name)
			data, err := os.ReadFile(shared.Path(t, "golden/tokenizer/"+name+".json"))
			if err != nil {
				t.Fatal(err)
			}
			var want [][]int32
			if err := json.Unmarshal(data, &want); err != nil {
				t.Fatal(err)
			}
			if len(want) != len(texts) || len(texts) != 245 {
				t.Fatalf("%d texts and ids for %d, want 245", len(texts), len(want))
			}
			for i, text := range texts {
				got := tok.Encode(text, tokenizer.Options{})
				if diff := cmp.Diff(want[i], got, cmpopts.EquateEmpty()); diff != "" {
					t.Errorf("line %d %q (-want +got):\n%s", i+1, text, diff)
				}
			}
		})
	}
}

func TestGoldenBack(t *testing.T) {
	texts := lines(t)
	for _, name := range append(golden, "tales") {
		t.Run(name, func(t *testing.T) {
			tok := open(t, name)
			for i, text := range texts {
				ids := tok.Encode(text, tokenizer.Options{})
				want := text
				if name == "llama-spm" { // which can't tell ▁ from a space
					want = strings.ReplaceAll(text, "▁", " ")
				}
				if got := tok.Decode(ids); got != want {
					t.Errorf("line %d: got %q, want %q", i+1, got, want)
				}
				stream, whole := tok.NewStream(), ""
				for _, id := range ids {
					s := stream.Push(id)
					if !utf8.ValidString(s) {
						t.Errorf("line %d: the stream gave %q", i+1, s)
					}
					whole += s
				}
				whole += stream.Flush()
				if name == "llama-spm" && want != "" {
					want = " " + want
				}
				if whole != want {
					t.Errorf("line %d: the stream gave %q, want %q", i+1, whole, want)
				}
			}
		})
	}
}
