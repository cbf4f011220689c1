package fused

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFind: what Go fuses is found on every target, and what is rounded by a conversion is not fused.
func TestFind(t *testing.T) {
	const source = `package sums

func Fused(a, b, c float64) float64 {
	product := a * b
	return product + c // line 5
}

func Rounded(a, b, c float64) float64 {
	return float64(a*b) + c
}
`
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module sums\n\ngo 1.26\n", "sums.go": source} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, target := range Targets {
		found, err := Find(dir, target, ".")
		if err != nil {
			t.Fatal(err)
		}
		if len(found) != 1 || !strings.Contains(found[0], "sums.go:") || strings.Contains(found[0], "sums.go:9") {
			t.Errorf("%s: found %q", target, found)
		}
	}
}

// TestGenerated: nothing in gen is fused.
func TestGenerated(t *testing.T) {
	for _, target := range Targets[:2] {
		found, err := Find("../../../..", target, "./gen/...")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			t.Errorf("%s: %s", target, f)
		}
	}
}
