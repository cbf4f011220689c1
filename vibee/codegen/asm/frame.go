package asm

import (
	"go/token"
	"regexp"
	"strings"

	"github.com/mmcloughlin/avo/operand"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// maxDim is the largest dim that emitted code accepts.
const maxDim = 1<<31 - 1

// frame says how a function is called: buffers, their lengths where only the call knows them, dims,
// the range of work, scalars.
type frame struct {
	params []param
	bytes  int
}

type param struct {
	name, typ, of string // of: the program's name for it
	offset        int
}

func frameOf(p *loop.Program) (f frame) {
	taken := map[string]bool{"ok": true}
	add := func(name, typ string, bytes int) {
		of := name
		for register(name) || token.IsKeyword(name) || taken[name] {
			name += "_"
		}
		taken[name] = true
		f.params = append(f.params, param{name, typ, of, f.bytes})
		f.bytes += bytes
	}
	for _, b := range p.Bufs {
		add(b.Name, "*byte", 8)
	}
	for _, b := range p.Bufs {
		if b.Size == nil {
			add(lengthName(b), "int", 8)
		}
	}
	for _, t := range p.Temps {
		add(t.Name, "*byte", 8)
	}
	for _, d := range p.Dims {
		add(d.Name, "int", 8)
	}
	add(p.Lo.Name, "int", 8)
	add(p.Hi.Name, "int", 8)
	for _, s := range p.Scalars {
		add(s.Name, "float32", 4)
	}
	f.bytes = (f.bytes + 7) &^ 7
	return f
}

// lengthName is the parameter that holds how many elements b has.
func lengthName(b *loop.Buf) string { return b.Name + "Len" }

// register finds the names that the assembler reads as registers.
var register = regexp.MustCompile(`^(g|[ABCD][HLX]|SI|DI|BP|SP|FP|SB|PC|[CDEFGST]S|R[0-9]+|[FKMXYZ][0-9]+|CR[0-9]+|DR[0-9]+|TR[0-9]*|GDTR|IDTR|LDTR|MSW|TASK)$`).MatchString

// signature is the function's type.
func (f frame) signature() string {
	var list []string
	for _, p := range f.params {
		list = append(list, p.name+" "+p.typ)
	}
	return "func(" + strings.Join(list, ", ") + ") (ok bool)"
}

func (f frame) argument(name string) operand.Mem {
	for _, p := range f.params {
		if p.of == name {
			return operand.NewParamAddr(p.name, p.offset)
		}
	}
	panic("asm: no parameter " + name)
}

func (f frame) result() operand.Mem { return operand.NewParamAddr("ok", f.bytes) }
