package oracle

import (
	"encoding/binary"
	"math"
	"math/rand/v2"

	"github.com/trinity-engine/trinity/gen/half"
	"github.com/trinity-engine/trinity/vibee/vm"
)

// filler chooses values.
type filler struct {
	*rand.Rand
	kind Kind
	hot  int  // the parameter that is one-hot; -1: none
	one  bool // the one at hand is
}

var special = []float64{
	math.NaN(), math.Inf(1), math.Inf(-1), 0, math.Copysign(0, -1), 1, -1,
	math.MaxFloat32, -math.MaxFloat32, 0x1p64, -0x1p64, 0x1p-64, 0x1p-126, -0x1p-126, 0x1p-149, -0x1p-149, 0x1.8p-140, 0x1p127, 65504, 65520,
}

// floats fills a tensor whose rows have that many values.
func (f *filler) floats(elem vm.Mem, data []byte, row int) {
	value := f.values(row)
	n := len(data) / elem.Bytes()
	for i := range n {
		putFloat(elem, data[i*elem.Bytes():], value(i))
	}
}

// values gives value i of a tensor.
func (f *filler) values(row int) func(i int) float64 {
	scale := math.Ldexp(1, []int{0, 0, 0, -3, 3, -10, 10, -20, 20}[f.IntN(9)])
	normal := func(int) float64 { return f.NormFloat64() * scale }
	hot := 0
	switch {
	case f.one:
		return func(i int) float64 {
			if row == 0 || i%row == 0 {
				hot = f.IntN(max(row, 1))
			}
			if row == 0 || i%row != hot {
				return 0
			}
			return normal(i)
		}
	case f.kind == Lattice:
		dense := min(1, 32/float64(max(row, 1))) // so that sums stay below 2^24
		return func(int) float64 {
			if f.Float64() > dense {
				return 0
			}
			return float64(f.IntN(5) - 2)
		}
	case f.kind == Adversarial:
		share := []float64{0.002, 0.02, 0.2, 1}[f.IntN(4)]
		return func(i int) float64 {
			if f.Float64() < share {
				return special[f.IntN(len(special))]
			}
			return normal(i)
		}
	}
	return normal
}

// scalar is an f32 parameter: positive, as scales, bases and epsilons are, or any.
func (f *filler) scalar(wild bool) float32 {
	switch {
	case wild:
		return float32(special[f.IntN(len(special))])
	case f.kind == Lattice:
		return float32(1 + f.IntN(2))
	}
	return float32(math.Ldexp(1+f.Float64(), []int{-20, -3, -1, 0, 0, 1, 4, 13, 20}[f.IntN(9)]))
}

// integers fills a tensor with values below limit; -1: with small ones.
func (f *filler) integers(elem vm.Mem, data []byte, limit int) {
	if limit < 0 {
		limit = 128
	}
	for i := 0; i < len(data); i += elem.Bytes() {
		putInt(elem, data[i:], f.IntN(limit))
	}
}

// junk is what outputs hold before a call.
func (f *filler) junk(data []byte) {
	for i := range data {
		data[i] = byte(f.Uint32())
	}
}

func putInt(elem vm.Mem, b []byte, v int) {
	var e [8]byte
	binary.LittleEndian.PutUint64(e[:], uint64(v))
	copy(b, e[:elem.Bytes()])
}

func putFloat(elem vm.Mem, b []byte, v float64) {
	switch elem {
	case vm.F16:
		binary.LittleEndian.PutUint16(b, half.ToF16(float32(v)))
	case vm.BF16:
		binary.LittleEndian.PutUint16(b, half.ToBF16(float32(v)))
	case vm.F32M:
		binary.LittleEndian.PutUint32(b, math.Float32bits(float32(v)))
	case vm.F64M:
		binary.LittleEndian.PutUint64(b, math.Float64bits(v))
	}
}
