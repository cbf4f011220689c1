package gguf_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/trinity-engine/trinity/runtime/gguf"
)

func TestOpenErrors(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	cut := sample().Bytes()[:500]
	for _, c := range []struct{ what, path, want string }{
		{"a directory", dir, "gguf: " + dir + " is a directory: name the model file inside it"},
		{"a missing file", filepath.Join(dir, "absent"), "gguf: open "},
		{"an empty file", write("empty", nil), "is empty: fetch the model again"},
		{"a text", write("text", []byte("hello, world")), "text: magic: the file begins with \"hell\""},
		{"a truncated file", write("cut", cut), "cut: "},
	} {
		f, err := gguf.Open(c.path)
		if err == nil {
			t.Errorf("%s: opened: %v", c.what, f)
			continue
		}
		if text := err.Error(); !strings.Contains(text, c.want) || strings.Contains(text, "\n") || strings.Count(text, "gguf: ") != 1 {
			t.Errorf("%s: %s, want %q in it", c.what, text, c.want)
		}
	}
	if _, err := gguf.Open(filepath.Join(dir, "absent")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a missing file: %v is not os.ErrNotExist", err)
	}
}

func TestOpenIsParse(t *testing.T) {
	b := sample()
	opened, err := gguf.Open(b.File(t))
	if err != nil {
		t.Fatal(err)
	}
	parsed := parse(t, b.Bytes())
	if diff := cmp.Diff(parsed.Tensors, opened.Tensors, cmpopts.IgnoreUnexported(gguf.Tensor{})); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(parsed.Keys(), opened.Keys()); diff != "" {
		t.Error(diff)
	}
	v, _ := opened.Value("texts")
	texts, _ := v.Texts()
	name := opened.Tensors[0].Name
	for range 2 { // closing twice is harmless
		if err := opened.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if _, ok := opened.Value("texts"); ok || len(opened.Keys()) != 0 || len(opened.Tensors) != 0 {
		t.Error("a closed file has contents")
	}
	if want := []string{"a", "", "Ġthe", "\xff\xfe"}; !cmp.Equal(texts, want) || name != "token_embd.weight" {
		t.Errorf("after Close: %q, %q", texts, name)
	}
}
