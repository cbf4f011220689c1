package property

import (
	"encoding/binary"
	"maps"
	"math"

	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// draw gives all inputs their values.
func (r *run) draw() {
	formats := maps.Collect(r.weights())
	r.places()
	for _, in := range r.Property.Inputs {
		if in.Kind == spec.Place {
			continue
		}
		v := &value{}
		r.values[in.Param] = v
		switch in.Kind {
		case spec.Value:
			if in.Elem.Type == spec.F32 {
				v.float = float32(r.float(in.Domain))
			}
		case spec.Tensor:
			v.bufs = [][]byte{memory(r.count(in.Shape) * in.Elem.Bytes)}
			r.fill(v.bufs[0], in.Elem, in.Domain)
		case spec.Weight:
			v.format = formats[in.Param]
			v.bufs = r.weight(v.format, r.integer(in.Shape[0]), r.integer(in.Shape[1]), in.Domain)
		case spec.State:
			r.values[in.Param] = r.state(in)
		}
	}
}

// fill draws the elements of memory of one type.
func (r *run) fill(b []byte, elem *spec.Elem, d *spec.Domain) {
	for ; len(b) >= elem.Bytes; b = b[elem.Bytes:] {
		r.element(b, elem, d)
	}
}

// weight draws rows of blocks, and the tail: the domain is that of the floats in them, integers are any.
func (r *run) weight(f *spec.Format, rows, cols int, d *spec.Domain) [][]byte {
	fields := func(b []byte, list []*spec.Field) {
		for _, field := range list {
			of := d
			if field.Elem.Type == spec.Int {
				of = nil
			}
			r.fill(b[field.Offset:][:field.Len*field.Elem.Bytes], field.Elem, of)
		}
	}
	b := memory(rows * (cols / f.Count) * f.Bytes)
	for at := 0; at < len(b); at += f.Bytes {
		fields(b[at:], f.Fields)
	}
	if f.TailBytes == 0 {
		return [][]byte{b}
	}
	tail := memory(f.TailBytes)
	fields(tail, f.Tail)
	return [][]byte{b, tail}
}

// element draws one value into the front of b.
func (r *run) element(b []byte, elem *spec.Elem, d *spec.Domain) {
	var bits uint64
	switch {
	case elem.Type == spec.Int:
		bits = uint64(r.int(d))
	case d == nil:
		bits = r.anyBits(elem)
	case elem.Name == "f64":
		bits = math.Float64bits(r.float(d))
	case elem.Name == "f32":
		bits = uint64(math.Float32bits(float32(r.float(d))))
	case elem.Name == "bf16":
		bits = uint64(math.Float32bits(float32(r.float(d))) >> 16)
	default:
		bits = uint64(half(r.float(d)))
	}
	var word [8]byte
	binary.LittleEndian.PutUint64(word[:], bits)
	copy(b, word[:elem.Bytes])
}

// anyBits gives any value of a float type: often zeros, infinities, NaNs, subnormals or one.
func (r *run) anyBits(elem *spec.Elem) uint64 {
	mantissa := map[string]int{"f64": 52, "f32": 23, "f16": 10, "bf16": 7}[elem.Name]
	size := 8 * elem.Bytes
	sign := r.random.Uint64N(2) << (size - 1)
	exponents := uint64(1)<<(size-1-mantissa) - 1
	switch r.random.IntN(8) {
	case 0:
		return sign
	case 1:
		return sign | exponents<<mantissa // infinity
	case 2:
		return sign | exponents<<mantissa | 1<<(mantissa-1) // NaN
	case 3:
		return sign | r.random.Uint64N(1<<mantissa) // subnormal
	case 4:
		return sign | exponents/2<<mantissa // one
	}
	return r.random.Uint64() >> (64 - size)
}

// float draws from a domain of floats: its ends and powers of two among the others.
func (r *run) float(d *spec.Domain) float64 {
	of := func(e spec.Expr) float64 { return e.(*spec.FloatLit).V }
	switch {
	case d == nil:
		return float64(math.Float32frombits(uint32(r.anyBits(spec.Elems["f32"]))))
	case d.Set != nil:
		return of(d.Set[r.random.IntN(len(d.Set))])
	}
	lo, hi := of(d.Lo), of(d.Hi)
	choice := r.random.IntN(8)
	if !d.Magnitude {
		v := lo + (hi-lo)*r.random.Float64()
		switch {
		case choice == 0:
			v = lo
		case choice == 1:
			v = hi
		case choice == 2:
			v = math.Round(v)
		}
		return min(max(v, lo), hi)
	}
	v := math.Exp2(math.Log2(lo) + (math.Log2(hi)-math.Log2(lo))*r.random.Float64())
	switch {
	case choice == 0:
		v = lo
	case choice == 1:
		v = hi
	case choice < 4:
		v = math.Exp2(math.Round(math.Log2(v)))
	}
	v = min(max(v, lo), hi)
	if r.random.IntN(2) == 0 {
		return -v
	}
	return v
}

// int draws from a domain of integers.
func (r *run) int(d *spec.Domain) int64 {
	switch {
	case d == nil:
		return r.random.Int64() - r.random.Int64()
	case d.Set != nil:
		return int64(r.integer(d.Set[r.random.IntN(len(d.Set))]))
	}
	lo, hi := r.integer(d.Lo), r.integer(d.Hi)
	return int64(lo + r.random.IntN(hi-lo))
}

// half gives the bits of v as an IEEE binary16, cut off to its ten bits and to the range of its normals.
func half(v float64) uint16 {
	fraction, exponent := math.Frexp(math.Abs(v)) // v = fraction 2^exponent, with fraction in [0.5, 1)
	var sign uint16
	if math.Signbit(v) {
		sign = 0x8000
	}
	switch {
	case fraction == 0:
		return sign
	case exponent < -13:
		return sign | 1<<10
	case exponent > 16:
		return sign | 0x7bff
	}
	return sign | uint16(exponent+14)<<10 | uint16((2*fraction-1)*1024)
}
