package plan

// Kernel is one compiled op for one choice of formats.
type Kernel struct {
	Name    string   // "matmul_q4_1"
	Formats []string // of the op's `any` parameters, in order
	Grain   int      // a range of work is best a multiple of this
	Rows    int      // indices of Op.Split that a work item has; 0: one

	// Work is the number of work items of a call: a function of its dims.
	Work func(*Call) int
	// Scratch is how many bytes of scratch a worker lends to a call.
	Scratch func(*Call) int
	// Run computes the items lo <= w < hi. scratch is aligned to 64 bytes and at
	// least Scratch bytes long. Ranges of one call may run at the same time.
	Run func(c *Call, lo, hi int, scratch []byte)
	// Variants are other forms of Scratch and Run, for processors that have more.
	Variants []Variant

	// Loop, Spec and Tolerance are the names of its bytecode programs.
	Loop, Spec, Tolerance string
}

// Variant is a kernel for a set of instructions, named as package runtime/cpu does.
type Variant struct {
	CPU     string
	Strip   int // as many neighbours, from a multiple of it on, are computed side by side; 0: each alone
	Scratch func(*Call) int
	// Loop is the bytecode program of this form, where its bits may differ from the kernel's: the op allows it, and its
	// instructions add in an order of their own. "": the kernel's.
	Loop string
	// Run is false where it did not do its work: a buffer is smaller than the dims say, or an index
	// that it read is outside of one. The kernel's own Run then tells which.
	Run func(c *Call, lo, hi int, scratch []byte) bool
}

// Op is an op with its kernels, one for each choice of formats.
type Op struct {
	Name   string   // "linear.matmul"
	Dims   []string // the symbolic dims, in the order of Call.Dim
	Facts  []Expr   // what holds of the dims of each call
	Exact  bool     // nothing but sums and products of inputs: small integers give the same bits in any order
	Split  Expr     // how many indices the work is shared out by: a Kernel has Split / Rows work items, rounded up
	Params []Param

	Kernels []Kernel
}

// Param describes one argument of an op, for verifying and for messages. Its expressions
// are over the op's dims and dim parameters.
type Param struct {
	Name    string
	Kind    ParamKind
	Elem    string // "f32", "i32", …; a weight's format, "" for any
	Packs   bool   // of a weight of any format: of one that packs another
	Uniform bool   // … and is uniform
	Paired  bool   // … and is paired
	Stored  bool   // of a weight of any format: of one that packs another, too
	Write   bool   // the op writes it
	Shape   []Expr // of a tensor, a weight [rows, columns], a place; of a state: bytes a page
	Limit   Expr   // the values (of a place: positions) are rows of a weight or tensor of so many; nil: of none
	Page    int    // of a state: positions a page
	// Runs: it is so many runs of equal length, and of each a work item reads or writes its own part alone: the
	// part that its indices are of Split. nil: any part.
	Runs Expr
}

// ParamKind says what a Param is, and so which part of a Call holds it.
type ParamKind uint8

const (
	ParamTensor ParamKind = iota // one Buf
	ParamWeight                  // one Buf, or two where the format has a tail and the op reads it
	ParamPlace                   // two Bufs
	ParamState                   // two Bufs
	ParamDim                     // one Dim
	ParamF32                     // one F
)

// Format is how a tensor's values lie in memory.
type Format struct {
	Name  string // "q4_1"
	Elem  string // "f32", where a block is one such value: its tensors are tensors of them; else ""
	GGUF  int    // ggml's type id, -1 for none
	Rows  int    // rows that lie side by side in a block; the last block repeats the last row
	Block int    // values a block has of each row; a row is a whole number of blocks
	Bytes int    // bytes a block
	Tail  int    // bytes after all rows
	// TailPad: the file's data, tail included, is padded to this many bytes.
	TailPad int

	// Digest tells what its bytes mean: it changes with the definition, but for names, comments and encode.
	Digest string

	Packs   string // the format whose blocks it holds side by side; "": none
	Once    []Once // what all of those blocks must have in common
	Uniform bool   // it packs, and has no scale but the tensor's
	Paired  bool   // it packs, and holds bf16s and nothing else
	// Sums: a field holds sums of others, so that no bytes but those of its encode are a block.
	Sums bool

	Fields     []Field // of a block
	TailFields []Field // of the tail
}

// Field is a part of a block or tail: Len elements from byte Offset on.
type Field struct {
	Name   string
	Elem   string // "u8", "f16", …
	Offset int
	Len    int
}

// Once is a range of bytes that are the same in all packed blocks, and where the tail has them.
type Once struct{ To, From, Bytes int }

// Size is how many bytes rows of width values take.
func (f *Format) Size(rows, width int) int {
	return (rows + f.Rows - 1) / f.Rows * (width / f.Block) * f.Bytes
}
