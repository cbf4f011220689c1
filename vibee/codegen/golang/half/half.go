// Package half converts 16-bit floats: IEEE binary16 and bfloat16. Widening is exact;
// narrowing rounds to nearest even. A NaN stays a NaN and becomes quiet.
package half

import "math"

// F16 widens a binary16. The exponent is rebiased by a multiplication, which is exact
// and takes care of subnormals.
func F16(h uint16) float32 {
	u := uint32(h&0x7fff) << 13
	if h&0x7c00 == 0x7c00 { // an infinity or a NaN
		u |= 0x7f800000
	}
	return float32(math.Float32frombits(u|uint32(h&0x8000)<<16) * 0x1p112) // never fused with an addition
}

// BF16 widens a bfloat16.
func BF16(h uint16) float32 { return math.Float32frombits(uint32(h) << 16) }

// ToF16 rounds to a binary16.
func ToF16(f float32) uint16 {
	u := math.Float32bits(f)
	sign := uint16(u >> 16 & 0x8000)
	u &= 0x7fffffff
	switch {
	case u > 0x7f800000:
		return sign | 0x7e00
	case u >= 0x47800000: // 2^16 and more
		return sign | 0x7c00
	case u < 0x38800000: // below 2^-14 the addition leaves the rounded subnormal in the low bits
		return sign | uint16(math.Float32bits(math.Float32frombits(u)+0.5))
	}
	return sign | uint16((u-112<<23+0xfff+u>>13&1)>>13)
}

// ToBF16 rounds to a bfloat16.
func ToBF16(f float32) uint16 {
	u := math.Float32bits(f)
	if u&0x7fffffff > 0x7f800000 {
		return uint16(u>>16) | 0x40
	}
	return uint16((u + 0x7fff + u>>16&1) >> 16)
}
