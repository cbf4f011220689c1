package jinja

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/trinity-engine/trinity/internal/shared"
)

// FuzzRender takes any template and any input: it ends, within its limits, with a
// text or an error of this package.
func FuzzRender(f *testing.F) {
	golden := readJSON[struct {
		Input json.RawMessage
		Cases map[string]rendering
	}](f, "testdata/python.json")
	for _, c := range golden.Cases {
		f.Add(c.Template, []byte(golden.Input))
	}
	files, _ := filepath.Glob(filepath.Join(shared.Root(), "golden/templates/*.jinja"))
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(src), []byte(`{"messages": [{"role": "user", "content": "Hi"}], "add_generation_prompt": true}`))
	}
	f.Fuzz(func(t *testing.T, src string, input []byte) {
		v, err := FromJSON(input)
		vars, _ := v.(*Dict)
		if err != nil {
			vars = nil
		}
		tpl, err := Parse(src)
		if err != nil {
			checkError(t, err)
			return
		}
		text, err := tpl.Render(vars, Options{Now: noon, Steps: 20_000, Output: 1 << 16})
		if len(text) > 1<<16 {
			t.Fatalf("%d bytes", len(text))
		}
		if err != nil {
			checkError(t, err)
		}
	})
}

func checkError(t *testing.T, err error) {
	t.Helper()
	var raised *RaisedError
	var mistake *Error
	switch {
	case errors.As(err, &raised):
		if raised.Line < 1 || raised.Col < 1 {
			t.Fatalf("no place: %v", err)
		}
	case errors.As(err, &mistake):
		if mistake.Line < 1 || mistake.Col < 1 || mistake.Message == "" {
			t.Fatalf("no place or no message: %v", err)
		}
	default:
		t.Fatalf("error %T %v", err, err)
	}
}

// FuzzJSON takes any bytes: a value that is read is written as JSON again.
func FuzzJSON(f *testing.F) {
	for _, s := range []string{`{"a": [1, 2.5, "x", null, true]}`, `1e999`, `-0`, `[[[]]]`, `{"a": 1, "a": 2}`, `"\ud800"`, `[1`, `{} 1`} {
		f.Add([]byte(s))
	}
	tpl, err := Parse("{{ v|tojson }}")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := FromJSON(data)
		if err != nil {
			return
		}
		vars := NewDict()
		vars.Set("v", v)
		first, err := tpl.Render(vars, Options{})
		if errors.Is(err, ErrLimit) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if v, err = FromJSON([]byte(first)); err != nil {
			t.Skip("an infinity") // Python writes what JSON hasn't
		}
		vars.Set("v", v)
		if again, err := tpl.Render(vars, Options{}); err != nil || again != first {
			t.Fatalf("%q, then %q, %v", first, again, err)
		}
	})
}
