package grammar

import (
	"os"
	"path/filepath"
	"testing"
)

func TestSpecsParse(t *testing.T) {
	for name, src := range corpus(t) {
		f, err := Parse(name, []byte(src))
		if err != nil {
			t.Error(err)
			continue
		}
		fixed(t, f)
	}
}

// corpus is the specs by their names.
func corpus(t testing.TB) map[string]string {
	t.Helper()
	files, err := filepath.Glob("../../specs/*/*.vibee")
	if err != nil || len(files) == 0 {
		t.Fatalf("no specs: %v", err)
	}
	out := map[string]string{}
	for _, f := range files {
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		out[f] = string(src)
	}
	return out
}
