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

// TestEncodersStayInside: what is decoded is no larger than the largest value that was encoded, but for the scale's own
// rounding. So a ternary encoder never writes the fourth code, which stands for two steps.
func TestEncodersStayInside(t *testing.T) {
	kernels, err := Kernels()
	if err != nil {
		t.Fatal(err)
	}
	op := reader(t)
	const seed, rows = 1, 40
	for _, f := range gen.Formats {
		k := encoder(kernels, f.Name)
		if k == nil {
			continue
		}
		t.Run(f.Name, func(t *testing.T) {
			r := rand.New(rand.NewPCG(seed, uint64(f.GGUF)))
			x, got := make([]float32, rows*f.Block), make([]float32, rows*f.Block)
			largest := make([]float64, rows)
			for i := range x {
				row := i / f.Block
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
			tok := make([]int32, rows)
			for i := range tok {
				tok[i] = int32(i)
			}
			Native(k.Kernel, &plan.Call{Buf: []plan.Buf{plan.Of(x), plan.Of(blocks)}, Dim: []int{rows, f.Block}}, 7)
			Native(kernelFor(t, op, f.Name), &plan.Call{Buf: []plan.Buf{plan.Of(blocks), plan.Of(tok), plan.Of(got)}, Dim: []int{rows, f.Block, rows}}, 7)
			for i, v := range got {
				if limit := largest[i/f.Block]; math.Abs(float64(v)) > limit*(1+0x1p-7)+0x1p-24 {
					t.Fatalf("seed %d: value %d of %v is encoded as %v, the largest of its block is %v", seed, i, x[i], v, limit)
				}
			}
		})
	}
}
