package gguf

import (
	"encoding/binary"
	"fmt"
	"iter"
	"math"
)

// maxDepth is how deep arrays may be nested.
const maxDepth = 8

// Value is one metadata value: a window on the file's bytes, decoded when it is
// asked for, and valid until the file is closed. What its accessors return is a
// copy and stays valid. The zero Value has no value of any kind.
type Value struct {
	kind Kind
	elem Kind   // of an array
	n    int    // of an array
	raw  []byte // a scalar's bytes, a string's text, an array's elements
}

// value reads a value of the given kind and checks all of it.
func (c *cursor) value(kind Kind, depth int) (Value, error) {
	switch {
	case !kind.known():
		return Value{}, fmt.Errorf("type: %d is no type of metadata (0 to %d are)", uint32(kind), len(kinds)-1)
	case kind == String:
		raw, err := c.text("string length", "string")
		return Value{kind: kind, raw: raw}, err
	case kind == Array:
		return c.array(depth)
	}
	raw, err := c.take(uint64(kind.size()), kind.String())
	if err == nil && kind == Bool && raw[0] > 1 {
		err = fmt.Errorf("bool: %d is neither 0 nor 1", raw[0])
	}
	return Value{kind: kind, raw: raw}, err
}

// array reads an array's element type, count and elements.
func (c *cursor) array(depth int) (Value, error) {
	if depth == maxDepth {
		return Value{}, fmt.Errorf("array: nested more than %d deep", maxDepth)
	}
	k, err := c.u32("array type")
	if err != nil {
		return Value{}, err
	}
	elem := Kind(k)
	if !elem.known() {
		return Value{}, fmt.Errorf("array type: %d is no type of metadata (0 to %d are)", k, len(kinds)-1)
	}
	n, err := c.count(elem.least(), "array count")
	if err != nil {
		return Value{}, err
	}
	v := Value{kind: Array, elem: elem, n: n}
	start := c.pos
	if size := elem.size(); size > 0 && elem != Bool {
		c.pos += n * size // count has checked that they are there
	} else {
		for i := range n {
			if _, err := c.value(elem, depth+1); err != nil {
				return Value{}, fmt.Errorf("element %d: %w", i, err)
			}
		}
	}
	v.raw = c.data[start:c.pos:c.pos]
	return v, nil
}

// decode makes a value of bytes that were checked when the file was opened.
func decode(kind Kind, raw []byte) Value {
	switch kind {
	case String:
		return Value{kind: kind, raw: raw[8:]}
	case Array:
		elem := Kind(binary.LittleEndian.Uint32(raw))
		return Value{kind: kind, elem: elem, n: int(binary.LittleEndian.Uint64(raw[4:])), raw: raw[12:]}
	}
	return Value{kind: kind, raw: raw}
}

// Kind gives the value's type.
func (v Value) Kind() Kind { return v.kind }

// Elem gives the type of an array's elements; of any other value its own.
func (v Value) Elem() Kind {
	if v.kind == Array {
		return v.elem
	}
	return v.kind
}

// Len gives the number of an array's elements, 0 for any other value.
func (v Value) Len() int { return v.n }

// Uint gives an integer of any width that is not negative.
func (v Value) Uint() (uint64, bool) {
	x, negative, ok := v.integer()
	return x, ok && !negative
}

// Int gives an integer of any width that fits an int64.
func (v Value) Int() (int64, bool) {
	x, negative, ok := v.integer()
	return int64(x), ok && (negative || x <= math.MaxInt64)
}

// integer gives an integer's 64 bits, sign-extended.
func (v Value) integer() (x uint64, negative, ok bool) {
	if len(v.raw) == 0 || len(v.raw) != v.kind.size() {
		return 0, false, false
	}
	var s int64
	switch v.kind {
	case Uint8:
		return uint64(v.raw[0]), false, true
	case Uint16:
		return uint64(binary.LittleEndian.Uint16(v.raw)), false, true
	case Uint32:
		return uint64(binary.LittleEndian.Uint32(v.raw)), false, true
	case Uint64:
		return binary.LittleEndian.Uint64(v.raw), false, true
	case Int8:
		s = int64(int8(v.raw[0]))
	case Int16:
		s = int64(int16(binary.LittleEndian.Uint16(v.raw)))
	case Int32:
		s = int64(int32(binary.LittleEndian.Uint32(v.raw)))
	case Int64:
		s = int64(binary.LittleEndian.Uint64(v.raw))
	default:
		return 0, false, false
	}
	return uint64(s), s < 0, true
}

// Float gives an f32 or an f64.
func (v Value) Float() (float64, bool) {
	switch {
	case v.kind == Float32 && len(v.raw) == 4:
		return float64(math.Float32frombits(binary.LittleEndian.Uint32(v.raw))), true
	case v.kind == Float64 && len(v.raw) == 8:
		return math.Float64frombits(binary.LittleEndian.Uint64(v.raw)), true
	}
	return 0, false
}

// Bool gives a bool.
func (v Value) Bool() (value, ok bool) {
	if v.kind != Bool || len(v.raw) != 1 {
		return false, false
	}
	return v.raw[0] != 0, true
}

// Text gives a string, which need not be UTF-8.
func (v Value) Text() (string, bool) {
	if v.kind != String {
		return "", false
	}
	return string(v.raw), true
}

// Elements yields an array's elements in order; of any other value none.
func (v Value) Elements() iter.Seq2[int, Value] {
	return func(yield func(int, Value) bool) {
		c := cursor{data: v.raw}
		for i := range v.n {
			e, err := c.value(v.elem, 0)
			if err != nil || !yield(i, e) {
				return
			}
		}
	}
}
