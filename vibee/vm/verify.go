package vm

import (
	"fmt"
	"math/bits"
)

const (
	maxItems     = 1 << 16 // of anything in a program: registers, instructions, buffers
	maxShared    = 256     // buffers, maps
	maxNesting   = 200
	maxRegisters = 8 << 20 // bytes of all registers together
	maxTable     = 64 << 20
	maxMapCode   = 256 // instructions of a map, which run 256 times when it is verified
)

// Verify checks that p is well formed and typed, that no register or view is read before it is
// written, and readies p to run. A program changed after it must be verified again.
func (p *Program) Verify() error {
	p.linked = nil
	if err := p.verify(); err != nil {
		return fmt.Errorf("vm: program %q: %w", p.Name, err)
	}
	l, err := link(p)
	if err != nil {
		return fmt.Errorf("vm: program %q: %w", p.Name, err)
	}
	p.linked = l
	return nil
}

func (p *Program) verify() error {
	if !identifier(p.Name) {
		return fmt.Errorf("the name is not an identifier")
	}
	for _, n := range []int{len(p.Dims), len(p.Scalars), len(p.Bufs), len(p.Consts), p.registers(), len(p.Views), len(p.Maps), len(p.Code)} {
		if n > maxItems {
			return fmt.Errorf("%d items of a kind (registers, instructions, …), at most %d", n, maxItems)
		}
	}
	if max(len(p.Bufs), len(p.Maps)) > maxShared {
		return fmt.Errorf("more than %d buffers or maps", maxShared)
	}
	if err := distinct("parameter", append(append([]string{"lo", "hi"}, p.Dims...), p.Scalars...)); err != nil {
		return err
	}
	if err := p.verifyRegisters(); err != nil {
		return err
	}
	if err := p.verifyMemory(); err != nil {
		return err
	}
	for i := range p.Maps {
		m := &p.Maps[i]
		if m.Mem != U8 && m.Mem != I8 || len(m.Code) > maxMapCode {
			return fmt.Errorf("map @%d: not of u8 or i8, or longer than %d instructions", i, maxMapCode)
		}
		if err := p.verifyFunc(m.Func, F32, m.Param); err != nil {
			return fmt.Errorf("map @%d: %w", i, err)
		}
	}
	if err := p.verifyFunc(p.Work, Int, -1); err != nil {
		return fmt.Errorf("work: %w", err)
	}
	return p.verifyCode()
}

func (p *Program) verifyRegisters() error {
	for i, c := range p.Consts {
		if c.Type > F64 || c.Type == F32 && c.Bits>>32 != 0 || c.Type == Bool && c.Bits > 1 {
			return fmt.Errorf("constant #%d: not a value of its type", p.firstConst()+i)
		}
	}
	size := 0
	for i, l := range p.Locals {
		if l.Type > F64 || l.Lanes < 1 || l.Lanes > MaxLanes {
			return fmt.Errorf("register %%%d: type or lanes out of range (1 to %d lanes)", p.FirstLocal()+i, MaxLanes)
		}
		size += 8 * l.Lanes
	}
	if size > maxRegisters {
		return fmt.Errorf("%d bytes of registers, at most %d", size, maxRegisters)
	}
	return nil
}

func (p *Program) verifyMemory() error {
	var bufs, views []string
	size := 0
	for i := range p.Bufs {
		b := &p.Bufs[i]
		bufs = append(bufs, b.Name)
		order := func(r Role) int { return max(int(r), int(InOut)) }
		switch {
		case b.Role > Table || b.Elem > F64M:
			return fmt.Errorf("buffer %q: unknown role or element", b.Name)
		case i > 0 && order(b.Role) < order(p.Bufs[i-1].Role):
			return fmt.Errorf("buffer %q: parameters come first, then temps, then tables", b.Name)
		case b.Role == Table && (b.Size != nil || len(b.Data)%b.unit() != 0):
			return fmt.Errorf("table %q: has a size, or ends within an element", b.Name)
		case b.Role != Table && b.Data != nil:
			return fmt.Errorf("buffer %q: has data but is no table", b.Name)
		case b.Role == Temp && b.Size == nil:
			return fmt.Errorf("temp %q: has no size", b.Name)
		}
		if size += len(b.Data); size > maxTable {
			return fmt.Errorf("tables of more than %d bytes", maxTable)
		}
		if b.Size != nil {
			if err := p.verifyFunc(*b.Size, Int, -1); err != nil {
				return fmt.Errorf("size of buffer %q: %w", b.Name, err)
			}
		}
	}
	for _, v := range p.Views {
		views = append(views, v.Name)
		if uint(v.Buf) >= uint(len(p.Bufs)) || v.Lanes < 1 || v.Lanes > MaxLanes || v.Size < 0 || v.Size > 1<<31-1 {
			return fmt.Errorf("view %q: buffer, lanes or size out of range", v.Name)
		}
	}
	if err := distinct("buffer", bufs); err != nil {
		return err
	}
	return distinct("view", views)
}

// distinct checks that names are identifiers and differ from one another.
func distinct(what string, names []string) error {
	seen := make(map[string]bool, len(names))
	for _, n := range names {
		if !identifier(n) {
			return fmt.Errorf("%s %q: not an identifier", what, n)
		}
		if seen[n] {
			return fmt.Errorf("%s %q: declared twice", what, n)
		}
		seen[n] = true
	}
	return nil
}

func identifier(s string) bool {
	for i := range len(s) {
		c := s[i]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != "" && len(s) <= 256
}

func powerOf2(n int) bool { return bits.OnesCount(uint(n)) == 1 }
