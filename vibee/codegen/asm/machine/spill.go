package machine

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// pool lists the registers of a kind that values may live in. RAX and RDX are left to divisions, the
// base pointer to whoever walks the stack, K0 to instructions without a mask.
func (f *finisher) pool(k reg.Kind) []reg.Physical {
	switch k {
	case reg.KindGP:
		return []reg.Physical{reg.RBX, reg.RCX, reg.RSI, reg.RDI, reg.R8, reg.R9, reg.R10, reg.R11, reg.R12, reg.R13, reg.R14, reg.R15}
	case reg.KindOpmask:
		return []reg.Physical{reg.K1, reg.K2, reg.K3, reg.K4, reg.K5, reg.K6, reg.K7}
	}
	var list []reg.Physical
	for i := range f.limits.Vectors {
		list = append(list, reg.LookupPhysical(reg.KindVector, reg.Index(i), reg.S512))
	}
	return list
}

var kinds = []reg.Kind{reg.KindGP, reg.KindVector, reg.KindOpmask}

// spill takes registers out of the code where more are wanted than there are: the ones least used for the room
// they take. It reports whether it changed anything.
func (f *finisher) spill() (changed bool, err error) {
	var out []reg.ID
	for _, k := range kinds {
		all, room := f.spans(k), len(f.pool(k))
		gone := map[reg.ID]bool{}
		for at := range 2 * len(f.code) {
			for {
				live, worst := 0, (*span)(nil)
				for _, s := range all {
					if gone[s.id] || at < s.from || at > s.to {
						continue
					}
					live++
					if !f.fixed[s.id] && (worst == nil || s.weight*float64(worst.to-worst.from) < worst.weight*float64(s.to-s.from)) {
						worst = s
					}
				}
				if live <= room {
					break
				}
				if worst == nil {
					return false, fmt.Errorf("instruction %d needs more than %d registers: %s", at/2, room, f.code[at/2].Opcode)
				}
				gone[worst.id] = true
				out = append(out, worst.id)
			}
		}
	}
	for _, id := range out {
		f.rewrite(id)
	}
	return len(out) > 0, nil
}

// rewrite replaces a register by one of its own at each use. Its value is kept on the frame, or
// computed again where that reads no register.
func (f *finisher) rewrite(id reg.ID) {
	var writes []*ir.Instruction
	for _, i := range f.code {
		for _, r := range i.OutputRegisters() {
			if r.ID() == id {
				writes = append(writes, i)
			}
		}
	}
	again := len(writes) == 1 && len(writes[0].InputRegisters()) == 0 || len(writes) == 1 && fromFixed(writes[0])
	var slot operand.Mem
	if !again {
		slot = operand.NewStackAddr(f.fn.LocalSize)
		f.fn.LocalSize += f.slotBytes(id)
	}
	var nodes []node
	put := func(loops int) func(*ir.Instruction, error) {
		return func(i *ir.Instruction, err error) {
			if err != nil {
				panic(err)
			}
			nodes = append(nodes, node{i, loops})
		}
	}
	for _, n := range f.nodes {
		i, ok := n.Node.(*ir.Instruction)
		if !ok || !mentions(i.Registers(), id) {
			nodes = append(nodes, n)
			continue
		}
		if again && i == writes[0] {
			continue
		}
		own := f.fresh(id)
		if mentions(i.InputRegisters(), id) {
			if again {
				c := copyOf(writes[0])
				rename(c, map[reg.ID]reg.Register{id: own})
				nodes = append(nodes, node{c, n.loops})
			} else {
				put(n.loops)(move(slot, own))
			}
		}
		rename(i, map[reg.ID]reg.Register{id: own})
		nodes = append(nodes, n)
		if mentions(i.OutputRegisters(), own.ID()) {
			put(n.loops)(move(own, slot))
		}
	}
	f.nodes = nodes
	// The other registers to be spilled are looked for in the code as it is now.
	f.code = f.code[:0]
	for _, n := range nodes {
		if i, ok := n.Node.(*ir.Instruction); ok {
			f.code = append(f.code, i)
		}
	}
}

// fromFixed reports whether an instruction reads nothing but memory that never changes: parameters and constants.
func fromFixed(i *ir.Instruction) bool {
	for _, op := range i.Inputs {
		m, ok := op.(operand.Mem)
		if !ok || m.Index != nil || m.Base != reg.FramePointer && m.Base != reg.StaticBase {
			return false
		}
	}
	return true
}

func mentions(rs []reg.Register, id reg.ID) bool {
	for _, r := range rs {
		if r.ID() == id {
			return true
		}
	}
	return false
}

// fresh makes a register of id's kind for one use.
func (f *finisher) fresh(id reg.ID) reg.Register {
	var r reg.Register
	switch id.Kind() {
	case reg.KindGP:
		r = f.regs.GP64()
	case reg.KindOpmask:
		r = f.regs.K()
	default:
		r = f.regs.Vec(map[int]reg.Spec{16: reg.S128, 32: reg.S256, 64: reg.S512}[f.limits.Bytes])
	}
	f.fixed[r.ID()] = true
	return r
}

func (f *finisher) slotBytes(id reg.ID) int {
	if id.Kind() == reg.KindVector {
		return f.limits.Bytes
	}
	return 8
}

func copyOf(i *ir.Instruction) *ir.Instruction {
	c := *i
	c.Operands = append([]operand.Op{}, i.Operands...)
	c.Inputs = append([]operand.Op{}, i.Inputs...)
	c.Outputs = append([]operand.Op{}, i.Outputs...)
	return &c
}

// allocate gives each register a physical one. Spans overlap nowhere more often than there are
// registers, so the first free one always exists.
func (f *finisher) allocate() {
	f.fn.Allocation = reg.NewEmptyAllocation()
	for _, k := range kinds {
		all, pool := f.spans(k), f.pool(k)
		byStart := append([]*span{}, all...)
		sortSpans(byStart)
		free := make([]int, len(pool)) // until when each is taken
		for i := range free {
			free[i] = -1
		}
		for _, s := range byStart {
			for i := range pool {
				if free[i] < s.from {
					free[i] = s.to
					f.fn.Allocation[s.id] = pool[i].ID()
					break
				}
			}
		}
	}
	for _, id := range f.ids { // only compared with itself, whatever it is
		if _, ok := f.fn.Allocation[id]; !ok {
			f.fn.Allocation[id] = f.pool(id.Kind())[0].ID()
		}
	}
}

func sortSpans(list []*span) {
	slices.SortStableFunc(list, func(a, b *span) int { return cmp.Compare(a.from, b.from) })
}
