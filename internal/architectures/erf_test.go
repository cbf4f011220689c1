package architectures

import (
	"math"
	"testing"

	"github.com/trinity-engine/trinity/gen/ffn"
	"github.com/trinity-engine/trinity/runtime/plan"
)

// TestGeluErf compares the generated Go with the C library's erfc, over all of its range.
func TestGeluErf(t *testing.T) {
	var x []float32
	for v := float32(-15); v < 15; v += 1.0 / 512 {
		x = append(x, v, v*1e-3, v*1e-20)
	}
	y := make([]float32, len(x))
	k := ffn.GeluErf.Kernels[0]
	c := &plan.Call{Buf: []plan.Buf{plan.Of(x), plan.Of(y)}, Dim: []int{1, len(x)}}
	k.Run(c, 0, k.Work(c), nil)
	const u = 1.0 / (1 << 24)
	worst := 0.0
	for i, v := range x {
		v := float64(v)
		want := v / 2 * math.Erfc(-v/math.Sqrt2)
		bound := (16+4*v*v)*u*math.Abs(want) + 0x1p-147*(1+math.Abs(v))
		share := math.Abs(float64(y[i])-want) / bound
		if worst = max(worst, share); share > 1 {
			t.Fatalf("gelu_erf(%v) = %v, want %v", v, y[i], want)
		}
	}
	t.Logf("%.2g of the tolerance", worst)
}
