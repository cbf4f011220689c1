package architectures

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	engines "github.com/trinity-engine/trinity/runtime/exec"

	"github.com/trinity-engine/trinity/runtime/bind"
	"github.com/trinity-engine/trinity/runtime/reference"
	"github.com/trinity-engine/trinity/vibee/codegen"
	"github.com/trinity-engine/trinity/vibee/codegen/golang"
)

// program builds trinity with the Go that is generated of the specs and of testdata in the place of gen/.
func program(t *testing.T, e *engine) string {
	t.Helper()
	unit := *e.unit
	unit.Ops = slices.Clone(unit.Ops)
	for i := range unit.Ops {
		unit.Ops[i].Variants = nil // an overlay has no room for assembly in folders that are new
	}
	files, err := codegen.Generate(&unit, golang.Target{Module: "github.com/trinity-engine/trinity"})
	if err != nil {
		t.Fatal(err)
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	for path, data := range files {
		copied := filepath.Join(dir, strings.ReplaceAll(path, "/", "_"))
		if err := os.WriteFile(copied, data, 0o600); err != nil {
			t.Fatal(err)
		}
		overlay.Replace[filepath.Join(root, "gen", path)] = copied
	}
	list, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "overlay.json"), list, 0o600); err != nil {
		t.Fatal(err)
	}
	out := filepath.Join(dir, "trinity")
	build := exec.Command("go", "build", "-overlay", filepath.Join(dir, "overlay.json"), "-o", out, "./cmd/trinity")
	build.Dir = root
	if text, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return out
}

// TestNative runs each example by the command line: its bits are the VM's.
func TestNative(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the program")
	}
	e := compiled(t)
	trinity := program(t, e)
	for _, x := range examples {
		for _, p := range append([]packing{inQ8}, x.packings...) {
			t.Run(x.name+"/"+p.name, func(t *testing.T) {
				f := x.file(p)
				bound, err := bind.Bind(e.models[f.arch], e.formats, f.open(t))
				if err != nil {
					t.Fatal(err)
				}
				ids := text(1, 72)
				want := start(t, bound, engines.Options{Batch: 72, Runner: reference.New(e.code, reference.Loop)}).run(ids)
				same(t, "native", f.commandLine(t, trinity, ids), want)
			})
		}
	}
}

// commandLine gives what `trinity logits` writes.
func (f *file) commandLine(t *testing.T, trinity string, ids []int) []float32 {
	t.Helper()
	var tokens, list []string
	for i := range vocabulary {
		tokens = append(tokens, fmt.Sprintf("t%d", i))
	}
	for _, id := range ids {
		list = append(list, fmt.Sprint(id))
	}
	path := f.write().Set("tokenizer.ggml.model", "gpt2").Set("tokenizer.ggml.pre", "default").
		Set("tokenizer.ggml.tokens", tokens).Set("tokenizer.ggml.merges", []string{}).File(t)
	out := filepath.Join(t.TempDir(), "logits")
	if text, err := exec.Command(trinity, "logits", path, "--exact", "--ids", strings.Join(list, ","), "-o", out).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	got := make([]float32, len(data)/4)
	for i := range got {
		got[i] = math.Float32frombits(binary.LittleEndian.Uint32(data[4*i:]))
	}
	return got
}
