package half

import (
	"math"
	"testing"
)

// f16 is the definition of binary16.
func f16(h uint16) float64 {
	sign, e, m := 1.0, int(h>>10&31), float64(h&1023)
	if h>>15 == 1 {
		sign = -1
	}
	switch {
	case e == 31 && m != 0:
		return math.NaN()
	case e == 31:
		return sign * math.Inf(1)
	case e == 0:
		return sign * math.Ldexp(m, -24)
	}
	return sign * math.Ldexp(1024+m, e-25)
}

func same(a, b float64) bool {
	return a == b && math.Signbit(a) == math.Signbit(b) || a != a && b != b
}

func TestWiden(t *testing.T) {
	for h := range 1 << 16 {
		if got, want := float64(F16(uint16(h))), f16(uint16(h)); !same(got, want) {
			t.Fatalf("F16(%#04x) = %v, want %v", h, got, want)
		}
		if got, want := BF16(uint16(h)), math.Float32frombits(uint32(h)<<16); !same(float64(got), float64(want)) {
			t.Fatalf("BF16(%#04x) = %v, want %v", h, got, want)
		}
	}
}

// TestNarrow checks all values of the narrow type, the middles between neighbours, and the
// floats next to those: a middle goes to the even one.
func TestNarrow(t *testing.T) {
	types := []struct {
		name    string
		widen   func(uint16) float32
		narrow  func(float32) uint16
		largest uint16 // finite
	}{{"f16", F16, ToF16, 0x7bff}, {"bf16", BF16, ToBF16, 0x7f7f}}
	for _, typ := range types {
		check := func(f float32, want uint16) {
			for _, sign := range []uint16{0, 0x8000} {
				if got := typ.narrow(math.Float32frombits(math.Float32bits(f) ^ uint32(sign)<<16)); got != want|sign {
					t.Fatalf("%s: %v (sign %v) gives %#04x, want %#04x", typ.name, f, sign, got, want|sign)
				}
			}
		}
		for h := range typ.largest + 1 {
			low := typ.widen(h)
			check(low, h)
			// The next value, or where it would be if the exponents went on.
			step := float64(low) - float64(typ.widen(h-1))
			if h == 0 {
				step = float64(typ.widen(1))
			}
			next := float64(low) + step
			if h < typ.largest {
				next = float64(typ.widen(h + 1))
			}
			middle := float32((float64(low) + next) / 2)
			check(middle, h+h&1)
			check(math.Nextafter32(middle, 0), h)
			check(math.Nextafter32(middle, float32(math.Inf(1))), h+1)
		}
		check(float32(math.Inf(1)), typ.largest+1)
		check(math.MaxFloat32, typ.largest+1)
		for _, nan := range []uint32{0x7fc00000, 0x7f800001, 0xffffffff} {
			if h := typ.narrow(math.Float32frombits(nan)); h&0x7fff <= typ.largest+1 {
				t.Errorf("%s: NaN %#x gives %#04x", typ.name, nan, h)
			}
		}
	}
}
