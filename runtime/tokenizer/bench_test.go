package tokenizer_test

import (
	"os"
	"strings"
	"testing"

	"github.com/trinity-engine/trinity/internal/shared"
	"github.com/trinity-engine/trinity/runtime/tokenizer"
)

// TestOneLetter: a mebibyte of one letter, which is one word of 2^20 symbols. BenchmarkEncode says how long it takes.
func TestOneLetter(t *testing.T) {
	for _, name := range golden {
		t.Run(name, func(t *testing.T) {
			tok := open(t, name)
			for _, letter := range []string{"a", "é"} {
				text := strings.Repeat(letter, 1<<20/len(letter))
				if ids := tok.Encode(text, tokenizer.Options{}); tok.Decode(ids) != text {
					t.Errorf("1 MiB of %q: %d tokens give another text back", letter, len(ids))
				}
			}
		})
	}
}

func prose(b *testing.B) string {
	b.Helper()
	data, err := os.ReadFile(shared.Path(b, "golden/smollm2/text.txt"))
	if err != nil {
		b.Fatal(err)
	}
	return string(data)
}

func BenchmarkEncode(b *testing.B) {
	texts := map[string]string{"letter": strings.Repeat("a", 1<<20), "chinese": strings.Repeat("你好，世界！今天天气很好。", 1<<12)}
	texts["prose"] = prose(b)
	for _, name := range golden {
		tok := open(b, name)
		for _, kind := range []string{"prose", "chinese", "letter"} {
			b.Run(name+"/"+kind, func(b *testing.B) {
				b.SetBytes(int64(len(texts[kind])))
				b.ReportAllocs()
				for b.Loop() {
					tok.Encode(texts[kind], tokenizer.Options{})
				}
			})
		}
	}
}

func BenchmarkStream(b *testing.B) {
	text := prose(b)
	for _, name := range []string{"smollm2", "llama-spm"} {
		tok := open(b, name)
		ids := tok.Encode(text, tokenizer.Options{})
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				s := tok.NewStream()
				for _, id := range ids {
					s.Push(id)
				}
			}
		})
	}
}

func BenchmarkNew(b *testing.B) {
	for _, name := range golden {
		f := file{metadata(b, name)}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := tokenizer.New(f); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
