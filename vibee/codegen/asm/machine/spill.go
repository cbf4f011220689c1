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
	if len(out) > 0 {
		f.rewrite(out)
	}
	return len(out) > 0, nil
}

// spilled is a register that is taken out of the code: kept on the frame, or computed again by its one write.
type spilled struct {
	id     reg.ID
	number int // among those that are taken out at once
	writes []*ir.Instruction
	slot   operand.Mem
}

// again reports whether the value is computed again, as what reads no register can be.
func (s *spilled) again() bool {
	return len(s.writes) == 1 && (len(s.writes[0].InputRegisters()) == 0 || fromFixed(s.writes[0]))
}

// rewrite replaces each of some registers by one of its own at each use.
func (f *finisher) rewrite(ids []reg.ID) {
	all := map[reg.ID]*spilled{}
	for n, id := range ids {
		all[id] = &spilled{id: id, number: n}
	}
	for _, i := range f.code {
		for _, r := range i.OutputRegisters() {
			if s := all[r.ID()]; s != nil {
				s.writes = append(s.writes, i)
			}
		}
	}
	for _, id := range ids {
		if s := all[id]; !s.again() {
			s.slot = operand.NewStackAddr(f.fn.LocalSize)
			f.fn.LocalSize += f.slotBytes(id)
		}
	}
	var nodes []node
	for _, n := range f.nodes {
		i, ok := n.Node.(*ir.Instruction)
		if !ok {
			nodes = append(nodes, n)
			continue
		}
		before, after, gone := f.replaced(i, all)
		for _, x := range before {
			nodes = append(nodes, node{x, n.loops})
		}
		if !gone {
			nodes = append(nodes, n)
		}
		for k := len(after) - 1; k >= 0; k-- {
			nodes = append(nodes, node{after[k], n.loops})
		}
	}
	f.nodes = nodes
}

// replaced renames in an instruction the registers that are taken out, and gives what fetches them before it and puts
// them back after it. It is gone itself where it only computes what is computed again.
func (f *finisher) replaced(i *ir.Instruction, all map[reg.ID]*spilled) (before, after []*ir.Instruction, gone bool) {
	var here []*spilled
	for _, r := range i.Registers() {
		if s := all[r.ID()]; s != nil && !slices.Contains(here, s) {
			here = append(here, s)
		}
	}
	slices.SortFunc(here, func(a, b *spilled) int { return cmp.Compare(a.number, b.number) })
	for _, s := range here {
		again := s.again()
		if again && i == s.writes[0] {
			return nil, nil, true
		}
		own := f.fresh(s.id)
		if mentions(i.InputRegisters(), s.id) {
			if again {
				c := copyOf(s.writes[0])
				rename(c, map[reg.ID]reg.Register{s.id: own})
				before = append(before, c)
			} else {
				before = append(before, moved(s.slot, own))
			}
		}
		rename(i, map[reg.ID]reg.Register{s.id: own})
		if mentions(i.OutputRegisters(), own.ID()) {
			after = append(after, moved(own, s.slot))
		}
	}
	return before, after, false
}

// moved is a move from or to the frame.
func moved(from, to operand.Op) *ir.Instruction {
	i, err := move(from, to)
	if err != nil {
		panic(err)
	}
	return i
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
