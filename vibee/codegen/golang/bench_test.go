package golang

import (
	"fmt"
	"strings"
	"testing"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/loop/looptest"
)

// BenchmarkMatmul measures the emitted exact matmul of Q4_1 at the widest matrix of
// SmolLM2-135M, in weights a second on one core, for lanes × unrolling.
func BenchmarkMatmul(b *testing.B) {
	var programs []*loop.Program
	var calls, names []string
	for _, lanes := range []int{1, 2, 3, 4, 5, 6, 8} {
		for _, unroll := range []int{1, 2, 4, 8, 16} {
			p := looptest.MatmulQ4_1(lanes, unroll)
			programs = append(programs, p)
			names = append(names, fmt.Sprintf("lanes=%d/unroll=%d", lanes, unroll))
			calls = append(calls, camel(p.Name))
		}
	}
	main := fmt.Sprintf(benchMain, module, strings.Join(calls, ", "))
	dir := writeModule(b, map[string]map[string][]byte{"linear": emit(b, "linear", programs...)}, map[string]string{"gen/linear/bench_test.go": main})
	best := map[string]float64{}
	for _, line := range strings.Split(goTool(b, dir, nil, "test", "-count=1", "-v", "./gen/linear"), "\n") {
		var i int
		var speed float64
		if n, _ := fmt.Sscanf(line, "weights %d %f", &i, &speed); n == 2 {
			best[names[i]] = speed
		}
	}
	for _, name := range names {
		b.Run(name, func(b *testing.B) {
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(best[name], "Gweights/s")
		})
	}
}

const benchMain = `package linear

import (
	"fmt"
	"math/rand"
	"testing"
	"time"

	"%s/runtime/plan"
)

func TestSpeed(t *testing.T) {
	const M, K = 1536, 576
	r := rand.New(rand.NewSource(1))
	w := make([]byte, M*K/32*20)
	r.Read(w)
	for i := 0; i < len(w); i += 20 {
		w[i+1], w[i+3] = 0x20, 0xa0 // scales of moderate size
	}
	x := make([]float32, K)
	for i := range x {
		x[i] = r.Float32() - 0.5
	}
	y := make([]float32, M)
	call := &plan.Call{Buf: []plan.Buf{plan.Of(w), plan.Of(x), plan.Of(y)}, Dim: []int{1, M, K}}
	scratch := make([]byte, 4096)
	for i, f := range []func(*plan.Call, int, int, []byte){%s} {
		best := time.Hour
		for range 40 {
			start := time.Now()
			for range 4 {
				f(call, 0, M, scratch)
			}
			best = min(best, time.Since(start))
		}
		fmt.Printf("weights %%d %%f\n", i, 4*M*K/best.Seconds()/1e9)
	}
}
`
