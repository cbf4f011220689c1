package grammar

// Expr is an expression as written.
type Expr interface{ At() Pos }

// Number is a literal: 12, 0.5, 1e-5, 0x1f, 2^-40 is Binary.
type Number struct {
	Pos
	Text string
}

// Text is a string literal, unquoted.
type Text struct {
	Pos
	Value string
}

// Ident is a name; true and false are idents.
type Ident struct {
	Pos
	Text string
}

// Member is X.Name: a package's declaration, a state's field, a place's part.
type Member struct {
	Pos
	X    Expr
	Name *Name
}

// Subscript is X[I, …].
type Subscript struct {
	Pos
	X     Expr
	Index []Expr
}

// Call is Fun(args); a conversion looks the same: f32(x).
type Call struct {
	Pos
	Fun  Expr // Ident or Member
	Args []*Arg
}

// Arg is a positional or named argument; `H:` alone stands for `H: H`.
type Arg struct {
	Pos
	Name  *Name // may be nil
	Value Expr
}

// Unary is -x, !x or ~x.
type Unary struct {
	Pos
	Op string
	X  Expr
}

// Binary is X Op Y. From loose to tight, all left-associative:
//
//	||   &&   == != < <= > >= (do not chain)   |   xor   &   << >>   + -   * / %   ^ (power of constants, right-associative)
//
// A unary operator stands between * and ^: -2^7 is -(2^7).
type Binary struct {
	Pos    // of the operator
	Op     string
	X, Y   Expr
	Parens bool // the author put it in parentheses
}

// If is if c { a } else { b }; else may be followed by another if.
type If struct {
	Pos
	Cond, Then, Else Expr
}

// Reduce is sum[k, j in a .. b] as f64 (…). Kind is sum, max, min, any or all.
type Reduce struct {
	Pos
	Kind  string
	Index []*Index
	As    *Name // may be nil
	Body  Expr
}

// Reshape is X as [T, H*A].
type Reshape struct {
	Pos
	X    Expr
	Dims []Expr
}
