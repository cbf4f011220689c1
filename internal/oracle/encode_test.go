package oracle

import (
	"bytes"
	"testing"

	"github.com/trinity-engine/trinity/internal/shared"
	"github.com/trinity-engine/trinity/runtime/plan"
)

// TestGoldenEncode encodes rows.f32 in each type that the index calls quantized.
func TestGoldenEncode(t *testing.T) {
	dir := shared.Path(t, "golden/blocks")
	kernels, err := Kernels()
	if err != nil {
		t.Fatal(err)
	}
	const rows, columns = 4, 512
	values := read(t, dir, "rows.f32")
	for name, typ := range goldenTypes(t, dir) {
		if !typ.Quantized {
			continue
		}
		t.Run(name, func(t *testing.T) {
			k := encoder(kernels, formatOf(t, typ.GGUF))
			if k == nil {
				t.Fatal("nothing encodes it")
			}
			want := read(t, dir, name+".quantized")
			for _, oracle := range []string{"native", k.Kernel.Loop, k.Kernel.Spec} {
				got := make([]byte, len(want))
				c := &plan.Call{Buf: []plan.Buf{plan.Of(values), plan.Of(got)}, Dim: []int{rows, columns}}
				if oracle == "native" {
					Native(k.Kernel, c, 1)
				} else if err := Bytecode(oracle, c); err != nil {
					t.Fatal(err)
				}
				for b := 0; b < len(want); b += typ.Bytes {
					if g, w := got[b:b+typ.Bytes], want[b:b+typ.Bytes]; !bytes.Equal(g, w) {
						t.Fatalf("%s: block %d is\n% x, want\n% x", oracle, b/typ.Bytes, g, w)
					}
				}
			}
		})
	}
}
