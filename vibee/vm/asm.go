package vm

import (
	"encoding/hex"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Assemble reads and verifies the text form, which is what Disassemble writes: declarations in
// the order of Program's fields but for the buffers, which follow the registers. A line's rest
// after ';' is a comment. An error names the line.
func Assemble(text string) (*Program, error) {
	if len(text) > 4<<20 {
		return nil, fmt.Errorf("vm: a text of %d bytes, at most 4 MiB", len(text))
	}
	a := assembler{p: &Program{}, lines: strings.Split(text, "\n")}
	for w := a.next(); w != nil; w = a.next() {
		a.declaration(w)
	}
	if a.err != nil {
		return nil, a.err
	}
	if err := a.p.Verify(); err != nil {
		return nil, err
	}
	return a.p, nil
}

type assembler struct {
	p     *Program
	lines []string
	at    int // lines read
	err   error
}

func (a *assembler) fail(format string, args ...any) {
	if a.err == nil {
		a.err = fmt.Errorf("vm: line %d: %s", a.at, fmt.Sprintf(format, args...))
	}
}

// next gives the words of the next line that has any; nil at the end.
func (a *assembler) next() []string {
	for a.at < len(a.lines) && a.err == nil {
		line, _, _ := strings.Cut(a.lines[a.at], ";")
		a.at++
		if w := strings.Fields(line); len(w) > 0 {
			return w
		}
	}
	return nil
}

func (a *assembler) words(w []string, n int) bool {
	if len(w) != n {
		a.fail("%q has %d words, want %d", w[0], len(w), n)
	}
	return a.err == nil
}

func (a *assembler) declaration(w []string) {
	p := a.p
	switch w[0] {
	case "program":
		if a.words(w, 3) {
			p.Name, p.Grain = w[1], int(a.num(w[2]))
		}
	case "dim":
		if a.words(w, 2) {
			p.Dims = append(p.Dims, w[1])
		}
	case "scalar":
		if a.words(w, 2) {
			p.Scalars = append(p.Scalars, w[1])
		}
	case "const":
		if a.words(w, 4) {
			a.number(w[1], p.firstConst()+len(p.Consts))
			p.Consts = append(p.Consts, a.constant(w[2], w[3]))
		}
	case "local":
		if a.words(w, 4) {
			a.number(w[1], p.registers())
			p.Locals = append(p.Locals, Local{Type(a.find("type", typeNames[:], w[2])), int(a.num(w[3]))})
		}
	case "view":
		if a.words(w, 5) {
			p.Views = append(p.Views, View{w[1], a.buf(w[2]), int(a.num(w[3])), int(a.num(w[4]))})
		}
	case "map":
		if len(w) < 4 || w[1] != fmt.Sprintf("@%d", len(p.Maps)) {
			a.fail("want map @%d, a memory type, a register, {", len(p.Maps))
			return
		}
		p.Maps = append(p.Maps, Map{a.mem(w[2]), a.reg(w[3]), a.function(w[4:])})
	case "work":
		p.Work = a.function(w[1:])
	case "code":
		for w = a.next(); w != nil; w = a.next() {
			p.Code = append(p.Code, a.ins(w))
		}
	default:
		a.buffer(w)
	}
}

func (a *assembler) buffer(w []string) {
	r := a.find("declaration", roleNames[:], w[0])
	if len(w) < 3 {
		a.fail("%q wants a name and an element", w[0])
	}
	if a.err != nil {
		return
	}
	b := Buf{Name: w[1], Role: Role(r), Elem: a.mem(w[2])}
	w = w[3:]
	if len(w) > 0 && w[0] == "bytes" {
		b.Bytes, w = true, w[1:]
	}
	switch {
	case len(w) > 0 && w[0] == "size":
		f := a.function(w[1:])
		b.Size = &f
	case len(w) > 0 && w[0] == "=":
		data, err := hex.DecodeString(strings.Join(w[1:], ""))
		if err != nil {
			a.fail("%v", err)
		}
		b.Data = data
	case len(w) > 0:
		a.fail("unexpected %q", w[0])
	}
	a.p.Bufs = append(a.p.Bufs, b)
}

// function reads "{", instructions, "} result".
func (a *assembler) function(w []string) Func {
	var f Func
	if len(w) != 1 || w[0] != "{" {
		a.fail("want {")
	}
	for a.err == nil {
		w := a.next()
		if w == nil {
			a.fail("want }")
		} else if w[0] == "}" {
			if a.words(w, 2) {
				f.Result = a.reg(w[1])
			}
			break
		} else {
			f.Code = append(f.Code, a.ins(w))
		}
	}
	return f
}

func (a *assembler) ins(w []string) (in Ins) {
	for op := range opCount {
		if op.String() != w[0] {
			continue
		}
		in.Op = op
		if !a.words(w, 1+len(ops[op].sig)) {
			return in
		}
		for i, k := range ops[op].sig {
			in.Arg[i] = a.argument(k, w[i+1])
		}
		return in
	}
	a.fail("no operation %q", w[0])
	return in
}

func (a *assembler) argument(kind rune, w string) int64 {
	switch kind {
	case 'd', 'r':
		return int64(a.reg(w))
	case 'm':
		return int64(a.mem(w))
	case 'b':
		return int64(a.buf(w))
	case 'v':
		for i := range a.p.Views {
			if a.p.Views[i].Name == w {
				return int64(i)
			}
		}
		a.fail("no view %q", w)
		return 0
	case 'p':
		return a.num(strings.TrimPrefix(w, "@"))
	}
	return a.num(w)
}

func (a *assembler) num(w string) int64 {
	n, err := strconv.ParseInt(w, 10, 64)
	if err != nil || n < 0 {
		a.fail("%q is no number of 0 or more", w)
	}
	return n
}

func (a *assembler) number(w string, want int) {
	if w != "%"+strconv.Itoa(want) {
		a.fail("register %s, want %%%d", w, want)
	}
}

func (a *assembler) find(what string, names []string, w string) int {
	for i, n := range names {
		if n == w {
			return i
		}
	}
	a.fail("no %s %q", what, w)
	return 0
}

func (a *assembler) mem(w string) Mem {
	for i := range mems {
		if mems[i].name == w {
			return Mem(i)
		}
	}
	a.fail("no memory type %q", w)
	return 0
}

func (a *assembler) buf(w string) int {
	for i := range a.p.Bufs {
		if a.p.Bufs[i].Name == w {
			return i
		}
	}
	a.fail("no buffer %q", w)
	return 0
}

func (a *assembler) reg(w string) Reg {
	if name, ok := strings.CutPrefix(w, "$"); ok {
		names := append(append(append([]string{}, a.p.Dims...), a.p.Scalars...), "lo", "hi")
		return a.find("parameter", names, name)
	}
	name, ok := strings.CutPrefix(w, "%")
	if n := a.num(name); ok && n < maxItems {
		return Reg(n)
	}
	a.fail("%q is no register", w)
	return 0
}

func (a *assembler) constant(typ, w string) Const {
	c := Const{Type: Type(a.find("type", typeNames[:], typ))}
	var err error
	if bits, ok := strings.CutPrefix(w, "0x"); ok {
		c.Bits, err = strconv.ParseUint(bits, 16, 64)
	} else if c.Type.float() {
		var v float64
		v, err = strconv.ParseFloat(w, map[Type]int{F32: 32, F64: 64}[c.Type])
		if c.Bits = math.Float64bits(v); c.Type == F32 {
			c.Bits = uint64(math.Float32bits(float32(v)))
		}
	} else {
		var v int64
		v, err = strconv.ParseInt(w, 10, 64)
		c.Bits = uint64(v)
	}
	if err != nil {
		a.fail("%q is no %s", w, typ)
	}
	return c
}
