package loop

// Program computes the work items lo <= w < hi of one op. Items are independent:
// any split of 0..Work into ranges, in any order, gives the same bits.
type Program struct {
	Name    string   // "matmul_q4_1": package-unique, an identifier
	Math    []string // the op's equations, for the header of generated code
	Bufs    []*Buf   // parameters in memory, in call order
	Dims    []*Var   // integer parameters, in call order (Int, one lane, immutable)
	Scalars []*Var   // f32 parameters, in call order (F32, one lane, immutable)
	Lo, Hi  *Var     // the range of work of this call
	Work    Expr     // how many items there are, over Dims alone
	Grain   int      // a range is best a multiple of this many items
	Strip   int      // items, from a multiple of it on, that are computed side by side, else 1
	Rows    int      // indices of what is shared out that an item has: rows side by side, else 1
	Temps   []*Buf   // scratch of one call; Size is over Dims; contents undefined at entry
	Tables  []*Buf   // constants; Data holds their values
	Body    []Stmt
}

// Role says what a Buf is to its program.
type Role uint8

const (
	In Role = iota
	Out
	InOut
	Temp
	Table
)

// Buf is memory: a parameter, scratch or a table of constants. Elem is its element
// type, and indices count elements. Where Bytes is set the memory is a sequence of
// bytes holding mixed fields, and indices count bytes.
type Buf struct {
	Name  string
	Role  Role
	Elem  Mem
	Bytes bool
	Shape string  // for readers: "[T, M]"
	Size  Expr    // elements (bytes where Bytes), over Dims; nil where the caller decides
	Data  []int64 // Table only: integers, or the bits of floats (32 bits for F32, 64 for F64)
}

// Var is a register. Lanes is 1 for a scalar. An immutable Var is assigned by one
// Def or is a loop's counter; a mutable one is declared by Def and changed by Set.
type Var struct {
	Name    string // an identifier, unique in its program
	Type    Type
	Lanes   int
	Mutable bool
}

// View is a window of constant size on a buffer, one for each lane: lane l
// starts at Index + l*Stride. Loads through a view count from its start and stay
// inside: so bounds are checked once.
type View struct {
	Name   string // an identifier, unique in its program
	Buf    *Buf
	Index  Expr // in the buffer's units (elements or bytes)
	Stride Expr // nil where Lanes is 1
	Lanes  int
	Size   int // in the buffer's units
}
