package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestPlainLines: a terminal that can't edit is read as it comes.
func TestPlainLines(t *testing.T) {
	var shown strings.Builder
	p := &plainLines{in: bufio.NewReader(strings.NewReader("one\r\n\ntwo")), out: &shown}
	for _, want := range []string{"one", "", "two"} {
		if got, err := p.ReadLine(); got != want || err != nil {
			t.Errorf("%q, %v; want %q", got, err, want)
		}
	}
	if _, err := p.ReadLine(); !errors.Is(err, io.EOF) {
		t.Errorf("%v at the end", err)
	}
	if want := strings.Repeat(promptFirst, 4); shown.String() != want {
		t.Errorf("shown: %q, want %q", shown.String(), want)
	}
}

func TestHistory(t *testing.T) {
	path := filepath.Join(t.TempDir(), "trinity", "history")
	h := readHistory(path)
	for _, line := range []string{"one", " ", "two", "two", "one"} {
		h.Add(line)
	}
	want := []string{"one", "two", "one"}
	for _, h := range []*history{h, readHistory(path)} {
		if diff := cmp.Diff(want, h.lines); diff != "" || h.At(0) != "one" || h.At(1) != "two" {
			t.Error(diff)
		}
	}
	for i := range remembered + 5 {
		h.Add(fmt.Sprint(i))
	}
	h = readHistory(path)
	if data, err := os.ReadFile(path); err != nil || h.Len() != remembered || h.At(0) != fmt.Sprint(remembered+4) || strings.Count(string(data), "\n") != remembered {
		t.Errorf("%d lines, %v", h.Len(), err)
	}
	if h := readHistory(""); h.Len() != 0 {
		t.Error("lines out of nothing")
	} else if h.Add("kept here alone"); h.Len() != 1 {
		t.Error("nothing is kept without a file")
	}
}

func TestCompleteCommand(t *testing.T) {
	for typed, want := range map[string]string{"/h": "/help", "/re": "", "/res": "/reset", "/x": "", "/quit": "/quit"} {
		if got, ok := completeCommand(typed); got != want || ok != (want != "") {
			t.Errorf("%s: %q", typed, got)
		}
	}
}
