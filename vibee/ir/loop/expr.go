package loop

// Expr is a value without side effects. One-lane operands are not mixed with wide
// ones: Splat widens.
type Expr interface {
	Type() Type
	Lanes() int
}

// ConstInt is an Int constant of one lane.
type ConstInt struct{ V int64 }

// ConstFloat is a constant of one lane; for F32, V is exactly representable.
type ConstFloat struct {
	T Type
	V float64
}

// Ref reads a Var.
type Ref struct{ Var *Var }

// Load reads Mem elements. With Stride set, lane l of N comes from Index + l*Stride
// (both one lane). With Stride nil it has the lanes of Index: lane l comes from
// Index[l]. Mem is Buf.Elem, unless Buf.Bytes.
type Load struct {
	Buf    *Buf
	Mem    Mem
	Index  Expr
	Stride Expr // nil: one lane or a gather
	N      int  // lanes, where Stride is set
}

// Peek reads through a view: lane l reads at Index (one lane) from the start of the view of
// lane l. The result has the view's lanes.
type Peek struct {
	View  *View
	Mem   Mem
	Index Expr // in the buffer's units; 0 <= Index, Index + size of Mem <= View.Size
}

// Binary applies Op lane by lane; both operands have the same type and lanes.
// Comparisons give Bool.
type Binary struct {
	Op   Op
	A, B Expr
}

// Unary applies Op lane by lane.
type Unary struct {
	Op Op
	A  Expr
}

// Convert changes the type, lane by lane: Int to float rounds to nearest even (from 64
// bits, once), F64 to F32 rounds to nearest even, F32 to F64 is exact, float to Int
// truncates and its operand is proved to lie within ±2^53 (NaN excluded by the proof).
type Convert struct {
	To Type
	A  Expr
}

// Wrap keeps an Int's low bits and extends them again: by zeros for MemU*, by sign
// for MemI*.
type Wrap struct {
	Mem Mem
	A   Expr
}

// Bits reinterprets: F32 to an Int of 32 bits (zero-extended), an Int's low 32 bits to F32, F64 <-> Int.
type Bits struct {
	To Type
	A  Expr
}

// Round rounds an F32 to Mem (MemF16 or MemBF16) and widens it again, by nearest even.
type Round struct {
	Mem Mem
	A   Expr
}

// Select gives A where Cond, else B, lane by lane; both are evaluated.
type Select struct {
	Cond, A, B Expr
}

// Splat repeats a one-lane value N times.
type Splat struct {
	A Expr
	N int
}

// Iota is the Int vector 0, 1, …, N-1.
type Iota struct{ N int }

// Reduce folds a wide value of 2^n lanes to one by halving: while more than one lane is left,
// lane i becomes Op(lane i, lane i + half). Op is Add, Max or Min.
type Reduce struct {
	Op Op
	A  Expr
}

// Dot adds products of Ints by fours: lane l is the sum of A[4l+j]*B[4l+j] over j < 4, which wraps at 64
// bits. B of four lanes is the same for every l.
type Dot struct{ A, B Expr }

// Pairs adds products of bf16s by twos, each product and each sum rounded: lane l is
// (Sum + high(A)*high(B)) + low(A)*low(B). The low 32 bits of an Int of A and B are two bf16s, low the first.
type Pairs struct{ Sum, A, B Expr }

// Op is an operator of Binary or Unary.
type Op uint8

const (
	Add Op = iota
	Sub
	Mul
	Div // floats: IEEE; Int: truncating, and a zero divisor is a trap
	Mod // Int: a - (a/b)*b
	Min // a < b ? a : b
	Max // a > b ? a : b
	And // Int, Bool
	Or  // Int, Bool
	Xor // Int
	Shl // Int; the count is 0..63
	Shr // Int, logical; the count is 0..63
	Eq
	Ne
	Lt
	Le
	Gt
	Ge
	Neg
	Abs
	Not   // Bool
	Sqrt  // floats, correctly rounded
	Floor // floats
	Ceil  // floats
	Trunc // floats
	Rint  // floats, to nearest even
)

var opNames = [...]string{"+", "-", "*", "/", "%", "min", "max", "&", "|", "^", "<<", ">>", "==", "!=", "<", "<=", ">", ">=",
	"neg", "abs", "not", "sqrt", "floor", "ceil", "trunc", "rint"}

func (o Op) String() string { return opNames[o] }

// Compare reports whether o gives a Bool from two operands.
func (o Op) Compare() bool { return o >= Eq && o <= Ge }

func (*ConstInt) Type() Type     { return Int }
func (c *ConstFloat) Type() Type { return c.T }
func (r *Ref) Type() Type        { return r.Var.Type }
func (l *Load) Type() Type       { return l.Mem.Type() }
func (p *Peek) Type() Type       { return p.Mem.Type() }
func (u *Unary) Type() Type      { return u.A.Type() }
func (c *Convert) Type() Type    { return c.To }
func (*Wrap) Type() Type         { return Int }
func (b *Bits) Type() Type       { return b.To }
func (*Round) Type() Type        { return F32 }
func (s *Select) Type() Type     { return s.A.Type() }
func (s *Splat) Type() Type      { return s.A.Type() }
func (*Iota) Type() Type         { return Int }
func (r *Reduce) Type() Type     { return r.A.Type() }
func (*Dot) Type() Type          { return Int }
func (*Pairs) Type() Type        { return F32 }
func (b *Binary) Type() Type {
	if b.Op.Compare() {
		return Bool
	}
	return b.A.Type()
}

func (*ConstInt) Lanes() int   { return 1 }
func (*ConstFloat) Lanes() int { return 1 }
func (r *Ref) Lanes() int      { return r.Var.Lanes }
func (p *Peek) Lanes() int     { return p.View.Lanes }
func (l *Load) Lanes() int {
	if l.Stride != nil {
		return l.N
	}
	return l.Index.Lanes()
}
func (b *Binary) Lanes() int  { return b.A.Lanes() }
func (u *Unary) Lanes() int   { return u.A.Lanes() }
func (c *Convert) Lanes() int { return c.A.Lanes() }
func (w *Wrap) Lanes() int    { return w.A.Lanes() }
func (b *Bits) Lanes() int    { return b.A.Lanes() }
func (r *Round) Lanes() int   { return r.A.Lanes() }
func (s *Select) Lanes() int  { return s.A.Lanes() }
func (s *Splat) Lanes() int   { return s.N }
func (i *Iota) Lanes() int    { return i.N }
func (*Reduce) Lanes() int    { return 1 }
func (d *Dot) Lanes() int     { return d.A.Lanes() / 4 }
func (p *Pairs) Lanes() int   { return p.Sum.Lanes() }
