package asm

import (
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/trinity-engine/trinity/runtime/cpu"
	"github.com/trinity-engine/trinity/vibee/codegen"
	"github.com/trinity-engine/trinity/vibee/codegen/manifest"
	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/loop/looptest"
)

var seeds = flag.Int("seeds", 30, "random programs to compare")

const module = "github.com/trinity-engine/trinity"

// supported drops the statements of a program that a variant has no instructions for.
func supported(t *testing.T, p *loop.Program, s isa) *loop.Program {
	out := *p
	out.Body = grow(p.Body, func(body []loop.Stmt) bool {
		try := *p
		try.Body = body
		if loop.Verify(&try) != nil { // it needs what was dropped
			return false
		}
		_, _, _, err := compile(&try, p.Name, s, newConstants(p.Name))
		if err != nil && !errors.Is(err, errUnsupported) {
			t.Fatalf("%v\n%s", err, loop.Print(&try))
		}
		return err == nil
	})
	return &out
}

// grow keeps the statements of a body that can stay.
func grow(body []loop.Stmt, ok func([]loop.Stmt) bool) []loop.Stmt {
	var out []loop.Stmt
	with := func(s loop.Stmt) []loop.Stmt { return append(slices.Clone(out), s) }
	for _, s := range body {
		switch x := s.(type) {
		case *loop.For:
			f := *x
			f.Body = nil
			if !ok(with(&f)) {
				continue
			}
			f.Body = grow(x.Body, func(inner []loop.Stmt) bool {
				g := f
				g.Body = inner
				return ok(with(&g))
			})
			s = &f
		case *loop.If:
			i := loop.If{Cond: x.Cond}
			if !ok(with(&i)) {
				continue
			}
			i.Then = grow(x.Then, func(inner []loop.Stmt) bool { return ok(with(&loop.If{Cond: x.Cond, Then: inner})) })
			i.Else = grow(x.Else, func(inner []loop.Stmt) bool { return ok(with(&loop.If{Cond: x.Cond, Then: i.Then, Else: inner})) })
			s = &i
		default:
			if !ok(with(s)) {
				continue
			}
		}
		out = append(out, s)
	}
	return out
}

// call is a call of one variant of a program.
type call struct {
	p       *loop.Program
	variant string
	mem     looptest.Memory
	dims    []int64
	seed    uint64
	refused bool // it goes outside of a buffer, or divides by 0
}

// work is how many items there are.
func (c call) work() int64 { return looptest.Value(c.p, c.p.Work, c.dims) }

// walk runs the tree.
func (c call) walk() error {
	return looptest.Run(c.p, c.mem, c.dims, []float32{1e-5}, 0, c.work())
}

// random is a call with memory of random bytes.
func random(p *loop.Program, variant string, dims []int64, seed uint64) call {
	return call{p: p, variant: variant, mem: looptest.Inputs(rand.New(rand.NewPCG(seed, 2)), p, dims), dims: dims, seed: seed}
}

// TestDifferential emits random programs, which hold every node, functions of hard values, loops of all kinds and programs
// that go to the ends of buffers, runs them, and compares all memory bit for bit with the tree walk.
func TestDifferential(t *testing.T) {
	var calls []call
	files := manifest.Files{}
	statements := 0
	add := func(p *loop.Program, variant string, of ...call) {
		emit(t, files, p, variant)
		calls = append(calls, of...)
	}
	for _, v := range cpu.Variants {
		if v.Tiles { // TestTiles
			continue
		}
		if !cpu.Has(v.Name) {
			t.Logf("this processor lacks %s", v.Name)
			continue
		}
		for seed := range uint64(*seeds) {
			p := supported(t, looptest.Random(rand.New(rand.NewPCG(seed, 1)), fmt.Sprintf("random_%d_%s", seed, v.Name)), isas[v.Name])
			loop.WalkStmts(p.Body, func(loop.Stmt) { statements++ })
			if len(p.Body) > 0 {
				add(p, v.Name, random(p, v.Name, []int64{4}, seed))
			}
		}
		for i, p := range dots() {
			p.Name += "_" + v.Name
			add(p, v.Name, random(p, v.Name, []int64{3}, uint64(i)))
		}
		for _, p := range []*loop.Program{loops(v.Name), registers(v.Name)} {
			add(p, v.Name, random(p, v.Name, []int64{9}, 0))
		}
		for _, e := range edges() {
			p, places := e.program(v.Name)
			add(p, v.Name, e.calls(t, random(p, v.Name, []int64{1}, 0), places)...)
		}
		for _, c := range neighbours(v.Name) {
			add(c.p, v.Name, c)
		}
		for _, lanes := range []int{1, 4, 8, 16, 32} {
			p, mem := elements(t, isas[v.Name], lanes)
			add(p, v.Name, call{p: p, variant: v.Name, mem: mem, dims: []int64{int64(256 / lanes)}})
		}
		for _, near := range []func(string) (*loop.Program, looptest.Memory){byFours, permuted} {
			p, mem := near(v.Name)
			add(p, v.Name, call{p: p, variant: v.Name, mem: mem, dims: []int64{4}})
		}
		for _, lanes := range []int{1, 4, 8, 16} {
			p := looptest.MatmulQ4_1(lanes, 4)
			p.Name += "_" + v.Name
			add(p, v.Name, random(p, v.Name, []int64{2, 19, 64}, uint64(lanes)))
		}
	}
	if len(calls) == 0 {
		t.Skip("this processor has no variant")
	}
	t.Logf("%d statements", statements)
	compare(t, calls, files, func(dir string) ([]byte, error) { return goTest(dir, "-timeout=30s", "./gen/random") })
}

