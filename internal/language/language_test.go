package language

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trinity-engine/trinity/vibee/codegen"
	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/check"
	"github.com/trinity-engine/trinity/vibee/ir/lower"
	"github.com/trinity-engine/trinity/vibee/property"
)

var update = flag.Bool("update", false, "rewrite the messages in docs/language.md")

const page = "../../docs/language.md"

// example is a fenced block, and the message that follows where it is a mistake.
type example struct {
	line     int
	mistake  bool
	src      string
	from, to int // of the message in the page
}

// examples finds the blocks that begin with ```vibee.
func examples(t *testing.T, text string) (out []example) {
	const fence = "```"
	rest, at := text, 0
	next := func(open string) (body string, from int, ok bool) {
		i := strings.Index(rest, fence+open+"\n")
		if i < 0 {
			return "", 0, false
		}
		from = at + i + len(fence+open+"\n")
		end := strings.Index(text[from:], fence)
		if end < 0 {
			t.Fatal("a block has no end")
		}
		at = from + end + len(fence)
		rest = text[at:]
		return text[from : from+end], from, true
	}
	for {
		i := strings.Index(rest, fence+"vibee")
		if i < 0 {
			return out
		}
		kind, _, _ := strings.Cut(rest[i+len(fence):], "\n")
		src, from, _ := next(kind)
		e := example{line: 1 + strings.Count(text[:from], "\n"), src: src}
		switch kind {
		case "vibee":
		case "vibee error":
			e.mistake = true
			message, start, ok := next("text")
			if !ok {
				t.Fatalf("line %d: a mistake has no message", e.line)
			}
			e.from, e.to = start, start+len(message)
		default:
			t.Fatalf("line %d: a block of kind %q", e.line, kind)
		}
		out = append(out, e)
	}
}

// standard are the files of specs/ by package; checking leaves trees as they are.
func standard(t *testing.T) map[string][]*grammar.File {
	t.Helper()
	paths, err := filepath.Glob("../../specs/*/*.vibee")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no specs: %v", err)
	}
	out := map[string][]*grammar.File{}
	for _, path := range paths {
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f, err := grammar.Parse(path, src)
		if err != nil {
			t.Fatal(err)
		}
		out[f.Package.Text] = append(out[f.Package.Text], f)
	}
	return out
}

// compile takes a file through every stage, with the formats and the packages that it imports. Declarations
// alone become a file.
func compile(src string, packages map[string][]*grammar.File) (*check.Program, error) {
	if !strings.HasPrefix(src, "vibee ") {
		src = "vibee 1\npackage example\n" + src
	}
	const name = "example.vibee"
	f, err := grammar.Parse(name, []byte(src))
	if err != nil {
		return nil, err
	}
	files, seen := append([]*grammar.File{f}, packages["formats"]...), map[string]bool{"formats": true}
	for i := 0; i < len(files); i++ {
		for _, n := range files[i].Imports {
			if !seen[n.Text] {
				seen[n.Text] = true
				files = append(files, packages[n.Text]...)
			}
		}
	}
	if _, err := codegen.Compile(files); err != nil {
		return nil, err
	}
	return check.Check(files)
}

// TestExamples compiles every example, runs its properties, and compares the message of every mistake.
func TestExamples(t *testing.T) {
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	packages := standard(t)
	list := examples(t, string(text))
	mistakes := 0
	var out bytes.Buffer
	last := 0
	for _, e := range list {
		prog, err := compile(e.src, packages)
		switch {
		case !e.mistake && err != nil:
			t.Errorf("%s:%d: %v", page, e.line, err)
		case !e.mistake:
			properties(t, e, prog)
		case err == nil:
			t.Errorf("%s:%d: a mistake compiles", page, e.line)
		default:
			mistakes++
			got := err.Error() + "\n"
			if diff := cmp.Diff(string(text[e.from:e.to]), got); diff != "" && !*update {
				t.Errorf("%s:%d: the message is another (-page +compiler):\n%s", page, e.line, diff)
			}
			out.Write(text[last:e.from])
			out.WriteString(got)
			last = e.to
		}
	}
	if len(list) < 20 || mistakes < 5 {
		t.Errorf("%d examples with %d mistakes: are they found?", len(list), mistakes)
	}
	if *update {
		out.Write(text[last:])
		if err := os.WriteFile(page, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func properties(t *testing.T, e example, prog *check.Program) {
	for _, mode := range []lower.Mode{lower.Exact, lower.Scheduled} {
		runner := property.On(property.NewVM(mode))
		for _, p := range prog.Properties {
			if p.Package != "example" {
				continue
			}
			for _, c := range property.Cases(p, prog.Formats, 8) {
				if _, err := runner.Run(c); err != nil {
					t.Errorf("%s:%d: %v", page, e.line, err)
				}
			}
		}
	}
}
