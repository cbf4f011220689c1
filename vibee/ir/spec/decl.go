package spec

import (
	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

// Format is how values lie in memory: blocks of a row, or pages of a state.
type Format struct {
	Pos           grammar.Pos
	Package, Name string
	Doc           []string
	Page          bool
	Count         int      // values a block; slots a page
	Bytes         int      // bytes a block
	GGUF          int      // -1: none
	Params        []string // of a page: its dims
	Fields        []*Field
	TailBytes     int
	Tail          []*Field
	Lets          []*Let // code and let, in order
	Tables        []*Table
	Index         *Index // of Decode
	Decode        Expr
	Encode        *Encode // nil: none
}

// Field is a field of a block, of a tail or of a page.
type Field struct {
	Name   string
	Elem   *Elem
	Len    int    // elements; 1 for a single value
	Scalar bool   // written without dims
	Offset int    // bytes from the start of the block or tail
	Dims   []Expr // of a page: over its Params and Slot
	Slot   int    // of a page: which of Dims is the slot
}

// Encode gives a block's fields from its values.
type Encode struct {
	X    *Param // f32, [Count]
	Lets []*Let
	Sets []*FieldSet
}

// FieldSet gives element Index of a field its value.
type FieldSet struct {
	Pos   grammar.Pos
	Field *Field
	Index *Index // nil for a scalar field
	Value Expr
}

// Op is a function on tensors.
type Op struct {
	Pos           grammar.Pos
	Package, Name string
	Doc           []string
	Params        []*Param
	Outs          []*Param
	Dims          []string // symbolic dims, in the order in which shapes name them
	Facts         []Fact
	Body          *Body
	Kernels       []*Kernel
	Schedules     []*Schedule
	Eval32        bool        // relax eval(f32)
	Factor        []*Param    // relax factor(W)
	Approx        map[*Op]*Op // relax approx(f, g)
	Tolerances    []*Tolerance
}

// FullName is "linear.matmul".
func (o *Op) FullName() string { return o.Package + "." + o.Name }

// Scalar reports whether all parameters and results are single values.
func (o *Op) Scalar() bool {
	for _, p := range append(append([]*Param{}, o.Params...), o.Outs...) {
		if p.Kind != Value && p.Kind != Dim {
			return false
		}
	}
	return len(o.Outs) == 1
}

// Body is a list of equations in an order in which they can be computed.
type Body struct {
	Tables []*Table
	Lets   []*Let
	Sets   []*Set
	Orders map[string][]Order // by index variable
}

// Kernel is another body for the same op.
type Kernel struct {
	Pos  grammar.Pos
	Name string
	For  []string // none: every target
	Body *Body
}

// Kind says what a parameter is.
type Kind uint8

const (
	Tensor Kind = iota
	Weight      // of a format
	Place
	State
	Dim
	Value // one f32, f64, int, …
)

// Param is a parameter or result.
type Param struct {
	Pos    grammar.Pos
	Name   string
	Kind   Kind
	Elem   *Elem   // Tensor, Value
	Format *Format // Weight: nil for any; State
	Shape  []Expr  // Tensor, Weight, Place: over dims; State: its page's params
	InOut  bool
	Out    bool
}

// Fact is X % Y == 0, or X <= Y where AtMost is set.
type Fact struct {
	X, Y   Expr
	AtMost bool
}

// Table is a constant array.
type Table struct {
	Name   string
	Elem   *Elem
	Ints   []int64
	Floats []float64
}

// Index is an index variable: Lo <= i < Hi. Two indices are the same variable when
// they are the same pointer.
type Index struct {
	Name   string
	Lo, Hi Expr
}

// Let names a value, or a tensor of values over Index.
type Let struct {
	Pos   grammar.Pos
	Name  string
	Index []*Index
	Value Expr
	Code  bool // a block's code

	// What the checker proved of Value, once: Ints bounds an integer; Floats a float, nil where nothing
	// is known.
	Ints   sym.Interval
	Floats *[2]float64
}

// Set gives elements of a result, or of a state's field, their value.
type Set struct {
	Pos   grammar.Pos
	Out   *Param
	Field *Field   // of a state; else nil
	Index []*Index // the variables that it ranges over
	At    []Expr   // where it is stored
	Value Expr
}

// Order is one way to add: Kind is "ascending", "lanes" (N wide) or "blocks" (of Weight).
type Order struct {
	Kind   string
	N      int
	Weight *Param
}

// Schedule arranges an op's loops for targets.
type Schedule struct {
	Pos      grammar.Pos
	For      []string
	Loop     []string
	Parallel []string
	Grain    int
	Lanes    map[string]int
	Unroll   map[string]int
}

// Tolerance bounds |scheduled - exact| for each element of Out, in f64.
type Tolerance struct {
	Out   *Param
	Index []*Index
	Lets  []*Let
	Value Expr
}
