package golden

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/trinity-engine/trinity/gen"
	"github.com/trinity-engine/trinity/internal/shared"
	"github.com/trinity-engine/trinity/runtime/bind"
	"github.com/trinity-engine/trinity/runtime/exec"
	"github.com/trinity-engine/trinity/runtime/gguf"
	"github.com/trinity-engine/trinity/runtime/plan"
)

// tolerance is the largest difference of a logit, as a share of the largest logit.
const tolerance = 3e-5

func program(t testing.TB, path string) *bind.Program {
	t.Helper()
	f, err := gguf.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	v, _ := f.Value("general.architecture")
	arch, _ := v.Text()
	model := gen.Models[arch]
	if model == nil {
		t.Fatalf("no model for %q", arch)
	}
	formats := map[int]plan.Format{}
	for _, f := range gen.Formats {
		formats[f.GGUF] = f
	}
	p, err := bind.Bind(model, formats, f)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// output finds an output by its name.
func output(t testing.TB, p *bind.Program, name string) (int, bind.Outputs) {
	for i, o := range p.Outputs {
		if o.Name == name {
			return i, 1 << i
		}
	}
	t.Fatalf("no output %s", name)
	return 0, 0
}

// logits runs ids in batches of at most batch rows.
func logits(t testing.TB, p *bind.Program, ids []int32, o exec.Options) []float32 {
	t.Helper()
	o.Context = 256
	o.Outputs = o.Batch
	e, err := exec.New(p, o)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	seq, err := e.Open()
	if err != nil {
		t.Fatal(err)
	}
	rows, outs := make([]exec.Row, len(ids)), make([]int32, len(ids))
	for i, id := range ids {
		rows[i], outs[i] = exec.Row{Token: id, Seq: seq, Pos: int32(i)}, int32(i)
	}
	which, want := output(t, p, "logits")
	var all []float32
	if err := e.Each(context.Background(), rows, outs, want, func(lo, hi int) error {
		all = append(all, e.Output(which)...)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

func compare(t *testing.T, got []float32, want []byte) {
	t.Helper()
	if len(got)*4 != len(want) {
		t.Fatalf("%d logits, want %d", len(got), len(want)/4)
	}
	largest, worst, at := 0.0, 0.0, 0
	for i := range got {
		w := float64(math.Float32frombits(binary.LittleEndian.Uint32(want[4*i:])))
		largest = max(largest, math.Abs(w))
		if d := math.Abs(float64(got[i]) - w); d > worst || math.IsNaN(d) {
			worst, at = d, i
		}
	}
	t.Logf("largest difference %.3g of the largest logit", worst/largest)
	if !(worst <= tolerance*largest) {
		t.Errorf("logit %d differs by %g, %g of the largest", at, worst, worst/largest)
	}
}

func tokens(t *testing.T, path string) []int32 {
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var list []int32
	var object struct{ Tokens []int32 }
	if json.Unmarshal(data, &list) == nil {
		return list
	}
	if err := json.Unmarshal(data, &object); err != nil {
		t.Fatal(err)
	}
	return object.Tokens
}

func TestArchitectures(t *testing.T) {
	dir := shared.Path(t, "golden/arch")
	files, _ := filepath.Glob(filepath.Join(dir, "*.gguf"))
	for _, path := range files {
		name := strings.TrimSuffix(filepath.Base(path), ".gguf")
		t.Run(name, func(t *testing.T) {
			base := strings.TrimSuffix(name, "-i2_s")
			ids := "llama"
			if _, err := os.Stat(filepath.Join(dir, base+".json")); err == nil {
				ids = base
			}
			want, err := os.ReadFile(filepath.Join(dir, base+".logits"))
			if err != nil {
				t.Fatal(err)
			}
			p := program(t, path)
			compare(t, logits(t, p, tokens(t, filepath.Join(dir, ids+".json")), exec.Options{Batch: 32}), want)
		})
	}
}

func TestQuantized(t *testing.T) {
	dir := shared.Path(t, "golden/quant")
	files, _ := filepath.Glob(filepath.Join(dir, "*.gguf"))
	ids := tokens(t, filepath.Join(dir, "tokens.json"))
	for _, path := range files {
		name := strings.TrimSuffix(filepath.Base(path), ".gguf")
		t.Run(name, func(t *testing.T) {
			want, err := os.ReadFile(filepath.Join(dir, name+".logits"))
			if err != nil {
				t.Fatal(err)
			}
			compare(t, logits(t, program(t, path), ids, exec.Options{Batch: 32}), want)
		})
	}
}

// TestSplits: the bits depend on no batch and no number of threads.
func TestSplits(t *testing.T) {
	dir := shared.Path(t, "golden/quant")
	ids := tokens(t, filepath.Join(dir, "tokens.json"))
	p := program(t, filepath.Join(dir, "Q4_1.gguf"))
	want := logits(t, p, ids, exec.Options{Batch: 32, Threads: 1})
	for _, o := range []exec.Options{{Batch: 1, Threads: 1}, {Batch: 1, Threads: 3}, {Batch: 7, Threads: 2}, {Batch: 32, Threads: 4}} {
		got := logits(t, p, ids, o)
		for i := range want {
			if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
				t.Fatalf("batch %d, %d threads: logit %d is %v, not %v", o.Batch, o.Threads, i, got[i], want[i])
			}
		}
	}
}
