package machine

import (
	"errors"
	"fmt"

	"github.com/mmcloughlin/avo/gotypes"
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
	"github.com/mmcloughlin/avo/x86"
)

// Builder collects one function. Regions nest as the loops and branches of the source do; code is
// appended to the current region, or to one around it.
type Builder struct {
	Regs *reg.Collection

	fn      *ir.Function
	regions []*region
	current int
	labels  map[string]int
	moves   map[*ir.Instruction]bool // copies of a whole register
}

// region is a straight piece of the function, and how many loops are around it.
type region struct {
	nodes []node
	loops int
}

type node struct {
	ir.Node
	loops int
}

// New starts a function.
func New(name, signature string, doc []string) (*Builder, error) {
	fn := ir.NewFunction(name)
	sig, err := gotypes.ParseSignature(signature)
	if err != nil {
		return nil, fmt.Errorf("machine: %s: %w", name, err)
	}
	fn.SetSignature(sig)
	fn.Doc = doc
	return &Builder{Regs: reg.NewCollection(), fn: fn, regions: []*region{{}}, labels: map[string]int{}, moves: map[*ir.Instruction]bool{}}, nil
}

// Level is the number of regions around the current one.
func (b *Builder) Level() int { return b.current }

// Open starts a region inside the current one; Close ends it and gives its code to the caller, who says with
// Append where it goes.
func (b *Builder) Open(loop bool) {
	n := b.regions[b.current].loops
	if loop {
		n++
	}
	b.regions = append(b.regions, &region{loops: n})
	b.current++
}

// Code is what a closed region holds.
type Code []node

// Close ends the current region.
func (b *Builder) Close() Code {
	r := b.regions[b.current]
	b.regions = b.regions[:b.current]
	b.current--
	return r.nodes
}

// Append puts code at the end of the current region.
func (b *Builder) Append(c Code) {
	r := b.regions[b.current]
	r.nodes = append(r.nodes, c...)
}

// At runs f with the region of a level as the current one.
func (b *Builder) At(level int, f func()) {
	saved := b.current
	b.current = level
	f()
	b.current = saved
}

func (b *Builder) add(n ir.Node) {
	r := b.regions[b.current]
	r.nodes = append(r.nodes, node{n, r.loops})
}

// ErrOperands is the panic of an instruction that has no form for its operands.
var ErrOperands = errors.New("no instruction has these operands")

// Emit appends an instruction.
func (b *Builder) Emit(i *ir.Instruction, err error) {
	if err != nil {
		panic(fmt.Errorf("%w: %w", ErrOperands, err))
	}
	b.add(i)
}

// Move copies a whole general-purpose, vector or mask register; it vanishes where the value can
// be computed in its place at once.
func (b *Builder) Move(from, to reg.Register) {
	i, err := move(from, to)
	if err == nil {
		b.moves[i] = true
	}
	b.Emit(i, err)
}

// move is the instruction that copies between registers of one kind, or to and from memory.
func move(from, to operand.Op) (*ir.Instruction, error) {
	r, ok := from.(reg.Register)
	if !ok {
		r = to.(reg.Register)
	}
	switch {
	case r.Kind() == reg.KindGP:
		return x86.MOVQ(from, to)
	case r.Kind() == reg.KindOpmask:
		return x86.KMOVQ(from, to)
	}
	_, toMemory := to.(operand.Mem)
	_, fromMemory := from.(operand.Mem)
	if toMemory || fromMemory {
		return x86.VMOVUPS(from, to)
	}
	return x86.VMOVAPS(from, to)
}

// Label makes a name that no other label has.
func (b *Builder) Label(name string) string {
	n := b.labels[name]
	b.labels[name] = n + 1
	if n == 0 {
		return name
	}
	return b.Label(fmt.Sprintf("%s%d", name, n+1))
}

// Mark puts a label here.
func (b *Builder) Mark(label string) { b.add(ir.Label(label)) }

// Comment puts a line for readers here.
func (b *Builder) Comment(text string) { b.add(ir.NewComment(text)) }
