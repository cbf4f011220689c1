package oracle

import (
	"fmt"

	"github.com/trinity-engine/trinity/gen/bytecode"
	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/vm"
)

// Native runs the kernel's Go over all its work, in ranges of at most chunk items.
func Native(k *plan.Kernel, c *plan.Call, chunk int) {
	scratch := aligned(k.Scratch(c))
	for lo, n := 0, k.Work(c); lo < n; lo += chunk {
		k.Run(c, lo, min(lo+chunk, n), scratch)
	}
}

func aligned(n int) []byte {
	words := make([][64]byte, n/64+1)
	return plan.View[byte](plan.Of(words))[:n]
}

// Bytecode runs the program of that name over all its work.
func Bytecode(name string, c *plan.Call) error {
	data, err := bytecode.Programs.ReadFile(name + ".vbc")
	if err != nil {
		return err
	}
	p, err := vm.Decode(data)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	args := &vm.Args{Dims: c.Dim, Scalars: c.F}
	for _, b := range c.Buf {
		args.Bufs = append(args.Bufs, plan.View[byte](b))
	}
	n, err := vm.Work(p, c.Dim)
	if err != nil {
		return err
	}
	return new(vm.Machine).Run(p, args, 0, n, vm.Limits{})
}
