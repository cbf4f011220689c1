package bind

import (
	"sync"

	"github.com/trinity-engine/trinity/runtime/eval"
	"github.com/trinity-engine/trinity/runtime/modelfile"
	"github.com/trinity-engine/trinity/runtime/plan"
)

// Program is a model bound to a file: steps to be executed in order. It points into the
// file's memory, so the file must stay open as long as it is used.
type Program struct {
	Model   *plan.Model
	Config  map[string]eval.Value // single values, by name
	Inputs  []Input
	Buffers []Buffer
	States  []State
	Steps   []Step
	Outputs []Output
	Guards  []Guard // to be checked for each batch
	Weights int     // bytes of weights, each tensor once

	file    *modelfile.File
	uses    map[string]Use // of tensors
	repacks []Repack       // to be done once
	pack    sync.Once
	packErr error
}

// Input is a parameter of forward.
type Input struct {
	Name  string
	Kind  OperandKind // Tokens, Places (never in a step) or Outs
	Limit int         // values are below it; 0: any
}

// Buffer is memory that lives from step First to step Last.
type Buffer struct {
	Name        string
	Elem        string
	First, Last int          // -1, -1 where no step uses it
	size        int          // bytes an element
	blocks      *plan.Format // of elements in blocks; nil: size tells
	shape       []Size
}

// State is a pool of pages.
type State struct {
	Name  string
	Bytes int // a page
	Page  int // places a page
}

// Guard is a condition over a batch.
type Guard struct {
	cond    plan.Expr
	message string
}

// Output is a named result: f32 rows in a buffer.
type Output struct {
	Name   string
	Buffer int
}

// Step is one call of a kernel.
type Step struct {
	Op       *plan.Op
	Kernel   *plan.Kernel
	Where    string
	Operands []Operand // in the order of plan.Call.Buf
	Dims     []Size
	F        []Number
}

// Operand is one Buf of a call.
type Operand struct {
	Kind  OperandKind
	Index int      // of the buffer or state
	Buf   plan.Buf // of a weight
	Bytes int      // a page, of a pool
	Param int      // of Step.Op.Params
	Write bool
}

// OperandKind says where an operand's memory is.
type OperandKind uint8

const (
	Weight    OperandKind = iota
	InBuffer              // Program.Buffers[Index]
	Tokens                // i32[T]
	Sequences             // i32[T], of a place
	Positions             // i32[T], of a place
	Outs                  // i32[R]
	Pool                  // pages of Program.States[Index]
	Pages                 // the page table, i32[sequences, pages a sequence]
	Places                // Sequences and Positions
)

// Size is an integer that is not negative: a constant, or over a batch.
type Size struct {
	value int
	expr  plan.Expr // nil: constant
}

// At gives the size for a batch.
func (s Size) At(b *eval.Batch) (int, error) {
	if s.expr == nil {
		return s.value, nil
	}
	v, err := eval.Eval(s.expr, b)
	if err != nil {
		return 0, err
	}
	return v.AsDim()
}

// Number is an f32: a constant, or over a batch.
type Number struct {
	value float32
	expr  plan.Expr // nil: constant
}

// At gives the number for a batch.
func (n Number) At(b *eval.Batch) (float32, error) {
	if n.expr == nil {
		return n.value, nil
	}
	v, err := eval.Eval(n.expr, b)
	if err != nil {
		return 0, err
	}
	return v.AsF32()
}
