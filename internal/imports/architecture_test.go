package imports

import (
	"os"
	"strings"
	"testing"
)

// TestArchitecture: the page names every package that is not generated.
func TestArchitecture(t *testing.T) {
	text, err := os.ReadFile("../../docs/architecture.md")
	if err != nil {
		t.Fatal(err)
	}
	all := list(t, "./...", "Imports")
	if len(all) < 20 {
		t.Errorf("%d packages: are they found?", len(all))
	}
	for path := range all {
		name := strings.TrimPrefix(path, "./")
		if name == "." || strings.HasPrefix(name, "gen/") {
			continue
		}
		if !strings.Contains(string(text), "`"+name+"`") {
			t.Errorf("docs/architecture.md does not name %s", name)
		}
	}
}
