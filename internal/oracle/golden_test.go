package oracle

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/trinity-engine/trinity/gen"
	"github.com/trinity-engine/trinity/internal/amxemu"
	"github.com/trinity-engine/trinity/runtime/cpu"
	"github.com/trinity-engine/trinity/runtime/plan"
)

// goldenType is an entry of golden/blocks/index.json.
type goldenType struct {
	GGUF, Block, Bytes, Blocks int
	Quantized                  bool
}

func goldenTypes(t *testing.T, dir string) (types map[string]goldenType) {
	index, err := os.ReadFile(filepath.Join(dir, "index.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(index, &types); err != nil {
		t.Fatal(err)
	}
	return types
}

// formatOf is the name of ggml's type id.
func formatOf(t *testing.T, id int) string {
	for _, f := range gen.Formats {
		if f.GGUF == id {
			return f.Name
		}
	}
	t.Fatalf("no format has type %d", id)
	return ""
}

func kernels(t *testing.T) []*Kernel {
	t.Helper()
	all, err := Kernels()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// natives are the kernels whose native forms this run is about: all, or, where tiles are emulated, those with tiles,
// in the one form that has them.
func natives(t *testing.T) []*Kernel {
	t.Helper()
	all := kernels(t)
	if !amxemu.Active() {
		for _, v := range cpu.Variants {
			if !cpu.Has(v.Name) && !v.Tiles { // TestTiles
				t.Logf("this processor lacks %s", v.Name)
			}
		}
		return all
	}
	all = slices.DeleteFunc(all, func(k *Kernel) bool { return !k.Tiled() })
	for _, k := range all {
		k.Variants = slices.DeleteFunc(k.Variants, func(v Variant) bool { return !tiled(v.Name) })
	}
	return all
}

// reader is the kernel that copies rows of a weight of a format to f32.
func reader(t *testing.T, format string) *Kernel {
	for _, k := range kernels(t) {
		p := k.Op.Params
		if len(p) == 3 && p[0].Kind == plan.ParamWeight && p[1].Elem == "i32" && slices.Equal(k.Kernel.Formats, []string{format}) {
			return k
		}
	}
	t.Fatalf("nothing reads rows of %s", format)
	return nil
}

// ways are the names of the ways to run a kernel, for run.
var ways = []string{"native", "scheduled", "exact"}

// run computes all of a call, item by item.
func run(t *testing.T, k *Kernel, way string, c *plan.Call) {
	t.Helper()
	if way == "native" {
		var s slab
		scratch, err := s.lend(k.Scratch(c), false)
		if err != nil {
			t.Fatal(err)
		}
		for w := range k.Work(c) {
			k.Run(c, w, w+1, scratch)
		}
		return
	}
	p := k.Loop
	if way == "exact" {
		p = k.Spec
	}
	var bufs [][]byte
	for _, b := range c.Buf {
		bufs = append(bufs, plan.View[byte](b))
	}
	if _, err := interpret(p, &Case{Dims: c.Dim, F: c.F}, bufs, [][2]int{{0, k.Work(c)}}); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, dir, name string) []byte {
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	aligned := make([]float64, len(data)/8+1) // tensors are aligned in files too
	out := plan.View[byte](plan.Of(aligned))[:len(data)]
	copy(out, data)
	return out
}
