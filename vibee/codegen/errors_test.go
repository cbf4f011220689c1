package codegen_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trinity-engine/trinity/vibee/codegen"
	"github.com/trinity-engine/trinity/vibee/grammar"
)

var update = flag.Bool("update", false, "write the golden files")

// TestErrors: the mistakes of testdata/errors/NAME.txt, a list of files after lines `-- NAME.vibee --`, are
// what its last part says, `-- errors --`.
func TestErrors(t *testing.T) {
	names, err := filepath.Glob("testdata/errors/*.txt")
	if err != nil || len(names) < 50 {
		t.Fatalf("%d files of mistakes: %v", len(names), err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			head, want, _ := strings.Cut(string(text), "-- errors --\n")
			_, err = codegen.Compile(parse(t, head))
			if err == nil {
				t.Fatal("no error")
			}
			got := err.Error() + "\n"
			if *update {
				if err := os.WriteFile(name, []byte(head+"-- errors --\n"+got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// parse reads the files of an archive.
func parse(t *testing.T, archive string) (files []*grammar.File) {
	t.Helper()
	parts := strings.Split("\n"+archive, "\n-- ")
	for _, part := range parts[1:] {
		name, src, ok := strings.Cut(part, " --\n")
		if !ok {
			t.Fatalf("no file name in %q", part)
		}
		f, err := grammar.Parse(name, []byte(src+"\n"))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}
