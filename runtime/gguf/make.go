package gguf

import (
	"encoding/binary"
	"math"
)

// OfUint32, OfFloat32, OfText, OfTexts, OfFloats and OfInts make values for a Head.
func OfUint32(x uint32) Value {
	return Value{kind: Uint32, raw: binary.LittleEndian.AppendUint32(nil, x)}
}

func OfFloat32(x float32) Value {
	return Value{kind: Float32, raw: binary.LittleEndian.AppendUint32(nil, math.Float32bits(x))}
}

func OfText(s string) Value { return Value{kind: String, raw: []byte(s)} }

func OfTexts(s []string) Value {
	v := Value{kind: Array, elem: String, n: len(s)}
	for _, s := range s {
		v.raw = appendText(v.raw, s)
	}
	return v
}

func OfFloats(x []float32) Value {
	v := Value{kind: Array, elem: Float32, n: len(x)}
	for _, x := range x {
		v.raw = binary.LittleEndian.AppendUint32(v.raw, math.Float32bits(x))
	}
	return v
}

func OfInts(x []int32) Value {
	v := Value{kind: Array, elem: Int32, n: len(x)}
	for _, x := range x {
		v.raw = binary.LittleEndian.AppendUint32(v.raw, uint32(x))
	}
	return v
}

// append writes the value as files have it after its type.
func (v Value) append(b []byte) []byte {
	switch v.kind {
	case String:
		return appendText(b, string(v.raw))
	case Array:
		b = binary.LittleEndian.AppendUint32(b, uint32(v.elem))
		b = binary.LittleEndian.AppendUint64(b, uint64(v.n))
	}
	return append(b, v.raw...)
}
