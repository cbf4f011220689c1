package tokenizer_test

import (
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/trinity-engine/trinity/runtime/tokenizer"
)

func TestStream(t *testing.T) {
	tok := build(t, pieceVocabulary("▁a", "é", "\xe2\x82"))
	token := func(b byte) int32 { return 3 + int32(b) }
	for _, tt := range []struct {
		name string
		ids  []int32
		want []string // of each token, then of Flush
	}{
		{"nothing", nil, []string{""}},
		{"spaces stay", []int32{259, 259}, []string{" a", " a", ""}},
		{"control is silent", []int32{1, 259, 2}, []string{"", " a", "", ""}},
		{"a character in bytes", []int32{token(0xF0), token(0x9F), token(0x99), token(0x82)}, []string{"", "", "", "🙂", ""}},
		{"a half in one token", []int32{261, token(0xAC)}, []string{"", "€", ""}},
		{"a control token between", []int32{token(0xC3), 1, token(0xA9)}, []string{"", "", "é", ""}},
		{"cut at the end", []int32{259, token(0xF0), token(0x9F)}, []string{" a", "", "", "\uFFFD"}},
		{"cut by a letter", []int32{token(0xF0), token(0x9F), token('x')}, []string{"", "", "\uFFFDx", ""}},
		{"cut by a lead", []int32{token(0xE2), token(0xC3), token(0xA9)}, []string{"", "\uFFFD", "é", ""}},
		{"never valid", []int32{token(0xFF), token(0x80), token(0xC0)}, []string{"\uFFFD", "\uFFFD", "\uFFFD", ""}},
		{"a surrogate", []int32{token(0xED), token(0xA0), token(0x80)}, []string{"", "\uFFFD\uFFFD", "\uFFFD", ""}},
		{"no token", []int32{-5, 1 << 30}, []string{"", "", ""}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := tok.NewStream()
			var got []string
			for _, id := range tt.ids {
				got = append(got, s.Push(id))
			}
			if diff := cmp.Diff(tt.want, append(got, s.Flush())); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			if again := s.Flush(); again != "" {
				t.Errorf("a second Flush gave %q", again)
			}
		})
	}
}

// FuzzStream: byte tokens in any order give valid UTF-8, none late, the same as
// the bytes together.
func FuzzStream(f *testing.F) {
	f.Add([]byte("a🙂\xf0\x9fx\xe2\x82"))
	f.Add([]byte("\xed\xa0\x80\xc0\xaf\xf4\x90"))
	tok := build(f, pieceVocabulary())
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<8 {
			return // the reference is slow
		}
		s, got := tok.NewStream(), ""
		for i, b := range data {
			got += s.Push(3 + int32(b))
			if !utf8.ValidString(got) {
				t.Fatalf("%q after %q", got, data[:i+1])
			}
			if late := len(whole(data[:i+1])) - len(got); late > 3 {
				t.Fatalf("%d bytes are late after %q", late, data[:i+1])
			}
		}
		if got += s.Flush(); got != whole(data) {
			t.Errorf("got %q, want %q", got, whole(data))
		}
	})
}

// whole replaces what is no UTF-8, the longest part of a character at once, as
// Unicode recommends.
func whole(data []byte) string {
	out := ""
	for len(data) > 0 {
		r, n := utf8.DecodeRune(data)
		if r == utf8.RuneError && n == 1 {
			// A part is what some continuation bytes would complete.
			for m := min(3, len(data)); m > 1; m-- {
				if completes(data[:m]) {
					n = m
					break
				}
			}
		}
		out += string(r)
		data = data[n:]
	}
	return out
}

func completes(b []byte) bool {
	for _, tail := range []string{"\x80", "\xbf", "\x80\x80", "\xbf\xbf"} {
		if r, n := utf8.DecodeRuneInString(string(b) + tail); n == len(b)+len(tail) && r != utf8.RuneError {
			return true
		}
	}
	return false
}

var sink string

func BenchmarkPiece(b *testing.B) {
	tok := open(b, "smollm2")
	ids := tok.Encode("Once upon a time there was a fox.", tokenizer.Options{})
	for b.Loop() {
		for _, id := range ids {
			sink = tok.Piece(id)
		}
	}
}
