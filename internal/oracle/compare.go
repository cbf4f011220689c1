package oracle

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math"

	"github.com/trinity-engine/trinity/gen/half"
	"github.com/trinity-engine/trinity/vibee/vm"
)

// same compares what two ways of computing left in a buffer: bit for bit, but that all NaNs
// are equal.
func same(elem vm.Mem, got, want []byte) error {
	if bytes.Equal(got, want) {
		return nil
	}
	size := elem.Bytes()
	for i := 0; i+size <= len(want); i += size {
		g, w := got[i:i+size], want[i:i+size]
		if bytes.Equal(g, w) {
			continue
		}
		if elem.Type() == vm.Int {
			return fmt.Errorf("element %d is % x, want % x", i/size, g, w)
		}
		if a, b := float(elem, g), float(elem, w); a == a || b == b {
			return fmt.Errorf("element %d is %v (% x), want %v (% x)", i/size, a, g, b, w)
		}
	}
	return nil
}

// within compares a scheduled result with the exact one.
//   - A finite bound beyond f32's range is the op's way to promise nothing.
//   - A bound that is not finite comes of inputs that are not: where the exact result is not
//     finite either, the scheduled one may be another infinity or NaN (0·∞ and ∞ - ∞ depend
//     on where a factor stands), but not a number.
//   - Else the difference counts; an infinity stands for 2^128, the first value that f32
//     rounds to it, so that a result at the edge of the range may fall on either side.
func within(elem vm.Mem, got, want []byte, bounds []float64) error {
	size := elem.Bytes()
	for i, bound := range bounds {
		g, w := float(elem, got[i*size:]), float(elem, want[i*size:])
		ok := false
		switch {
		case g == w || g != g && w != w:
			ok = true
		case math.IsInf(bound, 0) || bound != bound:
			ok = !finite(g) || finite(w) && bound == bound
		default:
			ok = bound > math.MaxFloat32 || math.Abs(reach(g)-reach(w)) <= bound
		}
		if !ok {
			return fmt.Errorf("element %d is %v, the exact program gives %v: the tolerance is %.4g, the difference %.4g", i, g, w, bound, math.Abs(g-w))
		}
	}
	return nil
}

func finite(v float64) bool { return v-v == 0 }

// reach is v with an infinity as the value where it starts.
func reach(v float64) float64 { return max(-0x1p128, min(v, 0x1p128)) }

func float(elem vm.Mem, b []byte) float64 {
	switch elem {
	case vm.F16:
		return float64(half.F16(binary.LittleEndian.Uint16(b)))
	case vm.BF16:
		return float64(half.BF16(binary.LittleEndian.Uint16(b)))
	case vm.F64M:
		return math.Float64frombits(binary.LittleEndian.Uint64(b))
	}
	return float64(math.Float32frombits(binary.LittleEndian.Uint32(b)))
}
