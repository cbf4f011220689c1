package oracle

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/trinity-engine/trinity/gen"
	"github.com/trinity-engine/trinity/internal/shared"
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

// reader is the op that copies rows of a weight of any format to f32.
func reader(t *testing.T) *plan.Op {
	for _, op := range gen.Ops {
		if len(op.Params) == 3 && op.Params[0].Kind == plan.ParamWeight && op.Params[0].Elem == "" && op.Params[1].Elem == "i32" {
			return op
		}
	}
	t.Fatal("no op reads rows of a weight")
	return nil
}

func TestGoldenBlocks(t *testing.T) {
	dir := shared.Path(t, "golden/blocks")
	op := reader(t)
	for name, typ := range goldenTypes(t, dir) {
		t.Run(name, func(t *testing.T) {
			blocks, want := read(t, dir, name+".blocks"), read(t, dir, name+".f32")
			k := kernelFor(t, op, formatOf(t, typ.GGUF))
			row := typ.Blocks * typ.Block
			tok := []int32{0}
			for _, oracle := range []string{"native", k.Loop, k.Spec} {
				got := make([]float32, row)
				c := &plan.Call{Buf: []plan.Buf{plan.Of(blocks), plan.Of(tok), plan.Of(got)}, Dim: []int{1, row, 1}}
				if oracle == "native" {
					Native(k, c, 1)
				} else if err := Bytecode(oracle, c); err != nil {
					t.Fatal(err)
				}
				if b := plan.View[byte](plan.Of(got)); !bytes.Equal(b, want) {
					for i := range got {
						if !bytes.Equal(b[4*i:4*i+4], want[4*i:4*i+4]) {
							t.Fatalf("%s: value %d is %v (% x), want % x", oracle, i, got[i], b[4*i:4*i+4], want[4*i:4*i+4])
						}
					}
				}
			}
		})
	}
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

func kernelFor(t *testing.T, op *plan.Op, format string) *plan.Kernel {
	for i, k := range op.Kernels {
		if len(k.Formats) == 1 && k.Formats[0] == format {
			return &op.Kernels[i]
		}
	}
	t.Fatalf("%s has no kernel for %s", op.Name, format)
	return nil
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
