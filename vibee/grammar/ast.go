package grammar

// The tags are the grammar: a file's syntax stands where its tree is declared. Each production
// begins with its keyword, but for declarations, whose keyword and name Head holds.

// Pos is a place in a file; Line and Col count from 1, Col in characters.
type Pos struct {
	File      string
	Line, Col int
}

// File is one .vibee file.
type File struct {
	Pos
	Text    []byte // as it was read: errors quote it
	Version int
	Package *Name
	Imports []*Name
	Decls   []Decl

	Comments []*Comment   // all but doc comments, in order
	Blank    map[int]bool // lines before which a blank line stands
}

// Comment is a // comment; the printer puts it back before what followed it.
type Comment struct {
	Pos
	Text string // with its slashes
	Own  bool   // nothing stands before it on its line
}

// Brace is the } that ends a body.
type Brace struct{ Pos }

// Decl is a Format, Op, Schedule, Kernel, Layer, Model or Property.
type Decl interface {
	At() Pos
	Named() string
}

// Name is an identifier where it is written.
type Name struct {
	Pos
	Text string
}

// Path is a name that may be qualified by a package: attn.rope.
type Path struct {
	Pos
	Package string // "" for the file's own
	Text    string
}

// Head is what all declarations share.
type Head struct {
	Pos
	Doc     []string // lines of the /// comment
	DocLine int      // the line where the comment begins
	Name    *Name
}

func (h *Head) At() Pos       { return h.Pos }
func (h *Head) Named() string { return h.Name.Text }

// Format is how values lie in memory: a block of a row's values, or a page of a
// state.
type Format struct {
	Head
	Params []*Param `parser:"('(' (@@ (',' @@)*)? ')')?"` // of a page: its dims
	Kind   string   `parser:"':' @('block' | 'page')"`    // "block" or "page"
	Size   []Expr   `parser:"'[' @@ (',' @@)? ']'"`       // values a block, or its rows and the values of each; slots a page
	Of     *Name    `parser:"('of' @@)?"`                 // the type of a decoded value; nil for pages
	Packs  *Path    `parser:"('packs' @@)?"`              // the format whose blocks it holds side by side; may be nil
	Bytes  *Number  // bytes a block; nil for pages
	GGUF   *Number  // ggml's type id; may be nil
	Fields []*Field
	Tail   *Tail
	Body   []Item `parser:"'{' @@*"` // Table, Code, Let, Decode, Sums, Encode, Pack in the order written
	End    Brace  `parser:"@@"`
}

// Field is a field of a block or page: field qs : u8[16].
type Field struct {
	Pos
	Name *Name  `parser:"'field' @@"`
	Elem *Name  `parser:"':' @@"`
	Dims []Expr `parser:"('[' @@ (',' @@)* ']')?"` // none for a single value; in a page one of them is the name `slot`
}

// Tail is what follows all rows of a tensor: tail 32 { field scale : f32 }.
type Tail struct {
	Pos
	Bytes  *Number  `parser:"'tail' @@"`
	Fields []*Field `parser:"'{' (@@ ';'?)*"`
	End    Brace    `parser:"@@"`
}

// Op is a function on tensors, given by equations.
type Op struct {
	Head
	Params []*Param `parser:"'(' (@@ (',' @@)*)? ')'"`
	Outs   []*Param `parser:"('->' @@ (',' @@)*)?"`
	Host   *Text    `parser:"('@' 'host' '(' @@ ')')?"` // what the program that runs models calls it; may be nil
	Where  []Expr   `parser:"('where' @@ (',' @@)*)?"`
	Body   []Item   `parser:"'{' @@*"` // Table, Let, Assign, Relax, Order, Tolerate
	End    Brace    `parser:"@@"`
}

// Kernel states how an op is computed, in equations of its own.
type Kernel struct {
	Head
	Op   *Path   `parser:"'implements' @@"`
	For  []*Name `parser:"('for' @@ (',' @@)*)?"` // targets; none: all
	Body []Item  `parser:"'{' @@*"`               // Table, Let, Assign, Order
	End  Brace   `parser:"@@"`
}

// Schedule says how an op's loops are arranged for targets.
type Schedule struct {
	Head          // Name is the op's or kernel's last name
	Op    *Path   `parser:"@@"`
	For   []*Name `parser:"'for' @@ (',' @@)*"`
	When  Expr    `parser:"('when' @@)?"` // may be nil
	Steps []*Step `parser:"'{' (@@ ';'?)*"`
	End   Brace   `parser:"@@"`
}

// Step is one step of a schedule: loop t, m; parallel t, h by 4; lanes m by 16; unroll j by 2; tile t by 32; prefetch W along m.
type Step struct {
	Pos
	Kind  string  `parser:"@('loop' | 'parallel' | 'lanes' | 'unroll' | 'tile' | 'prefetch')"`
	Names []*Name `parser:"@@ (',' @@)*"`
	By    *Number `parser:"('by' @@)?"`    // may be nil
	Along *Name   `parser:"('along' @@)?"` // an index, of prefetch; else nil
}

