package ggufwrite

import (
	"encoding/binary"
	"fmt"
	"reflect"
)

// The numbers of metadata types.
var types = map[reflect.Kind]struct {
	number uint32
	name   string
}{
	reflect.Uint8: {0, "u8"}, reflect.Int8: {1, "i8"}, reflect.Uint16: {2, "u16"}, reflect.Int16: {3, "i16"},
	reflect.Uint32: {4, "u32"}, reflect.Int32: {5, "i32"}, reflect.Float32: {6, "f32"}, reflect.Bool: {7, "bool"},
	reflect.String: {8, "string"}, reflect.Slice: {9, "array"},
	reflect.Uint64: {10, "u64"}, reflect.Int64: {11, "i64"}, reflect.Float64: {12, "f64"},
}

// value writes a value's type and the value.
func (w *writer) value(x any) {
	v := reflect.ValueOf(x)
	w.u32("type", number(v.Type()))
	w.bare(v)
}

func number(t reflect.Type) uint32 {
	known, ok := types[t.Kind()]
	if !ok {
		panic(fmt.Sprintf("ggufwrite: %v is no type of metadata", t))
	}
	return known.number
}

// bare writes a value without its type.
func (w *writer) bare(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		w.text("string", v.String())
	case reflect.Slice:
		w.u32("array type", number(v.Type().Elem()))
		w.u64("array count", uint64(v.Len()))
		for i := range v.Len() {
			w.bare(v.Index(i))
		}
	default:
		data, err := binary.Append(nil, binary.LittleEndian, v.Interface())
		if err != nil {
			panic(fmt.Sprintf("ggufwrite: %v: %v", v.Type(), err))
		}
		w.put(types[v.Kind()].name, data)
	}
}
