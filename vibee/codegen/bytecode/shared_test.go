package bytecode

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/loop/looptest"
	"github.com/trinity-engine/trinity/vibee/vm"
)

// agree runs p in the machine, in ranges of step items, and by the shared evaluator.
func agree(t *testing.T, m *vm.Machine, p *loop.Program, r *rand.Rand, dims []int, scalars []float32, n, step int) {
	t.Helper()
	q, err := Compile(p)
	if err != nil {
		t.Fatal(err)
	}
	var wide []int64
	for _, d := range dims {
		wide = append(wide, int64(d))
	}
	mem := looptest.Inputs(r, p, wide)
	a := vm.Args{Dims: dims, Scalars: scalars}
	mine := mem.Clone()
	for _, b := range p.Bufs {
		a.Bufs = append(a.Bufs, mine[b])
	}
	for lo := 0; lo < n; lo += step {
		if err := m.Run(q, &a, lo, min(lo+step, n), vm.Limits{}); err != nil {
			t.Fatal(err)
		}
	}
	for lo := 0; lo < n; lo += step {
		if err := looptest.Run(p, mem, wide, scalars, int64(lo), int64(min(lo+step, n))); err != nil {
			t.Fatal(err)
		}
	}
	for _, b := range p.Bufs {
		if i := looptest.Differs(b, mem[b], mine[b]); i >= 0 {
			t.Fatalf("%s: buffer %s differs at %d", p.Name, b.Name, i)
		}
	}
}

// TestShared compares with the other evaluator of the Loop IR, on its random programs.
func TestShared(t *testing.T) {
	var m vm.Machine
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 7))
		p := looptest.Random(r, fmt.Sprintf("random_%d", seed))
		loop.WalkStmts(p.Body, func(s loop.Stmt) { // an F32 constant is one exactly
			for _, e := range loop.Exprs(s) {
				loop.Walk(e, func(e loop.Expr) {
					if c, ok := e.(*loop.ConstFloat); ok && c.T == loop.F32 {
						c.V = float64(float32(c.V))
					}
				})
			}
		})
		agree(t, &m, p, r, []int{4}, []float32{1e-5}, 3, 3)
	}
}

// TestMatmul takes widths around the number of lanes, loops as they are and repeated.
func TestMatmul(t *testing.T) {
	var m vm.Machine
	r := rand.New(rand.NewPCG(1, 1))
	for _, lanes := range []int{1, 4, 64} {
		for _, unroll := range []int{1, 4, 16} {
			for _, rows := range []int{0, 1, 63, 64, 65, 130} {
				agree(t, &m, looptest.MatmulQ4_1(lanes, unroll), r, []int{2, rows, 64}, nil, rows, max(rows/2, 1))
			}
		}
	}
}

func BenchmarkMatmul(b *testing.B) {
	for _, shape := range [][2]int{{64, 1}, {64, 16}, {1, 1}} {
		b.Run(fmt.Sprintf("lanes%d/unroll%d", shape[0], shape[1]), func(b *testing.B) {
			const M, K = 1536, 576
			q, err := Compile(looptest.MatmulQ4_1(shape[0], shape[1]))
			if err != nil {
				b.Fatal(err)
			}
			a := vm.Args{Bufs: [][]byte{make([]byte, M*K/32*20), make([]byte, 4*K), make([]byte, 4*M)}, Dims: []int{1, M, K}}
			r := rand.New(rand.NewPCG(1, 1))
			for i := range a.Bufs[0] {
				a.Bufs[0][i] = byte(r.Uint32())
				if i%20 < 4 {
					a.Bufs[0][i] = 0x22
				}
			}
			for i := range K {
				v := math.Float32bits(float32(r.NormFloat64()))
				copy(a.Bufs[1][4*i:], []byte{byte(v), byte(v >> 8), byte(v >> 16), byte(v >> 24)})
			}
			var m vm.Machine
			for b.Loop() {
				if err := m.Run(q, &a, 0, M, vm.Limits{}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/(M*K), "ns/weight")
		})
	}
}
