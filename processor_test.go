package trinity_test

import (
	"context"
	"strings"
	"testing"

	"github.com/trinity-engine/trinity"
	"github.com/trinity-engine/trinity/runtime/cpu"
)

// TestProcessor: a variant that is unknown is an error, and the text is the same on each that there is.
func TestProcessor(t *testing.T) {
	t.Setenv("TRINITY_CPU", "sse9")
	if _, err := trinity.Open("tales", trinity.Options{}); err == nil || !strings.Contains(err.Error(), `TRINITY_CPU=sse9: cpu: "sse9" is no variant`) {
		t.Errorf("%v", err)
	}
	names := []string{cpu.Generic}
	for _, v := range cpu.Variants {
		if cpu.Has(v.Name) {
			names = append(names, v.Name)
		} else {
			t.Logf("this processor lacks %s", v.Name)
		}
	}
	texts := map[string]string{}
	for _, name := range names {
		t.Setenv("TRINITY_CPU", name)
		m, err := trinity.Open("tales", trinity.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for tok, err := range m.Chat(context.Background(), []trinity.Message{{Role: "user", Content: "Tell me a story."}}, trinity.GenerateOptions{MaxTokens: 40}) {
			if err != nil {
				t.Fatal(err)
			}
			texts[name] += tok.Text
		}
		m.Close()
		if texts[name] == "" || texts[name] != texts[cpu.Generic] {
			t.Errorf("%s: %q, in plain Go %q", name, texts[name], texts[cpu.Generic])
		}
	}
}
