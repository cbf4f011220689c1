package golden

import (
	"bytes"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/trinity-engine/trinity/internal/shared"
	"github.com/trinity-engine/trinity/runtime/bind"
	"github.com/trinity-engine/trinity/runtime/exec"
	"github.com/trinity-engine/trinity/runtime/gguf"
	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/runtime/reference"
	"github.com/trinity-engine/trinity/vibee/codegen"
	"github.com/trinity-engine/trinity/vibee/codegen/bytecode"
	"github.com/trinity-engine/trinity/vibee/codegen/golang"
	"github.com/trinity-engine/trinity/vibee/codegen/manifest"
	"github.com/trinity-engine/trinity/vibee/source"
)

// compiled is what a copy of the specs gives.
type compiled struct {
	unit  *codegen.Unit
	files manifest.Files
}

// compile copies specs/, replaces one line, and generates everything.
func compile(t *testing.T, file, line, by string) compiled {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "specs")
	if err := os.CopyFS(dir, os.DirFS("../../specs")); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, file)
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Count(src, []byte(line)) != 1 {
		t.Fatalf("%s holds %q not once", file, line)
	}
	if err := os.WriteFile(path, bytes.Replace(src, []byte(line), []byte(by), 1), 0o644); err != nil {
		t.Fatal(err)
	}
	prog, err := source.Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	unit, err := codegen.Build(prog)
	if err != nil {
		t.Fatal(err)
	}
	files, err := codegen.Generate(unit, golang.Target{Module: "github.com/trinity-engine/trinity"}, bytecode.Target{})
	if err != nil {
		t.Fatal(err)
	}
	return compiled{unit, files}
}

// difference runs a golden model by the bytecode of the compiled specs, and gives the largest difference from
// the golden logits, as a share of the largest.
func (c compiled) difference(t *testing.T, name string, stage reference.Stage) float64 {
	t.Helper()
	dir := shared.Path(t, "golden/arch")
	file, err := gguf.Open(filepath.Join(dir, name+".gguf"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	formats := map[int]plan.Format{}
	for _, f := range c.unit.Formats {
		formats[f.GGUF] = f
	}
	v, _ := file.Value("general.architecture")
	arch, _ := v.Text()
	i := slices.IndexFunc(c.unit.Models, func(m codegen.Model) bool { return m.Plan.Arch == arch })
	p, err := bind.Bind(c.unit.Models[i].Plan, formats, file)
	if err != nil {
		t.Fatal(err)
	}
	programs := fstest.MapFS{}
	for path, data := range c.files {
		if base, ok := strings.CutPrefix(path, "bytecode/"); ok {
			programs[base] = &fstest.MapFile{Data: data}
		}
	}
	got := logits(t, p, tokens(t, filepath.Join(dir, name+".json")), exec.Options{Batch: 32, Runner: reference.New(programs, stage)})
	want, err := os.ReadFile(filepath.Join(dir, name+".logits"))
	if err != nil {
		t.Fatal(err)
	}
	if len(want) != 4*len(got) {
		t.Fatalf("%d logits, want %d", len(got), len(want)/4)
	}
	largest, worst := 0.0, 0.0
	for i, w := range plan.View[float32](plan.Of(want)) {
		largest = max(largest, math.Abs(float64(w)))
		worst = max(worst, math.Abs(float64(got[i])-float64(w)))
	}
	return worst / largest
}

// TestOneLine: where rms adds its epsilon is one line of one spec. With it moved out of the root, the
// kernel's Go and its bytecode change and nothing else does, and golden logits notice.
func TestOneLine(t *testing.T) {
	const file, line = "norm/rms.vibee", "let root[t] = sqrt(ms[t] + f64(eps))"
	before := compile(t, file, line, line)
	after := compile(t, file, line, "let root[t] = sqrt(ms[t]) + f64(eps)")
	var changed []string // a tolerance may read the line, too, or not
	for path, data := range before.files {
		if path != "bytecode/norm.rms.tolerance.vbc" && !bytes.Equal(data, after.files[path]) {
			changed = append(changed, path)
		}
	}
	slices.Sort(changed)
	want := []string{"bytecode/norm.rms.loop.vbc", "bytecode/norm.rms.spec.vbc", "norm/rms.go"}
	if diff := cmp.Diff(want, changed); diff != "" {
		t.Errorf("changed files (-want +got):\n%s", diff)
	}
	for _, name := range []string{"llama", "olmo2"} {
		for _, stage := range []reference.Stage{reference.Loop, reference.Spec} {
			if d := before.difference(t, name, stage); !(d <= tolerance) {
				t.Errorf("%s, stage %d: %.3g of the largest logit off", name, stage, d)
			}
			d := after.difference(t, name, stage)
			t.Logf("%s, stage %d: with the epsilon moved, %.3g of the largest logit off", name, stage, d)
			if d <= tolerance {
				t.Errorf("%s, stage %d: golden logits don't notice a misplaced epsilon: %.3g", name, stage, d)
			}
		}
	}
}
