package looptest

import (
	"encoding/binary"
	"math"
	"math/rand/v2"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// Inputs fills the parameters of p, which have dims, with random bytes; typed floats are of moderate size with
// some hard ones among them.
func Inputs(r *rand.Rand, p *loop.Program, dims []int64) Memory {
	mem := Memory{}
	for _, b := range p.Bufs {
		n := int(Value(p, b.Size, dims))
		data := make([]byte, 0, n*unit(b))
		for range n {
			f := r.NormFloat64() * 10
			if r.IntN(8) == 0 {
				f = floats[r.IntN(len(floats))]
			}
			u := r.Uint64()
			switch {
			case b.Bytes:
			case b.Elem == loop.MemF16:
				u = uint64(floatToHalf(f))
			case b.Elem == loop.MemBF16:
				u = uint64(math.Float32bits(float32(roundBF16(float64(float32(f))))) >> 16)
			case b.Elem == loop.MemF32:
				u = uint64(math.Float32bits(float32(f)))
			case b.Elem == loop.MemF64:
				u = math.Float64bits(f)
			}
			data = append(data, binary.LittleEndian.AppendUint64(nil, u)[:unit(b)]...)
		}
		mem[b] = data
	}
	return mem
}

// Clone copies all of m.
func (m Memory) Clone() Memory {
	c := Memory{}
	for b, data := range m {
		c[b] = append([]byte{}, data...)
	}
	return c
}

// Differs gives the first element of b at which two contents differ, -1 where none does: bit for bit,
// but that all NaNs of a typed buffer are equal.
func Differs(b *loop.Buf, x, y []byte) int {
	if len(x) != len(y) {
		return min(len(x), len(y)) / unit(b)
	}
	m := &machine{mem: Memory{}}
	for i := range len(x) / unit(b) {
		at := i * unit(b)
		if string(x[at:at+unit(b)]) == string(y[at:at+unit(b)]) {
			continue
		}
		if !b.Bytes && b.Elem.Type().Float() {
			m.mem[b] = x
			p := m.load(b, b.Elem, int64(i)).f
			m.mem[b] = y
			if q := m.load(b, b.Elem, int64(i)).f; p != p && q != q {
				continue
			}
		}
		return i
	}
	return -1
}
