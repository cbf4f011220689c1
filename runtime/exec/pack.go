package exec

import (
	"github.com/trinity-engine/trinity/runtime/bind"
	"github.com/trinity-engine/trinity/runtime/cpu"
	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/runtime/workers"
)

// pack writes the program's packed weights, each by all workers.
func (e *Engine) pack() error {
	variant := cpu.Generic
	if n, native := e.options.Runner.(Native); native {
		var err error
		if variant, err = cpu.Choose(n.CPU); err != nil {
			return err
		}
	}
	return e.program.Pack(func(r *bind.Repack) error { return Repack(e.pool, r, variant) })
}

// Repack writes a weight's packed form, by all workers of a pool, with the kernels of a variant.
func Repack(pool *workers.Pool, r *bind.Repack, variant string) error {
	k := cpu.Kernel(r.Kernel, variant)
	return pool.Do(k.Work(&r.Call), k.Grain, &packing{k, &r.Call})
}

type packing struct {
	kernel *plan.Kernel
	call   *plan.Call
}

// Run packs some of the rows.
func (p *packing) Run(_, lo, hi int) error {
	lines := make([][64]byte, p.kernel.Scratch(p.call)/64+1)
	p.kernel.Run(p.call, lo, hi, plan.View[byte](plan.Of(lines)))
	return nil
}
