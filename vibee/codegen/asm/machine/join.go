package machine

import (
	"slices"

	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// join lets an instruction write a value where a move would take it.
func (f *finisher) join() {
	mentions := map[reg.ID]int{}
	for _, n := range f.nodes {
		if i, ok := n.Node.(*ir.Instruction); ok {
			for _, r := range i.Registers() {
				mentions[r.ID()]++
			}
		}
	}
	gone := map[int]bool{}
	for at, n := range f.nodes {
		i, ok := n.Node.(*ir.Instruction)
		if !ok || !f.moves[i] {
			continue
		}
		from, to := i.Operands[0].(reg.Register), i.Operands[1].(reg.Register)
		if mentions[from.ID()] != 2 || !from.ID().IsVirtual() { // one write and this
			continue
		}
		if source := f.writer(at, from, to); source != nil {
			rename(source, map[reg.ID]reg.Register{from.ID(): to})
			gone[at] = true
		}
	}
	kept := f.nodes[:0:0]
	for at, n := range f.nodes {
		if !gone[at] {
			kept = append(kept, n)
		}
	}
	f.nodes = kept
}

// writer finds the instruction that writes from, if nothing between it and the move at a place
// touches to.
func (f *finisher) writer(at int, from, to reg.Register) *ir.Instruction {
	for k := at - 1; k >= 0; k-- {
		i, ok := f.nodes[k].Node.(*ir.Instruction)
		if !ok {
			if _, comment := f.nodes[k].Node.(*ir.Comment); comment {
				continue
			}
			return nil
		}
		has := func(rs []reg.Register, r reg.Register) bool {
			return slices.ContainsFunc(rs, func(o reg.Register) bool { return o.ID() == r.ID() })
		}
		if has(i.OutputRegisters(), from) {
			return i
		}
		if i.IsBranch || i.IsTerminal || has(i.Registers(), to) {
			return nil
		}
	}
	return nil
}

// rename puts other registers in the place of some, keeping the width of each use.
func rename(i *ir.Instruction, names map[reg.ID]reg.Register) {
	for _, ops := range [][]operand.Op{i.Operands, i.Inputs, i.Outputs} {
		for k, op := range ops {
			ops[k] = renamed(op, names)
		}
	}
}

func renamed(op operand.Op, names map[reg.ID]reg.Register) operand.Op {
	switch op := op.(type) {
	case reg.Register:
		if to, ok := names[op.ID()]; ok {
			return as(to, op)
		}
	case operand.Mem:
		if op.Base != nil {
			op.Base = renamed(op.Base, names).(reg.Register)
		}
		if op.Index != nil {
			op.Index = renamed(op.Index, names).(reg.Register)
		}
		return op
	}
	return op
}

// as gives r with the width of like.
func as(r, like reg.Register) reg.Register {
	switch r := r.(type) {
	case reg.GP:
		if like.Size() == 4 {
			return r.As32()
		}
		return r.As64()
	case reg.Vec:
		switch like.Size() {
		case 16:
			return r.AsX()
		case 32:
			return r.AsY()
		}
		return r.AsZ()
	}
	return r
}
