package oracle

import (
	"bytes"
	"testing"

	"github.com/trinity-engine/trinity/internal/shared"
	"github.com/trinity-engine/trinity/runtime/plan"
)

// TestGoldenBlocks decodes random blocks of each type as ggml does.
func TestGoldenBlocks(t *testing.T) {
	dir := shared.Path(t, "golden/blocks")
	for name, typ := range goldenTypes(t, dir) {
		t.Run(name, func(t *testing.T) {
			blocks, want := read(t, dir, name+".blocks"), read(t, dir, name+".f32")
			k := reader(t, formatOf(t, typ.GGUF))
			for _, way := range ways {
				got := make([]float32, typ.Blocks*typ.Block)
				run(t, k, way, &plan.Call{Buf: []plan.Buf{plan.Of(blocks), plan.Of([]int32{0}), plan.Of(got)}, Dim: []int{1, len(got), 1}})
				for i, v := range got {
					if g, w := plan.View[byte](plan.Of(got[i:i+1])), want[4*i:4*i+4]; !bytes.Equal(g, w) {
						t.Fatalf("%s: value %d is %v (% x), want % x", way, i, v, g, w)
					}
				}
			}
		})
	}
}
