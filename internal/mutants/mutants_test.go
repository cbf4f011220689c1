package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTable: every entry fits the source as it is now.
func TestTable(t *testing.T) {
	all := everything()
	if len(all) < 40 {
		t.Errorf("only %d mutants", len(all))
	}
	names := map[string]bool{}
	for _, m := range all {
		if names[m.name] {
			t.Errorf("mutant %q is there twice", m.name)
		}
		names[m.name] = true
		if _, err := m.source("../.."); err != nil {
			t.Error(err)
		}
	}
}

func TestSample(t *testing.T) {
	all := everything()
	some := sample(all, 6, "a seed")
	if len(some) != 6 || !cmp.Equal(some, sample(all, 6, "a seed"), cmp.AllowUnexported(mutant{}, check{})) {
		t.Errorf("%d mutants, or others the second time", len(some))
	}
	if cmp.Equal(some, sample(all, 6, "another"), cmp.AllowUnexported(mutant{}, check{})) {
		t.Error("another seed gives the same mutants")
	}
	if n := len(sample(all, 0, "a seed")); n != len(all) {
		t.Errorf("%d of %d", n, len(all))
	}
}

// TestTry: what changes no result survives, and only a test that runs and fails notices.
func TestTry(t *testing.T) {
	root := module(t, map[string]string{
		"go.mod": "module sums\n\ngo 1.26\n",
		"sum.go": "package sums\n\nfunc Sum(a, b int) int { return a + b }\n",
		"sum_test.go": "package sums\n\nimport \"testing\"\n\nfunc TestSum(t *testing.T) {\n\tif Sum(1, 2) != 3 {\n\t\tt.Error(Sum(1, 2))\n\t}\n}\n\nfunc TestNothing(t *testing.T) { t.Skip(\"never\") }\n\n" +
			"func TestLess(t *testing.T) { t.Skip(\"this processor lacks much\") }\n",
	})
	by := check{pkg: ".", test: "TestSum"}
	for _, c := range []check{by, {pkg: ".", test: "TestLess"}} {
		if partial, err := sound(root, c); err != nil || partial != (c != by) {
			t.Errorf("%s: partial: %v, %v", c, partial, err)
		}
	}
	for test, want := range map[string]string{"TestNothing": "skips", "TestSu": "there is no such test"} {
		if _, err := sound(root, check{pkg: ".", test: test}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", test, err, want)
		}
	}
	for _, c := range []struct{ old, new, noticed, failure string }{
		{"a + b", "a - b", "TestSum", ""},
		{"a + b", "b + a", "", ""},
		{"a + b", "[]int{}[a]", "TestSum", ""},
		{"a + b", "c", "", "does not build"},
		{"a + b", "a +", "", "expected operand"},
		{"a * b", "a", "", "0 times"},
		{"a", "b", "", "4 times"},
	} {
		noticed, err := try(root, mutant{name: c.new, file: "sum.go", old: c.old, new: c.new, by: by})
		if noticed != c.noticed || (err == nil) != (c.failure == "") || err != nil && !strings.Contains(err.Error(), c.failure) {
			t.Errorf("%s for %s: noticed by %q, %v", c.new, c.old, noticed, err)
		}
	}
	src, err := os.ReadFile(filepath.Join(root, "sum.go"))
	if err != nil || !strings.Contains(string(src), "a + b") {
		t.Errorf("the file itself was changed: %s, %v", src, err)
	}
}

func module(t *testing.T, files map[string]string) string {
	root := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}
