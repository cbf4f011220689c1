package trinity

import (
	"context"
	"strings"
	"testing"
)

func TestStop(t *testing.T) {
	m, err := Open("tales", Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	answer := func(o GenerateOptions) string {
		var text strings.Builder
		for tok, err := range m.Chat(context.Background(), []Message{{Role: "user", Content: "Tell me a story about a fox."}}, o) {
			if err != nil {
				t.Fatal(err)
			}
			text.WriteString(tok.Text)
		}
		return text.String()
	}
	whole := answer(GenerateOptions{MaxTokens: 40})
	at := len(whole) / 2
	stop := whole[at : at+5]
	want := whole[:strings.Index(whole, stop)]
	if got := answer(GenerateOptions{MaxTokens: 40, Stop: []string{stop}}); got != want {
		t.Errorf("stopped at %q: got %q, want %q", stop, got, want)
	}
}
