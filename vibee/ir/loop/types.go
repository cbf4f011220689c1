package loop

// Type is the type of a value in a register. Integers are 64 bits wide and wrap;
// Bool is the result of a comparison.
type Type uint8

const (
	Bool Type = iota
	Int
	F32
	F64
)

// Mem is the type of an element in memory. A load widens it exactly to its
// register type, a store narrows: integers keep their low bits, floats round to
// nearest even. Multi-byte elements are little-endian and may be unaligned.
type Mem uint8

const (
	MemU8 Mem = iota
	MemI8
	MemU16
	MemI16
	MemU32
	MemI32
	MemI64
	MemF16
	MemBF16
	MemF32
	MemF64
)

var typeNames = [...]string{"bool", "int", "f32", "f64"}

var mems = [...]struct {
	name  string
	bytes int
	typ   Type
}{
	{"u8", 1, Int}, {"i8", 1, Int}, {"u16", 2, Int}, {"i16", 2, Int}, {"u32", 4, Int}, {"i32", 4, Int}, {"i64", 8, Int},
	{"f16", 2, F32}, {"bf16", 2, F32}, {"f32", 4, F32}, {"f64", 8, F64},
}

func (t Type) String() string { return typeNames[t] }

// Float reports whether t is F32 or F64.
func (t Type) Float() bool { return t == F32 || t == F64 }

func (m Mem) String() string { return mems[m].name }

// Bytes is the size of one element in memory.
func (m Mem) Bytes() int { return mems[m].bytes }

// Type is the register type that a load of m gives.
func (m Mem) Type() Type { return mems[m].typ }
