package renaming

import (
	"context"
	"math"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/trinity-engine/trinity/gen"
	"github.com/trinity-engine/trinity/internal/tales"
	"github.com/trinity-engine/trinity/runtime/bind"
	"github.com/trinity-engine/trinity/runtime/exec"
	"github.com/trinity-engine/trinity/runtime/gguf"
	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/runtime/reference"
)

// TestRuntimeKnowsNoName: a model whose every name is another runs, and gives the bits of the generated engine.
func TestRuntimeKnowsNoName(t *testing.T) {
	unit, files := generate(t, rename)
	programs := fstest.MapFS{}
	for name, data := range files {
		if base, ok := strings.CutPrefix(name, "bytecode/"); ok {
			programs[base] = &fstest.MapFile{Data: data}
		}
	}
	models := map[string]*plan.Model{}
	for _, m := range unit.Models {
		models[m.Plan.Arch] = m.Plan
	}
	got := outputs(t, models, unit.Formats, exec.Options{Runner: reference.New(programs, reference.Loop)})
	want := outputs(t, gen.Models, gen.Formats, exec.Options{})
	if len(got) != len(want) || len(want) == 0 {
		t.Fatalf("%d values for %d", len(got), len(want))
	}
	for i := range want {
		if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
			t.Fatalf("value %d is %v, not %v", i, got[i], want[i])
		}
	}
}

// outputs runs a few tokens through the model inside the project, and gives all its outputs.
func outputs(t *testing.T, models map[string]*plan.Model, formats []plan.Format, o exec.Options) (all []float32) {
	t.Helper()
	file, err := gguf.Parse(tales.GGUF)
	if err != nil {
		t.Fatal(err)
	}
	v, _ := file.Value("general.architecture")
	arch, _ := v.Text()
	types := map[int]plan.Format{}
	for _, f := range formats {
		types[f.GGUF] = f
	}
	p, err := bind.Bind(models[arch], types, file)
	if err != nil {
		t.Fatal(err)
	}
	o.Context, o.Batch = 64, 4
	e, err := exec.New(p, o)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	seq, err := e.Open()
	if err != nil {
		t.Fatal(err)
	}
	var rows []exec.Row
	for i := range int32(4) {
		rows = append(rows, exec.Row{Token: 100 + 7*i, Seq: seq, Pos: i})
	}
	var want bind.Outputs
	for i := range p.Outputs {
		want |= 1 << i
	}
	if err := e.Forward(context.Background(), rows, []int32{1, 3}, want); err != nil {
		t.Fatal(err)
	}
	for i := range p.Outputs {
		all = append(all, e.Output(i)...)
	}
	return all
}
