package spec

import (
	"slices"

	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

// Format is how values lie in memory: blocks of a row, or pages of a state.
type Format struct {
	Pos           grammar.Pos
	Package, Name string
	Doc           []string
	Page          bool
	Rows          int      // rows a block
	Count         int      // values a block has of each row; slots a page
	Bytes         int      // bytes a block
	GGUF          int      // -1: none
	Params        []string // of a page: its dims
	Fields        []*Field
	TailBytes     int
	Tail          []*Field
	Lets          []*Let // code and let, in order
	Tables        []*Table
	Row           *Index // of Decode: the row of the block; nil where it has one
	Index         *Index // of Decode
	Decode        Expr
	Sums          []*Sums // of codes and of values
	Encode        *Encode // nil: none
	Packs         *Format // whose blocks it holds side by side; nil: none
	Pack          *Pack   // how
	Paired        bool    // packs, and is bf16s and nothing else
	Uniform       bool    // packs, and decodes by what the tensor has once: no scale of a block's own
}

// Sums is a field whose element j is Times the sum of the codes, or the sum of the values, By*j <= i < By*(j+1).
type Sums struct {
	Field *Field
	By    int
	Times int64 // 1 where they are of values
}

// ValueSums finds the sums of n values each, or nil.
func (f *Format) ValueSums(n int) *Sums {
	for _, s := range f.Sums {
		if s.By == n && s.ofValues() {
			return s
		}
	}
	return nil
}

// CodeSums lists the sums of n codes each.
func (f *Format) CodeSums(n int) (out []*Sums) {
	for _, s := range f.Sums {
		if s.By == n && !s.ofValues() {
			out = append(out, s)
		}
	}
	return out
}

func (s *Sums) ofValues() bool { return s.Field.Elem.Type == F32 }

// Pack gives a block's fields from the blocks of its rows.
type Pack struct {
	Lets []*Let
	Sets []*FieldSet
	Once []Once // of a tensor whose blocks agree in it
}

// Once is a field of the tail that holds what a field of all packed blocks is.
type Once struct{ Tail, Of *Field }

// Field is a field of a block, of a tail or of a page.
type Field struct {
	Name   string
	Elem   *Elem
	Len    int    // elements; 1 for a single value
	Shape  []int  // of a block: the extents that Len is the product of
	Scalar bool   // written without dims
	Offset int    // bytes from the start of the block or tail
	Dims   []Expr // of a page: over its Params and Slot
	Slot   int    // of a page: which of Dims is the slot
}

// Encode gives a block's fields from its values.
type Encode struct {
	X      *Param // f32, [Count]
	Lets   []*Let
	Sets   []*FieldSet
	Orders map[string][]Order // by index variable
}

// FieldSet gives the elements of a field their values.
type FieldSet struct {
	Pos   grammar.Pos
	Field *Field
	Index []*Index // one for each of the field's extents
	Value Expr
	Raw   bool // the bits of a field of the same type are copied
}

// Op is a function on tensors.
type Op struct {
	Pos           grammar.Pos
	Package, Name string
	Host          string // what the program that runs models calls it, or ""
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
	Pairs         bool        // relax pairs(bf16)
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
	Pos     grammar.Pos
	Name    string
	Kind    Kind
	Elem    *Elem   // Tensor, Value
	Format  *Format // Weight: nil for any; State
	Packed  bool    // Weight: of any format that packs another
	Uniform bool    // … and is uniform
	Paired  bool    // … and is paired, which those that ask for neither are not
	Stored  bool    // Weight: of any format, or of one that packs another
	Shape   []Expr  // Tensor, Weight, Place: over dims; State: its page's params
	InOut   bool
	Out     bool
}

// Fact is X % Y == 0, or X <= Y where AtMost is set.
type Fact struct {
	X, Y   Expr
	AtMost bool
}

func (f Fact) String() string {
	if f.AtMost {
		return Text(f.X) + " <= " + Text(f.Y)
	}
	return Text(f.X) + " % " + Text(f.Y) + " == 0"
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

// Order is one way to add: Kind is "ascending", "lanes" (N wide), "blocks" (of Weight, and of With) or "pairs" (of both).
type Order struct {
	Kind   string
	N      int
	Weight *Param
	With   *Param // nil: Weight's blocks alone
}

// Schedule arranges an op's loops for targets. Where an op has several for one target they are cases:
// for every value of Dim the tests of exactly one of them hold.
type Schedule struct {
	Pos      grammar.Pos
	For      []string
	Dim      string // "" for no case
	When     []Test
	Loop     []string
	Parallel []string
	Grain    int
	Lanes    map[string]int
	Unroll   map[string]int
	Tile     map[string]int // of two indices: how many of each a product of tiles gives at once
	Prefetch []Prefetch
}

// Prefetch asks, where a parameter is read or written, for the memory of the next turn of the loop over an index.
type Prefetch struct {
	Pos   grammar.Pos
	Param *Param
	Along string
}

// Test compares a dim, or its remainder by Mod where that is not 0, with a constant. Op is ==, !=, <, <=, > or >=.
type Test struct {
	Op        string
	Mod, Than int64
}

// Arranged reports whether an op has a schedule or a kernel for a target by name.
func (o *Op) Arranged(target string) bool {
	return slices.ContainsFunc(o.Schedules, func(s *Schedule) bool { return slices.Contains(s.For, target) }) ||
		slices.ContainsFunc(o.Kernels, func(k *Kernel) bool { return slices.Contains(k.For, target) })
}

// Holds reports whether all tests hold for n.
func (s *Schedule) Holds(n int64) bool {
	for _, t := range s.When {
		if !t.holds(n) {
			return false
		}
	}
	return true
}

func (t Test) holds(n int64) bool {
	if t.Mod != 0 {
		n %= t.Mod
	}
	switch t.Op {
	case "==":
		return n == t.Than
	case "!=":
		return n != t.Than
	case "<":
		return n < t.Than
	case "<=":
		return n <= t.Than
	case ">":
		return n > t.Than
	}
	return n >= t.Than
}

// Tolerance bounds |scheduled - exact| for each element of Out, in f64.
type Tolerance struct {
	Out   *Param
	Index []*Index
	Lets  []*Let
	Value Expr
}
