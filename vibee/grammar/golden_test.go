package grammar

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files")

// golden compares with what the file beside name holds.
func golden(t *testing.T, name, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s (-want +got):\n%s", name, d)
	}
}

// TestLayout: each testdata/print/NAME.vibee is laid out as NAME.golden.
func TestLayout(t *testing.T) {
	for _, name := range sources(t, "print") {
		src, _ := os.ReadFile(name)
		out, err := Layout(filepath.Base(name), src)
		if err != nil {
			t.Error(err)
			continue
		}
		golden(t, strings.TrimSuffix(name, ".vibee")+".golden", string(out))
		file, _ := Parse(name, src)
		fixed(t, file)
		for i, line := range strings.Split(string(out), "\n") {
			if strings.TrimRight(line, " \t") != line {
				t.Errorf("%s:%d ends with a space", name, i+1)
			}
		}
	}
}

// TestSyntaxErrors: the mistakes of testdata/errors/NAME.vibee are NAME.golden's.
func TestSyntaxErrors(t *testing.T) {
	for _, name := range sources(t, "errors") {
		src, _ := os.ReadFile(name)
		_, err := Parse(filepath.Base(name), src)
		if err == nil {
			t.Errorf("%s: no error", name)
			continue
		}
		var all []string
		for _, e := range err.(Errors) {
			all = append(all, e.Error())
		}
		golden(t, strings.TrimSuffix(name, ".vibee")+".golden", strings.Join(all, "\n")+"\n")
	}
}

func sources(t *testing.T, folder string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", folder, "*.vibee"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no files in testdata/%s: %v", folder, err)
	}
	return files
}
