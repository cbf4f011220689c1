package grammar

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestCommentsAnywhere puts comments, new lines and blank lines between random tokens of all
// files: the tree stays the same, and the printer keeps each comment.
func TestCommentsAnywhere(t *testing.T) {
	for _, seed := range seeds(t, 3) {
		rng := rand.New(rand.NewPCG(seed, 1))
		for _, f := range tokensOf(t) {
			name, tokens := f.name, f.tokens
			var b strings.Builder
			for i, tok := range tokens {
				b.WriteString(tok)
				switch rng.IntN(40) {
				case 0:
					fmt.Fprintf(&b, " // after %d\n", i)
				case 1:
					fmt.Fprintf(&b, "\n// own %d\n", i)
				case 2:
					fmt.Fprintf(&b, "\n\n  // apart %d \n\n", i)
				case 3:
					b.WriteString("\n\n\n")
				default:
					b.WriteByte(" \n"[rng.IntN(30)/29])
				}
			}
			file, err := Parse(name, []byte(b.String()))
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			fixed(t, file)
			if t.Failed() {
				t.Fatalf("seed %d, %s", seed, name)
			}
		}
	}
}

// TestRandomTokens changes random tokens of all files: what still parses is printed to the same.
func TestRandomTokens(t *testing.T) {
	extra := strings.Fields(`( ) [ ] { } , ; : . .. = == < + - * ^ ! ~ xor as if else in sum max magnitude inout let by "s" 1 0x1f 2.5e-3 f64 x //c`)
	parsed := 0
	for _, seed := range seeds(t, 3) {
		rng := rand.New(rand.NewPCG(seed, 2))
		for _, f := range tokensOf(t) {
			name, tokens := f.name, f.tokens
			head, rest := tokens[:4], tokens[4:]
			from := rng.IntN(len(rest))
			list := append([]string{}, rest...)
			for range 1 + rng.IntN(3) {
				i := min(from+rng.IntN(20), len(list)-1)
				switch rng.IntN(4) {
				case 0:
					list = append(list[:i], list[i+1:]...)
				case 1:
					list[i] = extra[rng.IntN(len(extra))]
				case 2:
					list[i] += " " + extra[rng.IntN(len(extra))]
				case 3:
					j := rng.IntN(len(list))
					list[i], list[j] = list[j], list[i]
				}
			}
			src := strings.Join(head, " ") + " " + strings.ReplaceAll(strings.Join(list, " "), "//c", "//c\n")
			file, err := Parse(name, []byte(src))
			if err != nil {
				continue
			}
			parsed++
			fixed(t, file)
			if t.Failed() {
				t.Fatalf("seed %d, %s:\n%s", seed, name, src)
			}
		}
	}
	if parsed == 0 {
		t.Error("nothing parsed")
	}
}

// seeds are those of a short run, or the one of a failure.
func seeds(t *testing.T, n int) (out []uint64) {
	t.Helper()
	if testing.Short() {
		n = 2
	}
	for i := range n {
		out = append(out, uint64(i))
	}
	return out
}

type tokenFile struct {
	name   string
	tokens []string
}

// tokensOf gives the tokens of the specs and the files of testdata.
func tokensOf(t *testing.T) (out []tokenFile) {
	t.Helper()
	files, _ := filepath.Glob("../../specs/*/*.vibee")
	own, _ := filepath.Glob("testdata/print/*.vibee")
	for _, name := range append(files, own...) {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		s, bad := scan(name, src)
		if bad != nil {
			t.Fatal(bad)
		}
		f := tokenFile{name: name}
		for _, tok := range s.tokens {
			if !tok.EOF() {
				f.tokens = append(f.tokens, tok.Value)
			}
		}
		out = append(out, f)
	}
	return out
}
