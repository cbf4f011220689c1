package machine

import (
	"fmt"

	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/reg"
)

// Limits are the registers that a function may use.
type Limits struct {
	Vectors int // the first so many: 16 without AVX-512, else 32
	Bytes   int // of the widest vector, for the frame
}

// finisher works on the function as one list of nodes.
type finisher struct {
	fn     *ir.Function
	nodes  []node
	limits Limits
	regs   *reg.Collection
	moves  map[*ir.Instruction]bool

	code   []*ir.Instruction // of nodes
	loops  []int             // around each
	ids    []reg.ID          // the virtual registers
	number map[reg.ID]int    // their numbers
	in     []bits            // live before each instruction
	out    []bits            // live after it
	fixed  map[reg.ID]bool   // registers of single uses: not to be spilled again
}

// Finish makes the function. The current region is its body.
func (b *Builder) Finish(l Limits) (*ir.Function, error) {
	f := &finisher{fn: b.fn, nodes: b.regions[0].nodes, limits: l, regs: b.Regs, moves: b.moves, fixed: map[reg.ID]bool{}}
	if err := f.run(); err != nil {
		return nil, fmt.Errorf("machine: %s: %w", b.fn.Name, err)
	}
	return b.fn, nil
}

func (f *finisher) run() error {
	f.join()
	for {
		if err := f.analyse(); err != nil {
			return err
		}
		if f.drop() {
			continue
		}
		again, err := f.spill()
		if err != nil {
			return err
		}
		if !again {
			break
		}
	}
	f.allocate()
	for _, p := range []func(*ir.Function) error{pass.BindRegisters, pass.VerifyAllocation, pass.PruneSelfMoves, pass.PruneJumpToFollowingLabel, pass.PruneDanglingLabels, pass.RequiredISAExtensions} {
		if err := p(f.fn); err != nil {
			return err
		}
	}
	return nil
}

// drop removes instructions whose results nobody reads.
func (f *finisher) drop() bool {
	dead := map[*ir.Instruction]bool{}
	for i, inst := range f.code {
		outs := inst.OutputRegisters()
		if len(outs) == 0 || len(outs) != len(inst.Outputs) {
			continue
		}
		used := false
		for _, r := range outs {
			n, virtual := f.number[r.ID()]
			used = used || !virtual || f.out[i].has(n)
		}
		dead[inst] = !used
	}
	kept := f.nodes[:0:0]
	for _, n := range f.nodes {
		if inst, ok := n.Node.(*ir.Instruction); !ok || !dead[inst] {
			kept = append(kept, n)
		}
	}
	changed := len(kept) < len(f.nodes)
	f.nodes = kept
	return changed
}
