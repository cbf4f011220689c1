package machine

import (
	mathbits "math/bits"

	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/pass"
	"github.com/mmcloughlin/avo/reg"
)

// bits is a set of virtual registers, by number.
type bits []uint64

func (b bits) has(i int) bool { return b[i>>6]>>(i&63)&1 != 0 }
func (b bits) set(i int)      { b[i>>6] |= 1 << (i & 63) }

// add makes b the union of b and c, and reports whether it grew.
func (b bits) add(c bits) (grew bool) {
	for i, w := range c {
		if w&^b[i] != 0 {
			b[i] |= w
			grew = true
		}
	}
	return grew
}

// analyse finds what is live where. A write of any part of a register is a write of all of it, as it is
// for the instructions that are emitted here.
func (f *finisher) analyse() error {
	f.fn.Nodes, f.fn.LabelTarget = f.fn.Nodes[:0], nil
	f.code, f.loops = f.code[:0], f.loops[:0]
	for _, n := range f.nodes {
		f.fn.Nodes = append(f.fn.Nodes, n.Node)
		if i, ok := n.Node.(*ir.Instruction); ok {
			i.Pred, i.Succ = nil, nil
			f.code, f.loops = append(f.code, i), append(f.loops, n.loops)
		}
	}
	if err := pass.LabelTarget(f.fn); err != nil {
		return err
	}
	if err := pass.CFG(f.fn); err != nil {
		return err
	}
	f.ids, f.number = f.ids[:0], map[reg.ID]int{}
	index := map[*ir.Instruction]int{}
	for i, inst := range f.code {
		index[inst] = i
		for _, r := range inst.Registers() {
			if _, ok := f.number[r.ID()]; !ok && r.ID().IsVirtual() {
				f.number[r.ID()] = len(f.ids)
				f.ids = append(f.ids, r.ID())
			}
		}
	}
	words := (len(f.ids) + 63) / 64
	set := func(rs []reg.Register) bits {
		b := make(bits, words)
		for _, r := range rs {
			if n, ok := f.number[r.ID()]; ok {
				b.set(n)
			}
		}
		return b
	}
	f.in, f.out = make([]bits, len(f.code)), make([]bits, len(f.code))
	killed := make([]bits, len(f.code))
	for i, inst := range f.code {
		f.in[i], f.out[i], killed[i] = set(inst.InputRegisters()), make(bits, words), set(inst.OutputRegisters())
	}
	for changed := true; changed; {
		changed = false
		for i := len(f.code) - 1; i >= 0; i-- {
			grew := false
			for _, s := range f.code[i].Succ {
				grew = s != nil && f.out[i].add(f.in[index[s]]) || grew
			}
			if !grew {
				continue
			}
			changed = true
			for w := range f.in[i] {
				f.in[i][w] |= f.out[i][w] &^ killed[i][w]
			}
		}
	}
	return nil
}

// span is where a register's value is wanted, as a range of half steps: 2i is before
// instruction i, 2i+1 after it.
type span struct {
	id       reg.ID
	from, to int
	weight   float64 // how often it is read and written
}

// spans gives the range of each register of a kind.
func (f *finisher) spans(k reg.Kind) []*span {
	at := map[reg.ID]*span{}
	var all []*span
	touch := func(id reg.ID, where int) {
		s := at[id]
		if s == nil {
			s = &span{id: id, from: where, to: where}
			at[id] = s
			all = append(all, s)
		}
		s.from, s.to = min(s.from, where), max(s.to, where)
	}
	for i, inst := range f.code {
		for w := range f.in[i] {
			for live := f.in[i][w] | f.out[i][w]; live != 0; live &= live - 1 {
				n := w<<6 + mathbits.TrailingZeros64(live)
				id := f.ids[n]
				if id.Kind() != k {
					continue
				}
				if f.in[i].has(n) {
					touch(id, 2*i)
				}
				if f.out[i].has(n) {
					touch(id, 2*i+1)
				}
			}
		}
		cost := 1.0
		for range f.loops[i] {
			cost *= 10
		}
		for _, r := range inst.OutputRegisters() {
			if id := r.ID(); id.IsVirtual() && id.Kind() == k {
				touch(id, 2*i+1)
			}
		}
		for _, r := range inst.Registers() {
			if s := at[r.ID()]; s != nil {
				s.weight += cost
			}
		}
	}
	return all
}
