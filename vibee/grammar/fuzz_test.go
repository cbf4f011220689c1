package grammar

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// meaning compares trees without their places, comments and blank lines.
var meaning = cmp.Options{
	cmpopts.IgnoreTypes(Pos{}),
	cmpopts.IgnoreFields(File{}, "Text", "Comments", "Blank"),
	cmpopts.IgnoreFields(Head{}, "DocLine"),
}

// FuzzParse: whatever the bytes, parsing ends, does not panic, and an error has a place. What parses
// prints to what parses to the same tree and prints the same, no comment lost.
func FuzzParse(f *testing.F) {
	files, _ := filepath.Glob("../../specs/*/*.vibee")
	own, _ := filepath.Glob("testdata/*/*.vibee")
	for _, name := range append(files, own...) {
		if src, err := os.ReadFile(name); err == nil {
			f.Add(src)
		}
	}
	f.Add([]byte("vibee 1\npackage p\nop f(x: f32) -> y: f32 {\n  y = " + strings.Repeat("(", 300)))
	f.Add([]byte("vibee 1\npackage p\nop f(x: f32) -> y: f32 {\n  y = " + strings.Repeat("-", 300)))
	f.Fuzz(func(t *testing.T, src []byte) {
		file, err := Parse("fuzz.vibee", src)
		list, ok := err.(Errors)
		if err != nil && !ok {
			t.Fatalf("an error of type %T", err)
		}
		for _, e := range list {
			if e.Pos.Line < 1 || e.Pos.Col < 1 || e.Error() == "" {
				t.Errorf("no place: %v", e)
			}
		}
		if err == nil {
			fixed(t, file)
		}
	})
}

// fixed checks that printing a file and parsing it change nothing.
func fixed(t *testing.T, file *File) {
	t.Helper()
	texts := remarks(file)
	out := Print(file)
	if len(out) > maxFile {
		t.Skip("longer than a file may be")
	}
	again, err := Parse("printed.vibee", out)
	if err != nil {
		t.Fatalf("%v\nin\n%s", err, out)
	}
	if d := cmp.Diff(file, again, meaning); d != "" {
		t.Fatalf("the tree changed (-before +after):\n%s\nin\n%s", d, out)
	}
	if d := cmp.Diff(texts, remarks(again)); d != "" {
		t.Fatalf("the comments changed (-before +after):\n%s\nin\n%s", d, out)
	}
	if twice := Print(again); !bytes.Equal(out, twice) {
		t.Fatalf("not idempotent (-once +twice):\n%s", cmp.Diff(string(out), string(twice)))
	}
}

func remarks(f *File) (out []string) {
	for _, c := range f.Comments {
		out = append(out, c.Text)
	}
	return slices.Clip(out)
}
