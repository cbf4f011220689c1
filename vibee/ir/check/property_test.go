package check_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/check"
)

var updateProperties = flag.Bool("update-properties", false, "rewrite testdata/property.golden")

// TestPropertyMistakes: each mistake of a property is said where it stands.
func TestPropertyMistakes(t *testing.T) {
	const name = "testdata/property.vibee"
	src, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	file, err := grammar.Parse(filepath.Base(name), src)
	if err != nil {
		t.Fatal(err)
	}
	_, err = check.Check([]*grammar.File{file})
	errs, ok := err.(grammar.Errors)
	if !ok {
		t.Fatalf("no mistakes, but %v", err)
	}
	var lines []string
	for _, e := range errs {
		lines = append(lines, e.Error())
	}
	got := strings.Join(lines, "\n") + "\n"
	golden := strings.TrimSuffix(name, ".vibee") + ".golden"
	if *updateProperties {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", golden, diff)
	}
}