// Layer composes ops, with weights and states of its own.
type Layer struct {
	Head
	Params []*Param `parser:"'(' (@@ (',' @@)*)? ')'"`
	Outs   []*Param `parser:"('->' @@ (',' @@)*)?"`
	Where  []Expr   `parser:"('where' @@ (',' @@)*)?"`
	Body   []Item   `parser:"'{' @@*"` // Weight, State, Require, Let, Assign, Do, Pass
	End    Brace    `parser:"@@"`
}

// Model describes the files of an architecture and its forward pass.
type Model struct {
	Head
	Arch    *Text  `parser:"'@' 'arch' '(' @@ ')'"`
	Body    []Item `parser:"'{' @@*"` // Config, Ignore, Assume, Require, Weight
	End     Brace  `parser:"@@"`
	Forward *Forward
}

// Forward is a model's function from tokens to outputs.
type Forward struct {
	Pos
	Params []*Param `parser:"'forward' '(' (@@ (',' @@)*)? ')'"`
	Outs   []*Param `parser:"'->' @@ (',' @@)*"`
	Body   []Item   `parser:"'{' @@*"` // Let, Assign, Do, Pass, Repeat
	End    Brace    `parser:"@@"`
}

// Property is an equation between calls that holds for all inputs of its domains.
// Its name may be dotted: rms_norm.scale.
type Property struct {
	Head
	Params []*Param `parser:"'(' (@@ (',' @@)*)? ')'"`
	Where  []Expr   `parser:"('where' @@ (',' @@)*)?"`
	Body   []Item   `parser:"'{' @@*"` // Let, Do, Expect
	End    Brace    `parser:"@@"`
}

// Param is a parameter or result: x : f32[T, D].
type Param struct {
	Pos
	InOut  bool    `parser:"((?= 'inout' Ident) @'inout')?"` // inout kv : cache(G, A)
	Name   *Name   `parser:"@@"`
	Type   *Type   `parser:"':' @@"`
	Domain *Domain `parser:"('in' @@)?"` // of properties; may be nil
}

// Type is dim, f32, f32[T, D], any[M, K], formats.q4_1[M, K], place[T], cache(G, A).
type Type struct {
	Pos
	Path    *Path  `parser:"@@"`
	Args    []Expr `parser:"('(' @@ (',' @@)* ')')?"` // (G, A)
	HasDims bool   `parser:"(@'['"`
	Dims    []Expr `parser:"@@ (',' @@)* ']')?"` // [T, D]
}

// Domain says what values a property's input takes: in a .. b, in {a, b}, in magnitude a .. b.
type Domain struct {
	Pos
	Magnitude bool   `parser:"( ((?= 'magnitude' (Ident | Number | '(' | '-')) @'magnitude')?"`
	Lo        Expr   `parser:"@@ '..'"` // a range
	Hi        Expr   `parser:"@@"`
	Set       []Expr `parser:"| '{' @@ (',' @@)* '}' )"` // or a set
}

// Item is an entry of a body.
type Item interface{ At() Pos }

// Table is a constant array: table v : i8[16] = { -127, … }.
type Table struct {
	Pos
	Name   *Name  `parser:"'table' @@"`
	Elem   *Name  `parser:"':' @@"`
	Len    Expr   `parser:"'[' @@ ']' '='"`
	Values []Expr `parser:"'{' @@ ((?! ',' '}') ',' @@)* ','?"`
	End    Brace  `parser:"@@"`
}

// Code is a block's integer: code c[i] : u8 = bits(…), or c[r, i] where a block has rows.
type Code struct {
	Pos
	Name  *Name    `parser:"'code' @@"`
	Index []*Index `parser:"'[' @@ (',' @@)* ']'"`
	Type  *Name    `parser:"':' @@"`
	Value Expr     `parser:"'=' @@"`
}

// Decode is a block's value: decode[i] = …, or decode[r, i].
type Decode struct {
	Pos
	Index []*Index `parser:"'decode' '[' @@ (',' @@)* ']'"`
	Value Expr     `parser:"'=' @@"`
}

// Sums says that a field holds the sums of the block's codes, of so many each: sums s by 16, or a multiple of
// them: sums s by 16 times -32.
type Sums struct {
	Pos
	Field *Name   `parser:"'sums' @@"`
	By    *Number `parser:"'by' @@"`
	Minus bool    `parser:"( 'times' @'-'?"`
	Times *Number `parser:"  @@ )?"`
}

// Encode gives a block's fields from its values: encode(x) { … }.
type Encode struct {
	Pos
	Param *Name  `parser:"'encode' '(' @@ ')'"`
	Body  []Item `parser:"'{' @@*"` // Table, Let, Assign, Order
	End   Brace  `parser:"@@"`
}

