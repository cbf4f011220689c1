package limits

import (
	"fmt"
	"math/rand/v2"

	"github.com/trinity-engine/trinity/runtime/cpu"
	"github.com/trinity-engine/trinity/runtime/plan"
)

// Operands of dots: such that a first cache of 32 KiB holds W and eight rows of x, and that a call is long.
const (
	dotRows    = 32  // M
	dotWidth   = 512 // K
	dotColumns = 512 // T
)

// Dots gives the multiply-adds that threads do a second by an op from W [M, K] and x [T, K], of formats of its own,
// to f32 [T, M], in its form for a variant of package cpu.
func Dots(op *plan.Op, variant string, formats []plan.Format, threads int) (float64, error) {
	if op == nil || len(op.Kernels) == 0 || len(op.Params) != 3 {
		return 0, fmt.Errorf("limits: the specs lack the op of integer dots")
	}
	kernel, calls := cpu.Kernel(&op.Kernels[0], variant), make([]plan.Call, threads)
	scratch := make([][][64]byte, threads)
	for t := range threads {
		c := &calls[t]
		c.Dim = []int{dotRows, dotWidth, dotColumns}
		for i, rows := range []int{dotRows, dotColumns} {
			b, err := operand(op.Params[i].Elem, formats, rows)
			if err != nil {
				return 0, err
			}
			c.Buf = append(c.Buf, b)
		}
		c.Buf = append(c.Buf, plan.Of(make([]float32, dotRows*dotColumns)))
		scratch[t] = make([][64]byte, kernel.Scratch(c)/64+1)
	}
	return best(threads, func(t int) int {
		c := &calls[t]
		kernel.Run(c, 0, kernel.Work(c), plan.View[byte](plan.Of(scratch[t])))
		return dotRows * dotWidth * dotColumns
	}), nil
}

// operand makes random rows of a format.
func operand(name string, formats []plan.Format, rows int) (plan.Buf, error) {
	for i := range formats {
		f := &formats[i]
		if f.Name != name {
			continue
		}
		size, random := f.Size(rows, dotWidth), rand.New(rand.NewPCG(1, uint64(rows)))
		lines := make([][64]byte, (size+63)/64)
		b := plan.View[byte](plan.Of(lines))[:size]
		for i := range b {
			b[i] = byte(random.Uint32() & 63) // floats of such bytes are small, and none is a NaN
		}
		return plan.Of(b), nil
	}
	return plan.Buf{}, fmt.Errorf("limits: the specs lack the format %s", name)
}
