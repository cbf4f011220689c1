package vm

// Op is an operation. Operands of an arithmetic operation have its destination's lanes, or one
// lane, which then counts for every lane.
type Op uint8

const (
	Copy Op = iota
	Iota    // 0, 1, …
	Add
	Sub
	Mul
	Div // int: truncating; a zero divisor is a fault
	Mod
	Min // a < b ? a : b
	Max // a > b ? a : b
	And // int, bool
	Or
	Xor
	Shl // a count outside 0..63 is a fault
	Shr // logical
	Eq
	Ne
	Lt
	Le
	Gt
	Ge
	Neg
	Abs
	Not // bool
	Sqrt
	Floor
	Ceil
	Trunc
	Rint    // to nearest even
	Convert // float to int: truncates; NaN or beyond ±2^53 is a fault
	Wrap    // keeps the low bits of an int, extends them
	Bits    // f32 or f64 <-> int
	Round   // f32 to f16 or bf16 and back
	Select  // c ? a : b
	ReduceAdd
	ReduceMin
	ReduceMax
	Dot     // lane l: the sum of a[4l+j]*b[4l+j], or a[4l+j]*b[j], over j < 4
	MulAdd  // c + a*b, the product rounded
	Load    // one lane
	LoadS   // strided: lane l from index + l*stride
	Gather  // lane l from index[l]
	Store   // one lane
	StoreS  // strided, lanes ascending
	Scatter // lanes ascending
	Open    // a view of one lane
	OpenS   // a view whose lane l starts at index + l*stride
	Peek
	PeekMap   // map(peek)
	MapMulAdd // c + map(peek)*a, the product rounded
	For       // counter from lo while counter < hi
	Whole     // counter from lo while counter + step <= hi; rest is the first value not done
	If
	Else
	End
	opCount
)

// Kinds of argument: 'd' a register written, 'r' a register read, 'm' a Mem, 'b' a buffer,
// 'v' a view, 'p' a map, 'i' an integer.
var ops = [opCount]struct{ name, sig string }{
	Copy: {"copy", "dr"}, Iota: {"iota", "d"},
	Add: {"add", "drr"}, Sub: {"sub", "drr"}, Mul: {"mul", "drr"}, Div: {"div", "drr"}, Mod: {"mod", "drr"},
	Min: {"min", "drr"}, Max: {"max", "drr"}, And: {"and", "drr"}, Or: {"or", "drr"}, Xor: {"xor", "drr"},
	Shl: {"shl", "drr"}, Shr: {"shr", "drr"},
	Eq: {"eq", "drr"}, Ne: {"ne", "drr"}, Lt: {"lt", "drr"}, Le: {"le", "drr"}, Gt: {"gt", "drr"}, Ge: {"ge", "drr"},
	Neg: {"neg", "dr"}, Abs: {"abs", "dr"}, Not: {"not", "dr"}, Sqrt: {"sqrt", "dr"}, Floor: {"floor", "dr"},
	Ceil: {"ceil", "dr"}, Trunc: {"trunc", "dr"}, Rint: {"rint", "dr"},
	Convert: {"convert", "dr"}, Wrap: {"wrap", "mdr"}, Bits: {"bits", "dr"}, Round: {"round", "mdr"},
	Select:    {"select", "drrr"},
	ReduceAdd: {"reduce_add", "dr"}, ReduceMin: {"reduce_min", "dr"}, ReduceMax: {"reduce_max", "dr"},
	Dot:    {"dot", "drr"},
	MulAdd: {"muladd", "drrr"},
	Load:   {"load", "mdbr"}, LoadS: {"load_s", "mdbrr"}, Gather: {"gather", "mdbr"},
	Store: {"store", "mbrr"}, StoreS: {"store_s", "mbrrr"}, Scatter: {"scatter", "mbrr"},
	Open: {"open", "vr"}, OpenS: {"open_s", "vrr"},
	Peek: {"peek", "mdvr"}, PeekMap: {"peek_map", "pdvr"}, MapMulAdd: {"map_muladd", "pdrvrr"},
	For: {"for", "drri"}, Whole: {"whole", "ddrri"}, If: {"if", "r"}, Else: {"else", ""}, End: {"end", ""},
}

func (o Op) String() string { return ops[o].name }

// pure reports whether o has only registers (and at most a Mem) for arguments, and no lanes to
// give an order to: what a Func may hold.
func (o Op) pure() bool { return o <= Select && o != Iota || o == MulAdd }

// Registers calls f for each argument of in that is a register.
func (in *Ins) Registers(f func(arg *int64)) {
	for i, k := range ops[in.Op].sig {
		if k == 'd' || k == 'r' {
			f(&in.Arg[i])
		}
	}
}
