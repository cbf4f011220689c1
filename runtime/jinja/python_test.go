package jinja

import (
	"encoding/json"
	"testing"
)

// TestPython runs the templates of testdata/python.py: Python's answers are in python.json.
func TestPython(t *testing.T) {
	golden := readJSON[struct {
		Input json.RawMessage
		Cases map[string]rendering
	}](t, "testdata/python.json")
	if len(golden.Cases) < 400 {
		t.Fatalf("only %d cases", len(golden.Cases))
	}
	for id, c := range golden.Cases {
		c.Input = golden.Input
		t.Run(id, func(t *testing.T) {
			t.Logf("template %q", c.Template)
			c.check(t, c.Template)
		})
	}
}
