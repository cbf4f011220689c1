package codegen_test

import (
	"bytes"
	"flag"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/trinity-engine/trinity/vibee/codegen"
	"github.com/trinity-engine/trinity/vibee/codegen/bytecode"
	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/source"
)

var seeds = flag.Int("seeds", 300, "mutated files to compile")

// FuzzCompile: whatever the bytes of a file, the whole front end ends and does not panic, together with
// the real packages that the file imports; what is no error compiles to verified programs.
func FuzzCompile(f *testing.F) {
	specs := packages(f)
	for _, list := range specs {
		for _, file := range list {
			f.Add(file.Text)
		}
	}
	mistakes, _ := filepath.Glob("testdata/errors/*.txt")
	for _, name := range mistakes {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		head, _, _ := strings.Cut(string(text), "-- errors --\n")
		for _, part := range strings.Split("\n"+head, "\n-- ")[1:] {
			_, src, _ := strings.Cut(part, " --\n")
			f.Add([]byte(src))
		}
	}
	f.Fuzz(func(t *testing.T, src []byte) { compile(t, specs, src) })
}

// TestMutations: real specs with a few words exchanged, left out or doubled are compiled or refused.
func TestMutations(t *testing.T) {
	specs := packages(t)
	var files []*grammar.File
	for _, list := range specs {
		files = append(files, list...)
	}
	slices.SortFunc(files, func(a, b *grammar.File) int { return strings.Compare(a.File, b.File) })
	words := regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_]*|[0-9.]+|"[^"\n]*"|[^\s]`)
	accepted, refused := 0, 0
	for seed := range uint64(*seeds) {
		r := rand.New(rand.NewPCG(seed, 3))
		src := string(files[r.IntN(len(files))].Text)
		for range 1 + r.IntN(2) {
			at := words.FindAllStringIndex(src, -1)
			x, y := at[r.IntN(len(at))], at[r.IntN(len(at))]
			switch word := src[y[0]:y[1]]; r.IntN(4) {
			case 0:
				src = src[:x[0]] + src[x[1]:]
			case 1:
				src = src[:x[0]] + word + " " + src[x[0]:]
			default:
				src = src[:x[0]] + word + src[x[1]:]
			}
		}
		if ok := compile(t, specs, []byte(src)); ok {
			accepted++
		} else {
			refused++
		}
		if t.Failed() {
			t.Fatalf("seed %d:\n%s", seed, src)
		}
	}
	if accepted == 0 || refused == 0 {
		t.Errorf("%d accepted, %d refused", accepted, refused)
	}
}

// packages are the real specs by package; of the formats, a few that differ much.
func packages(t testing.TB) map[string][]*grammar.File {
	files, err := source.Read("../../specs")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]*grammar.File{}
	for _, f := range files {
		if f.Package.Text == "formats" && !slices.Contains([]string{"float.vibee", "q4_k.vibee", "ternary.vibee"}, path.Base(f.File)) {
			continue
		}
		out[f.Package.Text] = append(out[f.Package.Text], f)
	}
	return out
}

// compile compiles a file with the real packages that it imports, and reports whether it is right.
func compile(t *testing.T, specs map[string][]*grammar.File, src []byte) bool {
	file, err := grammar.Parse("fuzz.vibee", src)
	if err != nil {
		return false
	}
	files := []*grammar.File{file}
	if file.Package.Text != "formats" && bytes.Contains(src, []byte("any[")) {
		files = append(files, specs["formats"]...)
	}
	have := map[string]bool{file.Package.Text: true}
	for i := 0; i < len(files); i++ {
		for _, n := range files[i].Imports {
			if !have[n.Text] {
				have[n.Text] = true
				files = append(files, specs[n.Text]...)
			}
		}
	}
	unit, err := codegen.Compile(files)
	if err != nil {
		list, ok := err.(grammar.Errors)
		if !ok {
			t.Errorf("an error of type %T: %v", err, err)
		}
		for _, e := range list {
			if e.Pos.Line < 1 || e.Pos.Col < 1 || strings.Contains(e.Message, "fault of the compiler") {
				t.Errorf("%v", e)
			}
		}
		return false
	}
	for _, op := range unit.Ops {
		for _, p := range op.VM {
			if _, err := bytecode.Compile(p); err != nil {
				t.Errorf("%s: %v", p.Name, err)
			}
		}
	}
	return true
}
