package trinity

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestReadme: the program that README.md shows compiles, and prints what README.md says.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	program := regexp.MustCompile("(?s)```go\n(.*?)```").FindSubmatch(text)
	prints := regexp.MustCompile("It prints `([^`]+)`").FindSubmatch(text)
	if program == nil || prints == nil {
		t.Fatal("README.md has no program, or doesn't say what it prints")
	}
	file := filepath.Join(t.TempDir(), "main.go")
	if err := os.WriteFile(file, program[1], 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("go", "run", file).CombinedOutput()
	if err != nil || !strings.HasPrefix(string(out), string(prints[1])) {
		t.Errorf("%v: %q, README.md says %q", err, out, prints[1])
	}
}