// emit makes the files of one program.
func emit(t *testing.T, files manifest.Files, p *loop.Program, variant string) {
	if err := loop.Verify(p); err != nil {
		t.Fatal(err)
	}
	op := &codegen.Op{Source: "specs/random.vibee", Package: "random"}
	names, err := Target{module}.kernel(files, op, p.Name, map[string]*loop.Program{variant: p})
	if err != nil || len(names) != 1 {
		t.Fatalf("%s: %v, %v", p.Name, names, err)
	}
}

// goTest runs go test in a folder.
func goTest(dir string, args ...string) ([]byte, error) {
	cmd := exec.Command("go", append([]string{"test", "-count=1"}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	return cmd.CombinedOutput()
}

// compare writes a module with calls, runs its test, and compares all memory bit for bit with the tree walk.
func compare(t *testing.T, calls []call, files manifest.Files, run func(dir string) ([]byte, error)) {
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
	plan, err := filepath.Glob("../../../runtime/plan/*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range plan {
		if src, err := os.ReadFile(f); err == nil && !strings.HasSuffix(f, "_test.go") {
			write("runtime/plan/"+filepath.Base(f), src)
		}
	}
	for name, src := range files {
		write("gen/"+name, src)
	}
	var runs strings.Builder
	for i, c := range calls {
		fn := functionName(c.p.Name, c.variant)
		dims := strings.Trim(strings.ReplaceAll(fmt.Sprint(c.dims), " ", ", "), "[]")
		fmt.Fprintf(&runs, "\t\t{%s, %s_scratch, %d, []int{%s}, %d, %t},\n", enterName(c.p.Name, c.variant), fn, len(c.p.Bufs), dims, c.work(), c.refused)
		for j, b := range c.p.Bufs {
			write(fmt.Sprintf("%d_%d.bin", i, j), c.mem[b])
		}
	}
	write("gen/random/run_test.go", fmt.Appendf(nil, runner, module, runs.String()))
	if out, err := run(dir); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for i, c := range calls {
		before := c.mem.Clone()
		if c.refused {
			continue
		}
		if err := c.walk(); err != nil {
			t.Fatalf("seed %d, %s: %v", c.seed, c.p.Name, err)
		}
		for j, b := range c.p.Bufs {
			got, err := os.ReadFile(filepath.Join(dir, fmt.Sprintf("%d_%d.bin", i, j)))
			if err != nil {
				t.Fatal(err)
			}
			if at := looptest.Differs(b, c.mem[b], got); at >= 0 {
				t.Errorf("seed %d, %s: %s[%d] differs (it was the same before: %t):\n%s\n%s", c.seed, c.variant, b.Name, at,
					looptest.Differs(b, before[b], got) < 0, loop.Print(c.p), files["random/"+c.p.Name+"_amd64.s"])
				return
			}
		}
	}
}

// runner is a test that runs all calls on the files next to go.mod, and writes the memory back.
const runner = `package random

import (
	"fmt"
	"os"
	"testing"

	"%s/runtime/plan"
)

// root is where the files are: where go test runs this, two folders up.
var root = func() string {
	if _, err := os.Stat("go.mod"); err == nil {
		return ""
	}
	return "../../"
}()

func TestRun(t *testing.T) {
	for i, r := range []struct {
		run     func(*plan.Call, int, int, []byte) bool
		scratch func(*plan.Call) int
		bufs    int
		dims    []int
		work    int
		refused bool
	}{
%s	} {
		var data [][]byte
		call := &plan.Call{Dim: r.dims, F: []float32{1e-5}}
		for j := range r.bufs {
			d, err := os.ReadFile(fmt.Sprintf("%%s%%d_%%d.bin", root, i, j))
			if err != nil {
				t.Fatal(err)
			}
			data = append(data, d)
			call.Buf = append(call.Buf, plan.Of(d))
		}
		if r.run(call, 0, r.work, make([]byte, r.scratch(call))) == r.refused {
			t.Errorf("call %%d is refused: %%t", i, !r.refused)
		}
		for j, d := range data {
			if err := os.WriteFile(fmt.Sprintf("%%s%%d_%%d.bin", root, i, j), d, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}
`
