package vm

// Type is the type of a register's values. Integers are 64 bits wide and wrap.
type Type uint8

const (
	Bool Type = iota
	Int
	F32
	F64
)

var typeNames = [...]string{"bool", "int", "f32", "f64"}

func (t Type) String() string { return typeNames[t] }

func (t Type) float() bool { return t == F32 || t == F64 }

// Mem is the type of an element in memory: little-endian, at any alignment. A load widens it
// exactly, a store keeps an integer's low bits and rounds floats to nearest even.
type Mem uint8

const (
	U8 Mem = iota
	I8
	U16
	I16
	U32
	I32
	I64
	F16
	BF16
	F32M
	F64M
)

var mems = [...]struct {
	name  string
	bytes int
	typ   Type
}{
	{"u8", 1, Int}, {"i8", 1, Int}, {"u16", 2, Int}, {"i16", 2, Int}, {"u32", 4, Int}, {"i32", 4, Int}, {"i64", 8, Int},
	{"f16", 2, F32}, {"bf16", 2, F32}, {"f32", 4, F32}, {"f64", 8, F64},
}

func (m Mem) String() string { return mems[m].name }

// Bytes is the size of one element.
func (m Mem) Bytes() int { return mems[m].bytes }

// Type is the type of the register that a load of m fills.
func (m Mem) Type() Type { return mems[m].typ }

// Role says what a buffer is to its program.
type Role uint8

const (
	In Role = iota
	Out
	InOut
	Temp
	Table
)

var roleNames = [...]string{"in", "out", "inout", "temp", "table"}

func (r Role) String() string { return roleNames[r] }

func (r Role) param() bool { return r <= InOut }

func (r Role) writable() bool { return r == Out || r == InOut || r == Temp }
