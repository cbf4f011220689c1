package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// remembered is how many lines a history keeps.
const remembered = 1000

// history holds what was entered, in this conversation and in earlier ones.
type history struct {
	lines []string // oldest first
	path  string   // "" where there is none to keep it in
}

// newHistory reads the user's history: trinity/history in the folder of caches.
func newHistory() *history {
	dir, err := os.UserCacheDir()
	if err != nil {
		return readHistory("")
	}
	return readHistory(filepath.Join(dir, "trinity", "history"))
}

func readHistory(path string) *history {
	h := &history{path: path}
	data, err := os.ReadFile(path)
	if err != nil {
		return h
	}
	h.lines = slices.DeleteFunc(strings.Split(string(data), "\n"), func(s string) bool { return s == "" })
	if len(h.lines) > remembered {
		h.lines = h.lines[len(h.lines)-remembered:]
		h.write(os.O_TRUNC, strings.Join(h.lines, "\n")+"\n")
	}
	return h
}

// Add notes a line, unless it is blank or the last again.
func (h *history) Add(line string) {
	if strings.TrimSpace(line) == "" || h.Len() > 0 && h.At(0) == line {
		return
	}
	h.lines = append(h.lines, line)
	h.write(os.O_APPEND, line+"\n")
}

// write does without the file where it can't be had.
func (h *history) write(how int, text string) {
	if h.path == "" || os.MkdirAll(filepath.Dir(h.path), 0o700) != nil {
		return
	}
	file, err := os.OpenFile(h.path, os.O_CREATE|os.O_WRONLY|how, 0o600)
	if err != nil {
		return
	}
	defer file.Close()
	_, _ = file.WriteString(text)
}

// Len is how many lines there are.
func (h *history) Len() int { return len(h.lines) }

// At gives a line, 0 the last.
func (h *history) At(i int) string { return h.lines[len(h.lines)-1-i] }