// Pack gives a block's fields from the blocks of its rows: pack(w) { d[r] = f16(f32(w.d[r])) … }.
type Pack struct {
	Pos
	Param *Name  `parser:"'pack' '(' @@ ')'"`
	Body  []Item `parser:"'{' @@*"` // Let, Assign
	End   Brace  `parser:"@@"`
}

// Let names a value: let ms[t] = …, let q = attn.rope(…), let a, b = split(…).
type Let struct {
	Pos
	Names   []*Name  `parser:"'let' @@ (',' @@)*"` // more than one only in layers
	Indexed bool     `parser:"(@'['"`
	Index   []*Index `parser:"@@ (',' @@)* ']')?"`
	Type    *Name    `parser:"(':' @@)?"` // may be nil
	Value   Expr     `parser:"'=' @@"`
}

// Index is an index variable, with a range where it can't be inferred: p in a .. b.
type Index struct {
	Pos
	Name   *Name
	Lo, Hi Expr // both nil, or neither
}

// Assign gives an output, a field or a variable its value: y[t, m] = …, x = block(…),
// kv.k[at[t].seq, at[t].pos, g, a] = ….
type Assign struct {
	Pos
	Target Expr // Ident, Member, or Subscript of these
	Value  Expr
}

// Do is a call for its effect: attn.append(kv, …).
type Do struct {
	Pos
	Call *Call
}

// Relax is a list of licences: relax eval(f32), factor(W).
type Relax struct {
	Pos
	Items []*Call `parser:"'relax' @@ (',' @@)*"`
}

// Order says how sums are split and added: order blocks(k, W) else lanes(k, 16), ascending(p).
type Order struct {
	Pos
	Items []*OrderItem `parser:"'order' @@ (',' @@)*"`
}

// OrderItem is one alternative after the other: the first that applies is taken.
type OrderItem struct {
	Pos
	Choices []*Call `parser:"@@ ('else' @@)*"`
}

// Tolerate bounds the difference between the exact and the scheduled program: tolerate y : ….
type Tolerate struct {
	Pos
	Out   *Name `parser:"'tolerate' ((?= Ident ':') @@ ':')?"` // may be nil where the op has one output
	Value Expr  `parser:"@@"`
}

// Weight is a tensor of the file.
type Weight struct {
	Pos
	Name     *Name `parser:"'weight' @@"`
	Type     *Type `parser:"':' @@"`
	Optional bool  `parser:"@'?'?"`
	Tensor   *Text `parser:"'@' 'gguf' '(' @@ ')'"`
	Else     Expr  `parser:"('else' @@)?"` // may be nil
}

// State is memory that lives as long as a sequence: state kv : attn.cache(G, A).
type State struct {
	Pos
	Name *Name `parser:"'state' @@"`
	Type *Type `parser:"':' @@"`
}

// Config is a value of the file's metadata, or derived: config A : dim @gguf("…") = D / H.
type Config struct {
	Pos
	Name  *Name `parser:"'config' @@"`
	Type  *Name `parser:"':' @@"`
	Array Expr  `parser:"('[' @@ ']')?"` // config G : dim[L]; may be nil
	Key   *Text `parser:"('@' 'gguf' '(' @@ ')')?"`
	Value Expr  `parser:"('=' @@)?"` // may be nil
}

// Ignore names keys and tensors that nobody reads, on purpose.
type Ignore struct {
	Pos
	Names []*Text `parser:"'ignore' @@ (',' @@)*"`
}

// Assume names flags that files of the architecture are read with, which their format has no key for.
type Assume struct {
	Pos
	Names []*Text `parser:"'assume' @@ (',' @@)*"`
}

// Require refuses a file: require H % G == 0 else "message".
type Require struct {
	Pos
	Cond    Expr  `parser:"'require' @@"`
	Message *Text `parser:"('else' @@)?"` // may be nil
}

// Repeat is repeat i in 0 .. L { … }.
type Repeat struct {
	Pos
	Var  *Name  `parser:"'repeat' @@"`
	Lo   Expr   `parser:"'in' @@ '..'"`
	Hi   Expr   `parser:"@@"`
	Body []Item `parser:"'{' @@*"`
	End  Brace  `parser:"@@"`
}

// Pass is calls that share one pass: pass { … }, or pass z = …. What it names is known after it, too.
type Pass struct {
	Pos
	Body []Item `parser:"'pass' ('{' @@*"` // Let, Assign, Do
	End  Brace  `parser:"@@"`
	One  Item   `parser:"| @@)"` // without braces; else nil
}

// Items lists what the pass holds.
func (p *Pass) Items() []Item {
	if p.One != nil {
		return []Item{p.One}
	}
	return p.Body
}

// Expect is a property's claim.
type Expect struct {
	Pos
	Value Expr `parser:"'expect' @@"`
}

// At gives the place.
func (p Pos) At() Pos { return p }
