package jinja

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/trinity-engine/trinity/internal/shared"
)

// noon is the time that the golden renderings were made at.
var noon = time.Date(2026, 7, 4, 12, 0, 0, 0, time.UTC)

// rendering is one case of a golden file: what Python's jinja2 makes of an input.
type rendering struct {
	Template string          `json:"template,omitempty"`
	Input    json.RawMessage `json:"input"`
	Output   *string         `json:"output,omitempty"`
	Error    string          `json:"error,omitempty"` // "Type: message"
}

func readJSON[T any](t testing.TB, path string) (v T) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(data, &v)
	}
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return v
}

func renderJSON(src string, input []byte) (string, error) {
	tpl, err := Parse(src)
	if err != nil {
		return "", err
	}
	vars, err := FromJSON(input)
	if err != nil {
		return "", err
	}
	return tpl.Render(vars.(*Dict), Options{Now: noon})
}

// check compares a rendering with Python's: the text, or the kind of error and,
// where the template raised it, its message.
func (c rendering) check(t *testing.T, src string) {
	t.Helper()
	got, err := renderJSON(src, c.Input)
	if c.Output != nil {
		if err != nil {
			t.Fatalf("%v\nwant %q", err, *c.Output)
		}
		if diff := cmp.Diff(*c.Output, got); diff != "" {
			t.Fatalf("-python +jinja:\n%s", diff)
		}
		return
	}
	if err == nil {
		t.Fatalf("no error, but %q; want %s", got, c.Error)
	}
	var raised *RaisedError
	kind, message, _ := strings.Cut(c.Error, ": ")
	if errors.As(err, &raised) != (kind == "TemplateError") {
		t.Fatalf("error %v; want %s", err, c.Error)
	}
	if raised != nil && raised.Message != message {
		t.Fatalf("raised %q; want %q", raised.Message, message)
	}
}

func TestChatTemplates(t *testing.T) {
	dir := shared.Path(t, "golden/templates")
	files, err := filepath.Glob(filepath.Join(dir, "*.jinja"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no templates in %s", dir)
	}
	for _, file := range files {
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(file, ".jinja")
		for id, c := range readJSON[map[string]rendering](t, name+".json") {
			t.Run(filepath.Base(name)+"/"+id, func(t *testing.T) { c.check(t, string(src)) })
		}
	}
}
