package speed

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/trinity-engine/trinity"
	"github.com/trinity-engine/trinity/gen"
	"github.com/trinity-engine/trinity/runtime/cpu"
	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/runtime/workers"
)

const (
	width   = 2560      // K: that of a model of two billion weights
	rows    = 2560      // M, where the weight may be in a cache
	streams = 128 << 20 // bytes of a weight that is in none
	batch   = 64        // T, where a kernel is to multiply and not to read
)

// BenchmarkKernels runs each kernel from a weight [M, K] and rows [T, K] to [T, M] on all threads: with T = 1 on a weight
// far larger than the caches, against the bytes that the machine reads; with T = 64 against its multiply-adds.
// The variant is that of the processor, or of TRINITY_CPU.
func BenchmarkKernels(b *testing.B) {
	variant, _, err := trinity.Processor()
	if err != nil {
		b.Fatal(err)
	}
	limits, err := trinity.MeasureLimits(0)
	if err != nil {
		b.Fatal(err)
	}
	pool := workers.New(limits.Threads)
	defer pool.Close()
	for _, op := range gen.Ops {
		if !multiplies(op) || op == gen.Host["dots"] {
			continue
		}
		for i := range op.Kernels {
			k := cpu.Kernel(&op.Kernels[i], variant)
			b.Run(k.Name+"/T=1", func(b *testing.B) {
				f := format(k.Formats[0])
				m := max(streams/f.Size(f.Rows, width)*f.Rows, f.Rows)
				seconds := timed(b, pool, k, newCall(b, op, k, m, 1))
				read := float64(f.Size(m, width)) / seconds
				b.ReportMetric(read/1e9, "GB/s")
				b.ReportMetric(100*read/limits.Read, "%read")
			})
			b.Run(fmt.Sprintf("%s/T=%d", k.Name, batch), func(b *testing.B) {
				products := rows * width * batch / timed(b, pool, k, newCall(b, op, k, rows, batch))
				b.ReportMetric(products/1e9, "GMAC/s")
				b.ReportMetric(100*products/limits.Dots, "%dots")
			})
		}
	}
}

// multiplies reports whether an op's shapes are W [M, K], x [T, K], what each row of x has once [T], y [T, M].
func multiplies(op *plan.Op) bool {
	if len(op.Params) < 3 || len(op.Dims) != 3 {
		return false
	}
	w, x, y := &op.Params[0], &op.Params[1], &op.Params[len(op.Params)-1]
	for _, p := range op.Params[2 : len(op.Params)-1] {
		if p.Elem != "f32" || len(p.Shape) != 1 || p.Shape[0] != y.Shape[0] {
			return false
		}
	}
	return w.Kind == plan.ParamWeight && len(w.Shape) == 2 && len(x.Shape) == 2 && len(y.Shape) == 2 &&
		w.Shape[1] == x.Shape[1] && y.Shape[0] == x.Shape[0] && y.Shape[1] == w.Shape[0]
}

func format(name string) *plan.Format {
	for i := range gen.Formats {
		if gen.Formats[i].Name == name {
			return &gen.Formats[i]
		}
	}
	return &plan.Format{Name: name, Rows: 1, Block: 1, Bytes: 4} // f32, of a tensor
}

// newCall makes operands of m rows of W and t of x.
func newCall(b *testing.B, op *plan.Op, k *plan.Kernel, m, t int) *plan.Call {
	b.Helper()
	if op.Dims[0] != "M" || op.Dims[1] != "K" {
		b.Fatalf("the dims of %s are %v", op.Name, op.Dims)
	}
	w, x := format(k.Formats[0]), format(op.Params[1].Elem)
	c := &plan.Call{Dim: []int{m, width, t}, Buf: []plan.Buf{ordinary(w.Size(m, width))}}
	if w.Tail > 0 {
		c.Buf = append(c.Buf, ordinary(w.Tail))
	}
	c.Buf = append(c.Buf, ordinary(x.Size(t, width)))
	for range op.Params[3:] {
		c.Buf = append(c.Buf, ordinary(4*t))
	}
	c.Buf = append(c.Buf, ordinary(4*m*t))
	return c
}

// ordinary gives memory that holds ordinary numbers, whatever they are: 44 as bytes, 0.065 as f16, 2.4e-12 as f32.
func ordinary(size int) plan.Buf {
	lines := make([][64]byte, (size+63)/64)
	all := plan.View[byte](plan.Of(lines))
	copy(all, bytes.Repeat([]byte{0x2c}, len(all)))
	return plan.Of(all[:size])
}

// timed gives the seconds of a call.
func timed(b *testing.B, pool *workers.Pool, k *plan.Kernel, c *plan.Call) float64 {
	task := &task{k, c, make([][][64]byte, pool.Size())}
	for w := range task.scratch {
		task.scratch[w] = make([][64]byte, k.Scratch(c)/64+1)
	}
	for b.Loop() {
		if err := pool.Do(k.Work(c), k.Grain, task); err != nil {
			b.Fatal(err)
		}
	}
	return b.Elapsed().Seconds() / float64(b.N)
}

type task struct {
	kernel  *plan.Kernel
	call    *plan.Call
	scratch [][][64]byte // of each worker
}

func (t *task) Run(worker, lo, hi int) error {
	t.kernel.Run(t.call, lo, hi, plan.View[byte](plan.Of(t.scratch[worker])))
	return nil
}
