package spec

import "github.com/trinity-engine/trinity/vibee/grammar"

// Expr is a typed expression.
type Expr interface{ Type() Type }

type (
	// IntLit and FloatLit are constants.
	IntLit   struct{ V int64 }
	FloatLit struct {
		T Type
		V float64
	}
	BoolLit struct{ V bool }
	// IndexRef reads an index variable, DimRef a symbolic dim or dim parameter.
	IndexRef struct{ Index *Index }
	DimRef   struct{ Name string }
	// ValueRef reads a parameter that is one value.
	ValueRef struct{ Param *Param }
	// TensorRef reads an element of a tensor, WeightRef a decoded value of a weight.
	TensorRef struct {
		Param *Param
		At    []Expr
	}
	WeightRef struct {
		Param *Param
		At    []Expr
		Terms bool // the magnitudes of its terms, added
	}
	// PlaceRef reads the sequence (Part "seq") or position ("pos") of a place.
	PlaceRef struct {
		Param *Param
		At    Expr
		Part  string
	}
	// StateRef reads a state's field: At is sequence, position, then the field's dims but the slot.
	StateRef struct {
		Param *Param
		Field *Field
		At    []Expr
	}
	LetRef struct {
		Let *Let
		At  []Expr
	}
	TableRef struct {
		Table *Table
		At    Expr
	}
	// FieldRef reads a field of the block (or of the tail) at hand.
	FieldRef struct {
		Field *Field
		Tail  bool
		At    Expr // nil for a scalar field
	}
	// InRow reads A, a FieldRef or a LetRef, in the block of row Row of the format that is packed.
	InRow struct {
		Row   Expr
		Block Expr // which of several side by side; nil: there is one
		A     Expr
	}
	// Unary is neg abs sqrt floor ceil trunc rint not.
	Unary struct {
		Op string
		A  Expr
	}
	// Binary is + - * / % min max & | xor << >> == != < <= > >= && ||.
	Binary struct {
		Op   string
		A, B Expr
	}
	Cond struct{ If, Then, Else Expr }
	// Convert changes between Int, F32 and F64.
	Convert struct {
		To Type
		A  Expr
	}
	// Wrap keeps an integer's low bits; Bits reinterprets ("bitcast"); Round rounds an F32 to f16 or bf16.
	Wrap struct {
		Elem *Elem
		A    Expr
	}
	Bits struct {
		To Type
		A  Expr
	}
	Round struct {
		Elem *Elem
		A    Expr
	}
	// Apply calls a scalar op.
	Apply struct {
		Pos  grammar.Pos
		Op   *Op
		Args []Expr
	}
	// Reduce is sum, max, min, any or all over Index.
	Reduce struct {
		Pos   grammar.Pos
		Kind  string
		Index []*Index
		Body  Expr
	}
)

func (*IntLit) Type() Type      { return Int }
func (l *FloatLit) Type() Type  { return l.T }
func (*BoolLit) Type() Type     { return Bool }
func (*IndexRef) Type() Type    { return Int }
func (*DimRef) Type() Type      { return Int }
func (v *ValueRef) Type() Type  { return v.Param.Elem.Type }
func (t *TensorRef) Type() Type { return t.Param.Elem.Type }
func (*WeightRef) Type() Type   { return F32 }
func (*PlaceRef) Type() Type    { return Int }
func (s *StateRef) Type() Type  { return s.Field.Elem.Type }
func (l *LetRef) Type() Type    { return l.Let.Value.Type() }
func (t *TableRef) Type() Type  { return t.Table.Elem.Type }
func (f *FieldRef) Type() Type  { return f.Field.Elem.Type }

// Brains is the field that alone is a format's value, a bf16 of the block; nil where there is none.
func (f *Format) Brains() *FieldRef {
	if e, ok := f.Decode.(*FieldRef); ok && !e.Tail && e.At != nil && e.Field.Elem == Elems["bf16"] {
		return e
	}
	return nil
}

