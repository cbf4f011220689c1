package amxemu

import (
	"encoding/binary"
	"math"
)

// multiplyPairs adds products of bf16s by twos to f32s: those of even and of odd columns of A are summed apart from +0,
// k ascending, then added to each other, then to C. No product is rounded; each sum is, to nearest even. What is
// subnormal is 0 with its sign, going in and coming out.
func (u *unit) multiplyPairs(c, a, b int) {
	half := func(row *[maxBytes]byte, i int) float64 {
		return float64(flushed(math.Float32frombits(uint32(binary.LittleEndian.Uint16(row[2*i:])) << 16)))
	}
	var out [maxRows][maxBytes]byte
	for m := range u.rows[c] {
		for n := range u.bytes[c] / 4 {
			var parts [2]float32
			for k := range u.rows[b] {
				for j := range parts { // the product is exact in f64, and so, for 24 bits, is the sum
					product := half(&u.tile[a][m], 2*k+j) * half(&u.tile[b][k], 2*n+j)
					parts[j] = narrowed(float64(parts[j]) + product)
				}
			}
			sum := narrowed(float64(parts[0]) + float64(parts[1]))
			old := flushed(math.Float32frombits(binary.LittleEndian.Uint32(u.tile[c][m][4*n:])))
			binary.LittleEndian.PutUint32(out[m][4*n:], math.Float32bits(narrowed(float64(old)+float64(sum))))
		}
	}
	u.tile[c] = out
}

const smallest = 0x1p-126 // of the f32s that are not subnormal

// flushed is v, or 0 with its sign where v is subnormal.
func flushed(v float32) float32 {
	if math.Abs(float64(v)) < smallest {
		return float32(math.Copysign(0, float64(v)))
	}
	return v
}

// narrowed rounds to f32. What rounds to less than the smallest if exponents had no end is 0 with its sign.
func narrowed(v float64) float32 {
	if math.Abs(v) < smallest-0x1p-151 {
		return float32(math.Copysign(0, v))
	}
	return float32(v)
}
