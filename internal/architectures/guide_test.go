package architectures

import (
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/trinity-engine/trinity/vibee/codegen"
	"github.com/trinity-engine/trinity/vibee/source"
)

// TestGuide compiles the examples of docs/models.md beside the specs.
func TestGuide(t *testing.T) {
	text, err := os.ReadFile("../../docs/models.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```vibee\n(.*?)```").FindAllSubmatch(text, -1)
	if len(blocks) < 2 {
		t.Fatalf("%d examples", len(blocks))
	}
	for i, b := range blocks {
		path := filepath.Join(t.TempDir(), "mine.vibee")
		if err := os.WriteFile(path, b[1], 0o600); err != nil {
			t.Fatal(err)
		}
		prog, err := source.Load("../../specs", path)
		if err == nil {
			_, err = codegen.Build(prog)
		}
		if err != nil {
			t.Errorf("example %d: %v", i+1, err)
		}
	}
}