func (r *InRow) Type() Type   { return r.A.Type() }
func (u *Unary) Type() Type   { return u.A.Type() }
func (c *Cond) Type() Type    { return c.Then.Type() }
func (c *Convert) Type() Type { return c.To }
func (*Wrap) Type() Type      { return Int }
func (b *Bits) Type() Type    { return b.To }
func (*Round) Type() Type     { return F32 }
func (a *Apply) Type() Type   { return a.Op.Outs[0].Elem.Type }
func (r *Reduce) Type() Type  { return r.Body.Type() }
func (b *Binary) Type() Type {
	switch b.Op {
	case "==", "!=", "<", "<=", ">", ">=", "&&", "||":
		return Bool
	}
	return b.A.Type()
}

// Children lists an expression's direct operands.
func Children(e Expr) []Expr {
	switch e := e.(type) {
	case *TensorRef:
		return e.At
	case *WeightRef:
		return e.At
	case *PlaceRef:
		return []Expr{e.At}
	case *StateRef:
		return e.At
	case *LetRef:
		return e.At
	case *TableRef:
		return []Expr{e.At}
	case *FieldRef:
		if e.At != nil {
			return []Expr{e.At}
		}
	case *InRow:
		if e.Block != nil {
			return []Expr{e.Row, e.Block, e.A}
		}
		return []Expr{e.Row, e.A}
	case *Unary:
		return []Expr{e.A}
	case *Binary:
		return []Expr{e.A, e.B}
	case *Cond:
		return []Expr{e.If, e.Then, e.Else}
	case *Convert:
		return []Expr{e.A}
	case *Wrap:
		return []Expr{e.A}
	case *Bits:
		return []Expr{e.A}
	case *Round:
		return []Expr{e.A}
	case *Apply:
		return e.Args
	case *Reduce:
		return []Expr{e.Body}
	}
	return nil
}

// Rebuild is e with f applied to its direct operands. It goes not into lets, ops and the ranges of indices.
func Rebuild(e Expr, f func(Expr) Expr) Expr {
	all := func(list []Expr) []Expr {
		out := make([]Expr, len(list))
		for i, e := range list {
			out[i] = f(e)
		}
		return out
	}
	switch e := e.(type) {
	case *TensorRef:
		return &TensorRef{Param: e.Param, At: all(e.At)}
	case *WeightRef:
		return &WeightRef{Param: e.Param, At: all(e.At), Terms: e.Terms}
	case *PlaceRef:
		return &PlaceRef{Param: e.Param, At: f(e.At), Part: e.Part}
	case *StateRef:
		return &StateRef{Param: e.Param, Field: e.Field, At: all(e.At)}
	case *LetRef:
		return &LetRef{Let: e.Let, At: all(e.At)}
	case *TableRef:
		return &TableRef{Table: e.Table, At: f(e.At)}
	case *FieldRef:
		if e.At != nil {
			return &FieldRef{Field: e.Field, Tail: e.Tail, At: f(e.At)}
		}
	case *InRow:
		if e.Block != nil {
			return &InRow{Row: f(e.Row), Block: f(e.Block), A: f(e.A)}
		}
		return &InRow{Row: f(e.Row), A: f(e.A)}
	case *Unary:
		return &Unary{Op: e.Op, A: f(e.A)}
	case *Binary:
		return &Binary{Op: e.Op, A: f(e.A), B: f(e.B)}
	case *Cond:
		return &Cond{If: f(e.If), Then: f(e.Then), Else: f(e.Else)}
	case *Convert:
		return &Convert{To: e.To, A: f(e.A)}
	case *Wrap:
		return &Wrap{Elem: e.Elem, A: f(e.A)}
	case *Bits:
		return &Bits{To: e.To, A: f(e.A)}
	case *Round:
		return &Round{Elem: e.Elem, A: f(e.A)}
	case *Apply:
		return &Apply{Pos: e.Pos, Op: e.Op, Args: all(e.Args)}
	case *Reduce:
		return &Reduce{Pos: e.Pos, Kind: e.Kind, Index: e.Index, Body: f(e.Body)}
	}
	return e
}

// Walk calls f for e and, where f reports true, for what is below it.
func Walk(e Expr, f func(Expr) bool) {
	if e == nil || !f(e) {
		return
	}
	for _, c := range Children(e) {
		Walk(c, f)
	}
}
