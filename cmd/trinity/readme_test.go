package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
)

// TestReadme runs the commands that README.md shows: transcripts give what they show, but for where lines
// break, and the others, with tales for the reader's file, succeed.
func TestReadme(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	story := filepath.Join(t.TempDir(), "text.txt")
	if err := os.WriteFile(story, []byte("Once upon a time there was a fox."), 0o600); err != nil {
		t.Fatal(err)
	}
	converted := filepath.Join(t.TempDir(), "model.tri")
	commands := 0
	for _, block := range regexp.MustCompile("(?s)```console\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		for part := range strings.SplitSeq(strings.TrimPrefix(block[1], "$ "), "\n$ ") {
			command, want, _ := strings.Cut(part, "\n")
			got := must(t, words(command)[1:]...)
			if commands++; strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(want), " ") {
				t.Errorf("%s: %q, README.md says %q", command, got, want)
			}
		}
	}
	for _, block := range regexp.MustCompile("(?s)```sh\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		for line := range strings.Lines(block[1]) {
			args, ok := strings.CutPrefix(line, "./trinity ")
			if !ok {
				args, ok = strings.CutPrefix(line, "go run ./cmd/trinity ")
			}
			if !ok || strings.Contains(args, "# on a terminal") {
				continue
			}
			commands++
			args = strings.NewReplacer("model.gguf", "tales", "model.tri", filepath.ToSlash(converted), "text.txt", filepath.ToSlash(story)).Replace(args)
			must(t, words(args)...)
		}
	}
	if commands < 9 {
		t.Errorf("README.md shows %d commands only: were they found?", commands)
	}
}

// words splits a command line as a shell does: quotes hold words together, # begins a comment.
func words(line string) (all []string) {
	word, begun, quoted := "", false, false
	end := func() {
		if begun {
			all = append(all, word)
		}
		word, begun = "", false
	}
	for _, r := range line {
		switch {
		case r == '"':
			quoted, begun = !quoted, true
		case quoted:
			word += string(r)
		case unicode.IsSpace(r):
			end()
		case r == '#' && !begun:
			return all
		default:
			word, begun = word+string(r), true
		}
	}
	end()
	return all
}
