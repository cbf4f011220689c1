package oracle

import (
	"math"

	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/vm"
)

// weight makes rows of blocks, and the tail: what the format's encode makes of random values; or any
// bytes for the integer fields, every code among them, and floats of the case's kind; or
// nothing but random bytes.
func (f *filler) weight(format *plan.Format, encoder *Kernel, rows, columns int) (data, tail []byte, err error) {
	data, tail = make([]byte, format.Size(rows, columns)), make([]byte, format.Tail)
	n := len(data) / format.Bytes
	f.junk(data)
	ordinary := f.kind == OneHot || f.kind == Random
	scale := math.Ldexp(1, -f.IntN(16)) // as files have them
	switch {
	case format.Sums:
		x := make([]byte, 4*rows*columns)
		f.floats(vm.F32M, x, columns)
		return data, nil, encode(encoder, rows, columns, x, data)
	case f.kind == Adversarial && f.IntN(2) == 0:
		f.junk(tail)
		return data, tail, nil
	case ordinary && encoder != nil && f.IntN(2) == 0:
		x := make([]float32, rows*columns)
		for i := range x {
			x[i] = float32(f.NormFloat64() * scale)
		}
		return data, tail, encode(encoder, rows, columns, plan.View[byte](plan.Of(x)), data)
	}
	value := f.values(n)
	scaled := func(i int) float64 { // a code times a scale is still an f32
		v := value(i)
		if finite(v) {
			v = max(-0x1p100, min(v, 0x1p100))
		}
		return v
	}
	if ordinary {
		scaled = func(int) float64 { return f.NormFloat64() * scale }
	}
	for b := range n {
		f.fields(format.Fields, data[b*format.Bytes:], func() float64 { return scaled(b) })
	}
	f.fields(format.TailFields, tail, func() float64 { return scaled(0) })
	return data, tail, nil
}

// fields gives the floats among the fields their values.
func (f *filler) fields(list []plan.Field, data []byte, value func() float64) {
	for _, field := range list {
		elem := memOf(field.Elem)
		if elem.Type() == vm.Int {
			continue
		}
		for i := range field.Len {
			putFloat(elem, data[field.Offset+i*elem.Bytes():], value())
		}
	}
}

// memOf finds the memory type of that name.
func memOf(name string) vm.Mem {
	for m := vm.U8; m < vm.F64M; m++ {
		if m.String() == name {
			return m
		}
	}
	return vm.F64M
}

// encode writes rows of x in blocks, by the exact program of an encoder.
func encode(encoder *Kernel, rows, columns int, x, data []byte) error {
	c := &Case{Dims: []int{rows, columns}}
	bufs := [][]byte{x}
	for _, p := range encoder.Op.Params[1 : len(encoder.Op.Params)-1] { // what a row has besides its blocks
		bufs = append(bufs, make([]byte, memOf(p.Elem).Bytes()*rows))
	}
	_, err := interpret(encoder.Spec, c, append(bufs, data), [][2]int{{0, rows}})
	return err
}
