package vm

import (
	"encoding/hex"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Disassemble gives p as text; Assemble makes the same program of it. In the text %3 is a
// register, $T a parameter, @0 a map.
func Disassemble(p *Program) string {
	var w strings.Builder
	fmt.Fprintf(&w, "program %s %d\n", p.Name, p.Grain)
	for _, d := range p.Dims {
		fmt.Fprintf(&w, "dim %s\n", d)
	}
	for _, s := range p.Scalars {
		fmt.Fprintf(&w, "scalar %s\n", s)
	}
	for i, c := range p.Consts {
		fmt.Fprintf(&w, "const %%%d %v %s\n", p.firstConst()+i, c.Type, c.text())
	}
	for i, l := range p.Locals {
		fmt.Fprintf(&w, "local %%%d %v %d\n", p.FirstLocal()+i, l.Type, l.Lanes)
	}
	for i := range p.Bufs {
		b := &p.Bufs[i]
		fmt.Fprintf(&w, "%v %s %v", b.Role, b.Name, b.Elem)
		if b.Bytes {
			w.WriteString(" bytes")
		}
		switch {
		case b.Size != nil:
			w.WriteString(" size")
			p.function(&w, *b.Size)
		case b.Role == Table:
			fmt.Fprintf(&w, " = %s\n", hex.EncodeToString(b.Data))
		default:
			w.WriteString("\n")
		}
	}
	for _, v := range p.Views {
		fmt.Fprintf(&w, "view %s %s %d %d\n", v.Name, p.Bufs[v.Buf].Name, v.Lanes, v.Size)
	}
	for i, m := range p.Maps {
		fmt.Fprintf(&w, "map @%d %v %s", i, m.Mem, p.reg(int64(m.Param)))
		p.function(&w, m.Func)
	}
	w.WriteString("work")
	p.function(&w, p.Work)
	w.WriteString("code\n")
	depth := 1
	for i := range p.Code {
		in := &p.Code[i]
		if in.Op == Else || in.Op == End {
			depth--
		}
		fmt.Fprintf(&w, "%s%s\n", strings.Repeat("  ", max(depth, 0)), p.text(in))
		if in.Op == For || in.Op == Whole || in.Op == If || in.Op == Else {
			depth++
		}
	}
	return w.String()
}

func (p *Program) function(w *strings.Builder, f Func) {
	w.WriteString(" {\n")
	for i := range f.Code {
		fmt.Fprintf(w, "  %s\n", p.text(&f.Code[i]))
	}
	fmt.Fprintf(w, "} %s\n", p.reg(int64(f.Result)))
}

func (c Const) text() string {
	switch c.Type {
	case F32:
		return floatText(float64(math.Float32frombits(uint32(c.Bits))), c.Bits, 32)
	case F64:
		return floatText(math.Float64frombits(c.Bits), c.Bits, 64)
	}
	return strconv.FormatInt(int64(c.Bits), 10)
}

func floatText(v float64, bits uint64, size int) string {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return fmt.Sprintf("0x%x", bits)
	}
	return strconv.FormatFloat(v, 'g', -1, size)
}

// reg names a register.
func (p *Program) reg(r int64) string {
	lo := int64(p.lo())
	switch {
	case r < 0 || r > lo+1:
		return "%" + strconv.FormatInt(r, 10)
	case r < int64(len(p.Dims)):
		return "$" + p.Dims[r]
	case r < lo:
		return "$" + p.Scalars[r-int64(len(p.Dims))]
	case r == lo:
		return "$lo"
	}
	return "$hi"
}

// text is in as the assembler reads it; of arguments out of range it gives the number.
func (p *Program) text(in *Ins) string {
	if in.Op >= opCount {
		return fmt.Sprintf("operation %d", in.Op)
	}
	var w strings.Builder
	w.WriteString(in.Op.String())
	for i, k := range ops[in.Op].sig {
		a := in.Arg[i]
		s := strconv.FormatInt(a, 10)
		switch {
		case k == 'd' || k == 'r':
			s = p.reg(a)
		case k == 'm' && uint64(a) < uint64(len(mems)):
			s = Mem(a).String()
		case k == 'b' && uint64(a) < uint64(len(p.Bufs)):
			s = p.Bufs[a].Name
		case k == 'v' && uint64(a) < uint64(len(p.Views)):
			s = p.Views[a].Name
		case k == 'p':
			s = "@" + s
		}
		w.WriteString(" " + s)
	}
	return w.String()
}
