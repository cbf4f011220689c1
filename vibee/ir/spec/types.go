package spec

import "github.com/trinity-engine/trinity/vibee/ir/sym"

// Type is the type of a value. Integers of every width are Int here: the width
// matters in memory and as a proof alone.
type Type uint8

const (
	Bool Type = iota
	Int
	F32
	F64
)

func (t Type) String() string { return [...]string{"bool", "int", "f32", "f64"}[t] }

// Float reports whether t is F32 or F64.
func (t Type) Float() bool { return t == F32 || t == F64 }

// Elem is the type of an element in memory.
type Elem struct {
	Name   string // "u8", "f16"
	Bytes  int
	Type   Type         // what reading it gives
	Range  sym.Interval // of an integer
	Narrow bool         // f16, bf16: reading needs a conversion
}

// Elems are the element types by name; trit is a value type only.
var Elems = map[string]*Elem{
	"u8":   {"u8", 1, Int, sym.Interval{Lo: 0, Hi: 255}, false},
	"i8":   {"i8", 1, Int, sym.Interval{Lo: -128, Hi: 127}, false},
	"u16":  {"u16", 2, Int, sym.Interval{Lo: 0, Hi: 65535}, false},
	"i16":  {"i16", 2, Int, sym.Interval{Lo: -32768, Hi: 32767}, false},
	"u32":  {"u32", 4, Int, sym.Interval{Lo: 0, Hi: 1<<32 - 1}, false},
	"i32":  {"i32", 4, Int, sym.Interval{Lo: -1 << 31, Hi: 1<<31 - 1}, false},
	"i64":  {"i64", 8, Int, sym.All, false},
	"f16":  {"f16", 2, F32, sym.Interval{}, true},
	"bf16": {"bf16", 2, F32, sym.Interval{}, true},
	"f32":  {"f32", 4, F32, sym.Interval{}, false},
	"f64":  {"f64", 8, F64, sym.Interval{}, false},
}

// IntegerRange gives the values of an integer value type: those of memory, and trit.
func IntegerRange(name string) (sym.Interval, bool) {
	if name == "trit" {
		return sym.Interval{Lo: -1, Hi: 1}, true
	}
	if name == "int" {
		return sym.All, true
	}
	e, ok := Elems[name]
	if !ok || e.Type != Int {
		return sym.Interval{}, false
	}
	return e.Range, true
}
