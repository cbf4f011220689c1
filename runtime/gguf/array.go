package gguf

import (
	"encoding/binary"
	"math"
	"strings"
)

// maxBytes is how many 8-bit integers Ints widens to 64 bits: a file must not
// make a reader use many times its own size.
const maxBytes = 1 << 16

// Texts gives an array of strings.
func (v Value) Texts() ([]string, bool) {
	if v.kind != Array || v.elem != String {
		return nil, false
	}
	var all strings.Builder // one allocation for all of them
	all.Grow(len(v.raw) - 8*v.n)
	for _, e := range v.Elements() {
		all.Write(e.raw)
	}
	rest, texts := all.String(), make([]string, 0, v.n)
	for _, e := range v.Elements() {
		texts, rest = append(texts, rest[:len(e.raw)]), rest[len(e.raw):]
	}
	return texts, true
}

// Floats gives an array of f32, or of f64 which f32 can hold exactly.
func (v Value) Floats() ([]float32, bool) {
	if v.kind != Array || v.elem != Float32 && v.elem != Float64 {
		return nil, false
	}
	floats := make([]float32, v.n)
	for i := range floats {
		if v.elem == Float32 {
			floats[i] = math.Float32frombits(binary.LittleEndian.Uint32(v.raw[4*i:]))
			continue
		}
		x := math.Float64frombits(binary.LittleEndian.Uint64(v.raw[8*i:]))
		floats[i] = float32(x)
		if float64(floats[i]) != x && x == x {
			return nil, false
		}
	}
	return floats, true
}

// Ints gives an array of integers of any width which all fit an int64. More than
// 65,536 integers of 8 bits are not widened: those are Bytes.
func (v Value) Ints() ([]int64, bool) {
	size := v.elem.size()
	switch v.elem {
	case Uint8, Int8, Uint16, Int16, Uint32, Int32, Uint64, Int64:
	default:
		return nil, false
	}
	if v.kind != Array || size == 1 && v.n > maxBytes {
		return nil, false
	}
	ints := make([]int64, v.n)
	for i := range ints {
		x, ok := Value{kind: v.elem, raw: v.raw[size*i : size*(i+1)]}.Int()
		if !ok {
			return nil, false
		}
		ints[i] = x
	}
	return ints, true
}

// Bools gives an array of bools.
func (v Value) Bools() ([]bool, bool) {
	if v.kind != Array || v.elem != Bool {
		return nil, false
	}
	bools := make([]bool, v.n)
	for i := range bools {
		bools[i] = v.raw[i] != 0
	}
	return bools, true
}

// Bytes gives an array of u8 or i8 as its bytes.
func (v Value) Bytes() ([]byte, bool) {
	if v.kind != Array || v.elem != Uint8 && v.elem != Int8 {
		return nil, false
	}
	return append(make([]byte, 0, v.n), v.raw...), true
}
