package property

import (
	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/codegen/bytecode"
	"github.com/trinity-engine/trinity/vibee/ir/lower"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
	"github.com/trinity-engine/trinity/vibee/vm"
)

// VM compiles ops to bytecode and interprets it.
type VM struct {
	mode     lower.Mode
	programs map[program]*vm.Program
	machine  vm.Machine
}

type program struct {
	op   *spec.Op
	name string // with the formats
}

// NewVM makes an engine of exact or scheduled programs.
func NewVM(mode lower.Mode) *VM { return &VM{mode: mode, programs: map[program]*vm.Program{}} }

// Run computes all of an op's work.
func (e *VM) Run(op *spec.Op, formats []*spec.Format, c *plan.Call) error {
	key := program{op, lower.Name(op, formats)}
	p := e.programs[key]
	if p == nil {
		lowered, err := lower.Op(op, lower.Options{Mode: e.mode, Target: "vm", Formats: formats})
		if err != nil {
			return err
		}
		if p, err = bytecode.Compile(lowered); err != nil {
			return err
		}
		e.programs[key] = p
	}
	args := &vm.Args{Dims: c.Dim, Scalars: c.F}
	for _, b := range c.Buf {
		args.Bufs = append(args.Bufs, plan.View[byte](b))
	}
	n, err := e.machine.Work(p, c.Dim)
	if err != nil {
		return err
	}
	return e.machine.Run(p, args, 0, n, vm.Limits{})
}
