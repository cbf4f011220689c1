package spec

import "github.com/trinity-engine/trinity/vibee/grammar"

// Property claims something of ops for all inputs of its domains. Its equations are ops of its own,
// so that all it does is to call ops and to compare.
type Property struct {
	Pos           grammar.Pos
	Package, Name string
	Inputs        []*Input
	Dims          []string // symbolic dims, in the order in which shapes name them
	Facts         []Fact
	Steps         []Step // in the order in which they are done
}

// FullName is "norm.rms.scale".
func (p *Property) FullName() string { return p.Package + "." + p.Name }

// Input is a parameter of a property and the values that it takes.
type Input struct {
	*Param
	Domain *Domain // nil: every value of its type
}

// Domain is Lo .. Hi (an integer stays below Hi, a float may be Hi), the same of magnitudes, or Set.
// Its expressions are constants; those of integers are over dims.
type Domain struct {
	Magnitude bool
	Lo, Hi    Expr
	Set       []Expr // of a set; else nil
}

// Step is an *Invoke, a *View or an *Expect.
type Step interface{ step() }

// Invoke calls an op. Its results are new tensors over the property's dims.
type Invoke struct {
	Pos  grammar.Pos
	Op   *Op
	Own  bool // Op is an equation of the property
	Args []Operand
	Outs []*Param
	Dims []Expr // the values of Op.Dims
}

// Operand is an argument: a parameter or result, or a constant or integer over dims.
type Operand struct {
	Param *Param // nil: Value
	Value Expr
}

// View is the memory of Of in another shape.
type View struct{ Of, As *Param }

// Expect claims that A and B hold the same bits, where all NaNs are the same; or, where B is nil, that no
// element of A is 0.
type Expect struct {
	Pos  grammar.Pos
	A, B *Param
}

func (*Invoke) step() {}
func (*View) step()   {}
func (*Expect) step() {}
