package golang

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/trinity-engine/trinity/vibee/codegen/golang/fused"
	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/check"
	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/loop/looptest"
	"github.com/trinity-engine/trinity/vibee/ir/lower"
)

var seeds = flag.Int("seeds", 60, "random programs to compare")

// testCall is one run of a program, natively and by the tree walk.
type testCall struct {
	p    *loop.Program
	fn   Functions
	mem  looptest.Memory
	dims []int64
	work int64
	seed uint64
}

// TestDifferential emits random programs, which hold every node, and matmuls.
func TestDifferential(t *testing.T) {
	seeds := uint64(*seeds)
	d := newDifferential()
	for seed := range seeds {
		d.add(t, looptest.Random(rand.New(rand.NewPCG(seed, 1)), fmt.Sprintf("random_%d", seed)), []int64{4}, seed)
	}
	for _, lanes := range []int{1, 2, 3, 8, 16} {
		d.add(t, looptest.MatmulQ4_1(lanes, 4), []int64{2, 19, 64}, seeds+uint64(lanes))
	}
	for T, p := range scheduled(t) {
		d.add(t, p, []int64{int64(T), 13}, seeds+100+uint64(T))
	}
	d.compare(t)
}

// differential is a package of programs and a call of each.
type differential struct {
	pkg   *Package
	calls []testCall
}

func newDifferential() *differential {
	return &differential{pkg: NewPackage(Config{Module: module, Path: "gen/random", Name: "random"})}
}

func (d *differential) add(t *testing.T, p *loop.Program, dims []int64, seed uint64) {
	t.Helper()
	fn, err := d.pkg.File(p.Name+".go", "specs/random.vibee").Kernel(p)
	if err != nil {
		t.Fatalf("seed %d: %v", seed, err)
	}
	r := rand.New(rand.NewPCG(seed, 2))
	d.calls = append(d.calls, testCall{p, fn, looptest.Inputs(r, p, dims), dims, looptest.Value(p, p.Work, dims), seed})
}

// compare builds and runs the programs, and compares all memory bit for bit with the tree walk. Nothing in them
// is fused.
func (d *differential) compare(t *testing.T) {
	files, err := d.pkg.Files()
	if err != nil {
		t.Fatal(err)
	}
	dir := writeModule(t, map[string]map[string][]byte{"random": files}, map[string]string{"gen/random/run_test.go": runner(d.calls)})
	for i, c := range d.calls {
		for j, b := range c.p.Bufs {
			if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d_%d.bin", i, j)), c.mem[b], 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	goTool(t, dir, nil, "build", "-gcflags=-e", "./...")
	goTool(t, dir, nil, "test", "-count=1", "-vet=off", "./gen/random")
	for _, target := range fused.Targets[:2] {
		found, err := fused.Find(dir, target, "./gen/...")
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range found {
			t.Errorf("%s: %s", target, f)
		}
	}
	for i, c := range d.calls {
		if err := looptest.Run(c.p, c.mem, c.dims, []float32{1e-5}, 0, c.work); err != nil {
			t.Fatalf("seed %d: %v", c.seed, err)
		}
		for j, b := range c.p.Bufs {
			got, err := os.ReadFile(filepath.Join(dir, fmt.Sprintf("%d_%d.bin", i, j)))
			if err != nil {
				t.Fatal(err)
			}
			if at := looptest.Differs(b, c.mem[b], got); at >= 0 {
				t.Errorf("seed %d: %s[%d] differs:\n%s", c.seed, b.Name, at, files[c.p.Name+".go"])
				break
			}
		}
		if t.Failed() {
			break
		}
	}
}

// scheduled lowers ops whose schedules choose at run time and put turns side by side: the i-th is to
// run on i rows.
func scheduled(t *testing.T) (out []*loop.Program) {
	t.Helper()
	for i := range 4 {
		file, err := grammar.Parse("p.vibee", fmt.Appendf(nil, `vibee 1
package p

op scheduled_%d(x: f32[T, D]) -> y: f32[T, D] {
  let s[t] = sum[k in 0 .. D](x[t, k] * x[t, k])
  y[t, d] = x[t, d] * s[t]
  order ascending(k)
}

schedule scheduled_%d for go when T <= 1 { unroll k by 4 }

schedule scheduled_%d for go when T > 1 && T %% 2 == 0 { loop d, t  unroll t by 2 }

schedule scheduled_%d for go when T > 1 && T %% 2 != 0 { lanes d by 8 }
`, i, i, i, i))
		if err != nil {
			t.Fatal(err)
		}
		prog, err := check.Check([]*grammar.File{file})
		if err != nil {
			t.Fatal(err)
		}
		p, err := lower.Op(prog.Ops[0], lower.Options{Target: "go"})
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range p.Bufs {
			b.Size = &loop.Binary{Op: loop.Mul, A: &loop.Ref{Var: p.Dims[0]}, B: &loop.Ref{Var: p.Dims[1]}}
		}
		out = append(out, p)
	}
	return out
}

// runner is a test that runs all calls on the files next to go.mod, and writes the memory back.
func runner(calls []testCall) string {
	var b strings.Builder
	fmt.Fprintf(&b, `package random

import (
	"fmt"
	"os"
	"testing"

	"%s/runtime/plan"
)

type run struct {
	run     func(*plan.Call, int, int, []byte)
	scratch func(*plan.Call) int
	bufs    int
	dims    []int
	work    int
}

func TestRun(t *testing.T) {
	for i, r := range []run{
`, module)
	for _, c := range calls {
		fmt.Fprintf(&b, "\t\t{%s, %s, %d, []int{%s}, %d},\n", c.fn.Run, c.fn.Scratch, len(c.p.Bufs), strings.Trim(strings.ReplaceAll(fmt.Sprint(c.dims), " ", ", "), "[]"), c.work)
	}
	b.WriteString(`	} {
		var data [][]byte
		call := &plan.Call{Dim: r.dims, F: []float32{1e-5}}
		for j := range r.bufs {
			d, err := os.ReadFile(fmt.Sprintf("../../%d_%d.bin", i, j))
			if err != nil {
				t.Fatal(err)
			}
			data = append(data, d)
			call.Buf = append(call.Buf, plan.Of(d))
		}
		r.run(call, 0, r.work, make([]byte, r.scratch(call)))
		for j, d := range data {
			if err := os.WriteFile(fmt.Sprintf("../../%d_%d.bin", i, j), d, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}
`)
	return b.String()
}
