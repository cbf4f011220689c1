package gguf

import "fmt"

// Kind is the type of a metadata value, numbered as in the file.
type Kind uint32

// The kinds of metadata values.
const (
	Uint8 Kind = iota
	Int8
	Uint16
	Int16
	Uint32
	Int32
	Float32
	Bool
	String
	Array
	Uint64
	Int64
	Float64
)

var kinds = [...]struct {
	name string
	size int // bytes of a value, 0 where it varies
}{
	Uint8: {"u8", 1}, Int8: {"i8", 1}, Uint16: {"u16", 2}, Int16: {"i16", 2},
	Uint32: {"u32", 4}, Int32: {"i32", 4}, Float32: {"f32", 4}, Bool: {"bool", 1},
	String: {"string", 0}, Array: {"array", 0},
	Uint64: {"u64", 8}, Int64: {"i64", 8}, Float64: {"f64", 8},
}

func (k Kind) known() bool { return int64(k) < int64(len(kinds)) }

// size gives the bytes of one value, 0 where it varies.
func (k Kind) size() int {
	if !k.known() {
		return 0
	}
	return kinds[k].size
}

// least gives the fewest bytes that one value takes in an array.
func (k Kind) least() uint64 {
	switch k {
	case String:
		return 8 // its length
	case Array:
		return 12 // its type and its count
	}
	return uint64(kinds[k].size)
}

// String gives the kind's short name: u8, i32, f32, bool, string, array, …
func (k Kind) String() string {
	if !k.known() {
		return fmt.Sprintf("kind %d", uint32(k))
	}
	return kinds[k].name
}
