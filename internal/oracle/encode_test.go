package oracle

import (
	"bytes"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/trinity-engine/trinity/gen"
	"github.com/trinity-engine/trinity/internal/shared"
	"github.com/trinity-engine/trinity/runtime/plan"
)

// TestGoldenEncode encodes rows.f32 in each type that the index calls quantized.
func TestGoldenEncode(t *testing.T) {
	dir := shared.Path(t, "golden/blocks")
	const rows, columns = 4, 512
	values := read(t, dir, "rows.f32")
	for name, typ := range goldenTypes(t, dir) {
		if !typ.Quantized {
			continue
		}
		t.Run(name, func(t *testing.T) {
			k := encoder(kernels(t), formatOf(t, typ.GGUF))
			if k == nil {
				t.Fatal("nothing encodes it")
			}
			want := read(t, dir, name+".quantized")
			for _, way := range ways {
				got := make([]byte, len(want))
				run(t, k, way, &plan.Call{Buf: []plan.Buf{plan.Of(values), plan.Of(got)}, Dim: []int{rows, columns}})
				for b := 0; b < len(want); b += typ.Bytes {
					if g, w := got[b:b+typ.Bytes], want[b:b+typ.Bytes]; !bytes.Equal(g, w) {
						t.Fatalf("%s: block %d is\n% x, want\n% x", way, b/typ.Bytes, g, w)
					}
				}
			}
		})
	}
}

// TestEncodersStayInside: what is decoded is no larger than the largest value that was encoded, but for the
// scale's own rounding. So a ternary encoder never writes the fourth code, which stands for two steps.
func TestEncodersStayInside(t *testing.T) {
	const seed, rows = 1, 40
	for _, f := range gen.Formats {
		k := encoder(kernels(t), f.Name)
		if k == nil || f.GGUF < 0 { // of what no file holds, nothing reads single rows
			continue
		}
		t.Run(f.Name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, uint64(f.GGUF)))
			x, got, tok := make([]float32, rows*f.Block), make([]float32, rows*f.Block), make([]int32, rows)
			largest := make([]float64, rows)
			for i := range x {
				row := i / f.Block
				tok[row] = int32(row)
				x[i] = float32(math.Ldexp(r.NormFloat64(), row%21-10))
				switch {
				case row%5 == 3: // few magnitudes, many ties
					x[i] = float32(r.IntN(5)-2) / 2
				case row%5 == 4 && r.IntN(4) > 0:
					x[i] = 0
				}
				largest[row] = max(largest[row], math.Abs(float64(x[i])))
			}
			blocks := make([]byte, rows*f.Bytes)
			run(t, k, "native", &plan.Call{Buf: []plan.Buf{plan.Of(x), plan.Of(blocks)}, Dim: []int{rows, f.Block}})
			run(t, reader(t, f.Name), "native", &plan.Call{Buf: []plan.Buf{plan.Of(blocks), plan.Of(tok), plan.Of(got)}, Dim: []int{rows, f.Block, rows}})
			for i, v := range got {
				if limit := largest[i/f.Block]; math.Abs(float64(v)) > limit*(1+0x1p-7)+0x1p-24 {
					t.Fatalf("seed %d: value %d of %v is encoded as %v, the largest of its block is %v", seed, i, x[i], v, limit)
				}
			}
		})
	}
}
