package loop

// Stmt is one statement.
type Stmt interface{ stmt() }

// For runs Body with Var = Lo, Lo+Step, … while Var + Step <= Hi when Whole is set,
// else while Var < Hi. Lo and Hi are evaluated once. After a Whole loop, Rest (may
// be nil) is a Var of the enclosing block that holds the first value not done.
type For struct {
	Var    *Var
	Lo, Hi Expr
	Step   int64 // >= 1
	Whole  bool
	Rest   *Var
	Unroll bool // a hint: the trip count is a small constant and the body is to be repeated
	Body   []Stmt
}

// If runs Then or Else.
type If struct {
	Cond       Expr // Bool, one lane
	Then, Else []Stmt
}

// Def declares Var and gives it its first value.
type Def struct {
	Var   *Var
	Value Expr
}

// Set changes a mutable Var.
type Set struct {
	Var   *Var
	Value Expr
}

// Open declares a view; its bounds are checked here.
type Open struct{ View *View }

// Store writes Value to Buf: lane l goes to Index + l*Stride. Where Index has lanes
// itself (a scatter) Stride is nil and lane l goes to Index[l].
// Mem is Buf.Elem, unless Buf.Bytes.
type Store struct {
	Buf    *Buf
	Mem    Mem
	Index  Expr
	Stride Expr // nil: one lane or a scatter
	Value  Expr
}

// Prefetch asks for the memory of N elements of Buf, Stride apart, ahead of their use. It changes no value; the
// elements may lie outside of Buf.
type Prefetch struct {
	Buf    *Buf
	Mem    Mem
	Index  Expr
	Stride Expr // nil: one element
	N      int
	Write  bool // they will be written
}

// Note is a comment carried into generated code.
type Note struct{ Text string }

func (*For) stmt()      {}
func (*If) stmt()       {}
func (*Def) stmt()      {}
func (*Set) stmt()      {}
func (*Open) stmt()     {}
func (*Store) stmt()    {}
func (*Prefetch) stmt() {}
func (*Note) stmt()     {}
