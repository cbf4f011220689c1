package language

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
	lines := goList(t, "./...")
	if len(lines) < 20 {
		t.Errorf("%d packages: are they found?", len(lines))
	}
	for _, line := range lines {
		name := strings.TrimPrefix(strings.TrimPrefix(line, module), "/")
		if name == "" || strings.HasPrefix(name, "gen/") {
			continue
		}
		if !strings.Contains(string(text), "`"+name+"`") {
			t.Errorf("docs/architecture.md does not name %s", name)
		}
	}
}
