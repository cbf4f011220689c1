package main

import (
	"flag"
	"fmt"
	"io"

	"github.com/trinity-engine/trinity/vibee/codegen/bytecode"
	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/vm"
)

// dump prints one program of one kernel.
func dump(args []string, out io.Writer) error {
	flags := flag.NewFlagSet("dump", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	stage := flags.String("stage", "bytecode", "")
	if err := flags.Parse(args); err != nil || flags.NArg() < 1 || flags.NArg() > 2 {
		return errUsage
	}
	specs := "specs"
	if flags.NArg() == 2 {
		specs = flags.Arg(1)
	}
	unit, err := lowered(specs)
	if err != nil {
		return err
	}
	for _, op := range unit.Ops {
		for i, k := range op.Plan.Kernels {
			if op.Package+"."+k.Name != flags.Arg(0) {
				continue
			}
			var p *loop.Program
			switch *stage {
			case "bytecode":
				p = op.VM[i]
			case "loop":
				fmt.Fprint(out, loop.Print(op.Programs[i]))
				return nil
			case "spec":
				p = op.Exact[i]
			case "tolerance":
				p = op.Bounds[i]
			default:
				return errUsage
			}
			if p == nil {
				return fmt.Errorf("dump: %s has no %s", flags.Arg(0), *stage)
			}
			code, err := bytecode.Compile(p)
			if err != nil {
				return err
			}
			fmt.Fprint(out, vm.Disassemble(code))
			return nil
		}
	}
	return fmt.Errorf("dump: there is no program %s: write PACKAGE.OP_FORMAT", flags.Arg(0))
}
