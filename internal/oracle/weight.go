package oracle

import (
	"math"

	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/vm"
)

// weight makes rows of blocks, and the tail: integer fields hold any bytes, every code among them,
// floats are scales of the case's kind; or all is random bytes.
func (f *filler) weight(format *plan.Format, rows, columns int) (data, tail []byte) {
	n := rows * columns / format.Block
	data, tail = make([]byte, n*format.Bytes), make([]byte, format.Tail)
	f.junk(data)
	if f.kind == Adversarial && f.IntN(2) == 0 {
		f.junk(tail)
		return data, tail
	}
	value := f.values(n)
	if f.kind == OneHot || f.kind == Random { // scales as files have them
		scale := math.Ldexp(1, -f.IntN(16))
		value = func(int) float64 { return f.NormFloat64() * scale }
	}
	for b := range n {
		f.fields(format.Fields, data[b*format.Bytes:], func() float64 { return value(b) })
	}
	f.fields(format.TailFields, tail, func() float64 { return value(0) })
	return data, tail
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
