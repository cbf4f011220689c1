package tokenizer

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The patterns as their models publish them, in Go's regular expressions, which
// know \s as ASCII only and no (?!\S).
const (
	spaces    = `\t-\r \x{85}\p{Z}`
	gpt2Rules = `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^` + spaces + `\p{L}\p{N}]+|blanks`
	llamaHead = `'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD]|[^\r\n\p{L}\p{N}]?\p{L}+|`
	llamaTail = `| ?[^` + spaces + `\p{L}\p{N}]+[\r\n]*|[` + spaces + `]*[\r\n]+|blanks`
)

var references = map[string][]string{
	"gpt-2":     {gpt2Rules},
	"smollm":    {`\p{N}`, gpt2Rules},
	"llama-bpe": {llamaHead + `\p{N}{1,3}` + llamaTail},
	"dbrx":      {llamaHead + `\p{N}{1,3}` + llamaTail},
	"qwen2":     {llamaHead + `\p{N}` + llamaTail},
	"default":   {`[\p{P}$+<=>^~|]+`, gpt2Rules, `\p{N}+`, `[0-9][0-9][0-9]`},
}

var (
	compiled  = map[string]*regexp.Regexp{}
	someWhite = regexp.MustCompile(`^[` + spaces + `]+`)
)

// match is the length of the pattern's match at the start of s, or 0.
func match(pattern, s string) int {
	head, blank := strings.CutSuffix(pattern, "|blanks")
	if compiled[head] == nil {
		compiled[head] = regexp.MustCompile(`^(?:` + head + `)`)
	}
	if m := compiled[head].FindString(s); m != "" || !blank {
		return len(m)
	}
	white := someWhite.FindString(s)
	if len(white) < len(s) { // \s+(?!\S), else \s+
		all := []rune(white)
		if shorter := string(all[:max(len(all)-1, 0)]); shorter != "" {
			return len(shorter)
		}
	}
	return len(white)
}

// slowly cuts text by patterns: what one matches is a word, so is what lies between.
func slowly(text string, patterns []string) (words []string) {
	if len(patterns) == 0 {
		return []string{text}
	}
	gap := 0
	flush := func(to int) {
		if gap < to {
			words = append(words, slowly(text[gap:to], patterns[1:])...)
		}
	}
	for i := 0; i < len(text); {
		n := match(patterns[0], text[i:])
		if n == 0 {
			_, size := first(text[i:])
			i += size
			continue
		}
		flush(i)
		words = append(words, slowly(text[i:i+n], patterns[1:])...)
		i += n
		gap = i
	}
	flush(len(text))
	return words
}

func wordsOf(name, text string) (words []string) {
	pretokenizers[name].words(text, func(w string) { words = append(words, w) })
	return words
}

func TestWords(t *testing.T) {
	for _, tt := range []struct {
		name, text string
		want       []string
	}{
		{"gpt-2", "Hello  world's 12a!?\n\n x", []string{"Hello", " ", " world", "'s", " 12", "a", "!?", "\n\n", " x"}},
		{"gpt-2", "x  \n", []string{"x", "  \n"}},
		{"gpt-2", "I'LL'll", []string{"I", "'", "LL", "'ll"}},
		{"smollm", "a 12 ", []string{"a", " ", "1", "2", " "}},
		{"llama-bpe", "12345 I'LL (x)\n\n\ty", []string{"123", "45", " I", "'LL", " (", "x", ")\n\n", "\ty"}},
		{"llama-bpe", " \n \n  a\u00a0b", []string{" \n \n", " ", " a", "\u00a0b"}},
		{"qwen2", "12  ½", []string{"1", "2", " ", " ", "½"}},
		{"default", "a, b+c 12345 x", []string{"a", ",", " b", "+", "c", " ", "123", "45", " x"}},
		{"default", "don't ¿é?", []string{"don", "'", "t", " ", "¿", "é", "?"}},
		{"default", "１２345", []string{"１２", "345"}},
	} {
		if diff := cmp.Diff(tt.want, wordsOf(tt.name, tt.text)); diff != "" {
			t.Errorf("%s %q (-want +got):\n%s", tt.name, tt.text, diff)
		}
		if diff := cmp.Diff(tt.want, slowly(tt.text, references[tt.name])); diff != "" {
			t.Errorf("the reference of %s %q (-want +got):\n%s", tt.name, tt.text, diff)
		}
	}
}

// TestEveryCharacter puts each character that Go knows between others.
func TestEveryCharacter(t *testing.T) {
	for name := range references {
		for r := rune(0); r <= 0x323B0; r += 1 + r/0x3000 { // all, then fewer and fewer
			text := "a" + string(r) + " " + string(r) + string(r) + "1 '" + string(r)
			if got, want := wordsOf(name, text), slowly(text, references[name]); !slices.Equal(got, want) {
				t.Fatalf("%s: %U in %q: got %q, want %q", name, r, text, got, want)
			}
		}
	}
}

// FuzzWords: each pre-tokenizer cuts any text as its patterns do.
func FuzzWords(f *testing.F) {
	for _, s := range []string{"", "a", "Hello  world's 12345 \r\n\t x!", "'S'rE'll'LLa", " \u00a0\u2028\u3000x", "\xff\xf0\x9f a\x80", "½Ⅷ１٣ é́", "  \n  \n  "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<10 {
			return // the patterns are slow
		}
		for _, name := range []string{"gpt-2", "smollm", "llama-bpe", "dbrx", "qwen2", "default"} {
			patterns := references[name]
			if got, want := wordsOf(name, text), slowly(text, patterns); !slices.Equal(got, want) {
				t.Errorf("%s: %q: got %q, want %q", name, text, got, want)
			}
		}
	})
}
