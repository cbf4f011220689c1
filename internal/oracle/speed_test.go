package oracle

import (
	"fmt"
	"slices"
	"testing"
	"unsafe"

	"github.com/trinity-engine/trinity/runtime/plan"
)

// BenchmarkKernels times the kernels that multiply a weight, one by one: go test ./internal/oracle -bench Kernels/NAME.
func BenchmarkKernels(b *testing.B) {
	kernels, err := Kernels()
	if err != nil {
		b.Fatal(err)
	}
	for _, k := range kernels {
		if len(k.Formats) == 0 || len(k.Op.Params) != 3 || !slices.Equal(k.Op.Dims, []string{"M", "K", "T"}) {
			continue
		}
		for _, t := range []int{1, 16} {
			m, n := 512, 2048
			call := &plan.Call{Dim: []int{m, n, t}}
			call.Buf = append(call.Buf, plan.Of(make([]byte, k.Formats[0].Size(m, n))))
			if tail := k.Formats[0].Tail; tail > 0 {
				call.Buf = append(call.Buf, plan.Of(make([]byte, tail)))
			}
			x := 4 * n * t
			if len(k.Formats) > 1 {
				x = k.Formats[1].Size(t, n)
			}
			call.Buf = append(call.Buf, plan.Of(make([]byte, x)), plan.Of(make([]float32, m*t)))
			for _, v := range k.Variants {
				b.Run(fmt.Sprintf("%s/%d/%s", k.Name(), t, v.Name), func(b *testing.B) {
					scratch := make([]byte, v.Scratch(call)+64)
					scratch = scratch[-int(uintptr(unsafe.Pointer(unsafe.SliceData(scratch))))&63:]
					b.ReportMetric(0, "ns/op")
					for b.Loop() {
						v.Run(call, 0, k.Work(call), scratch)
					}
					b.ReportMetric(float64(m*n*t)*float64(b.N)/float64(b.Elapsed().Nanoseconds()), "GMAC/s")
				})
			}
		}
	}
}
