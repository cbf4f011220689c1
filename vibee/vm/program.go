package vm

// MaxLanes is the widest register.
const MaxLanes = 256

// Reg is the number of a register. A program's registers are, in this order: its dims (int),
// its scalars (f32), lo and hi (int), its constants, its locals. Only locals are
// written by code.
type Reg = int

// Program computes the work items lo <= w < hi of one op.
type Program struct {
	Name    string
	Grain   int      // a range is best a multiple of this
	Dims    []string // integer parameters
	Scalars []string // f32 parameters
	Bufs    []Buf    // parameters in call order, then temps, then tables
	Consts  []Const
	Locals  []Local
	Views   []View
	Maps    []Map
	Work    Func // how many work items there are: int, from dims and constants
	Code    []Ins

	linked *linked // set by Verify
}

// Buf is memory. Size is in elements, or in bytes where Bytes is set; a parameter without one
// is as long as the caller makes it.
type Buf struct {
	Name  string
	Role  Role
	Elem  Mem
	Bytes bool   // memory of mixed fields: indices count bytes
	Size  *Func  // from dims and constants; nil for tables
	Data  []byte // tables only
}

// Const is a constant register; Bits are an integer's, or a float's (low 32 for F32).
type Const struct {
	Type Type
	Bits uint64
}

// Local is a register that code writes.
type Local struct {
	Type  Type
	Lanes int
}

// View is a window of Size units (the buffer's) for each lane.
type View struct {
	Name  string
	Buf   int
	Lanes int
	Size  int
}

// Func is a straight line of one-lane code without memory, and the register it leaves its
// value in.
type Func struct {
	Code   []Ins
	Result Reg
}

// Map is a function from a byte to an f32: it finds the byte, zero- or sign-extended, in
// register Param (a local). It may read tables. It is tabulated when the program is verified,
// and must be defined for all 256 bytes.
type Map struct {
	Mem   Mem // U8 or I8
	Param Reg
	Func
}

// Ins is one instruction; Arg is laid out as its Op's signature says.
type Ins struct {
	Op  Op
	Arg [6]int64
}

func (p *Program) lo() Reg         { return len(p.Dims) + len(p.Scalars) }
func (p *Program) firstConst() Reg { return p.lo() + 2 }

// FirstLocal is the number of the first local register.
func (p *Program) FirstLocal() Reg { return p.firstConst() + len(p.Consts) }

func (p *Program) registers() int { return p.FirstLocal() + len(p.Locals) }

// typeOf gives the type and lanes of r, which must exist.
func (p *Program) typeOf(r Reg) (Type, int) {
	switch lo := p.lo(); {
	case r < len(p.Dims):
		return Int, 1
	case r < lo:
		return F32, 1
	case r < lo+2:
		return Int, 1
	case r < p.FirstLocal():
		return p.Consts[r-lo-2].Type, 1
	}
	l := p.Locals[r-p.FirstLocal()]
	return l.Type, l.Lanes
}

// unit is how many bytes an index of b counts.
func (b *Buf) unit() int {
	if b.Bytes {
		return 1
	}
	return b.Elem.Bytes()
}
