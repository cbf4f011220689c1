package golang

import (
	"flag"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

var update = flag.Bool("update", false, "rewrite golden files")

const module = "github.com/trinity-engine/trinity"

// emit gives the files of a package with the given programs.
func emit(t testing.TB, name string, programs ...*loop.Program) map[string][]byte {
	t.Helper()
	p := NewPackage(Config{Module: module, Path: "gen/" + name, Name: name, Doc: "Package " + name + " is generated."})
	for _, prog := range programs {
		if _, err := p.File(prog.Name+".go", "specs/"+name+".vibee").Kernel(prog); err != nil {
			t.Fatal(err)
		}
	}
	files, err := p.Files()
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// writeModule makes a module of its own that holds generated packages and what they import.
func writeModule(t testing.TB, packages map[string]map[string][]byte, extra map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	write := func(path string, data []byte) {
		path = filepath.Join(dir, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("go.mod", []byte("module "+module+"\n\ngo 1.26\n"))
	write("gen/half/half.go", Half("specs"))
	plan, err := filepath.Glob("../../../runtime/plan/*.go")
	if err != nil || len(plan) == 0 {
		t.Fatalf("no sources of package plan: %v", err)
	}
	for _, f := range plan {
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(f, "_test.go") {
			write("runtime/plan/"+filepath.Base(f), src)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(packages)) {
		for file, src := range packages[name] {
			write("gen/"+name+"/"+file, src)
		}
	}
	for path, text := range extra {
		write(path, []byte(text))
	}
	return dir
}

// goTool runs the go command in dir and gives all that it printed.
func goTool(t testing.TB, dir string, env []string, args ...string) string {
	t.Helper()
	cmd := exec.Command("go", args...)
	cmd.Dir = dir
	cmd.Env = append(append(os.Environ(), "GOFLAGS=", "GOWORK=off"), env...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}
