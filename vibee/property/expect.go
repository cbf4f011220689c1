package property

import (
	"encoding/binary"
	"fmt"
	"math"
	"slices"

	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// expect compares elements, and gives their number.
func (r *run) expect(s *spec.Expect) (int, error) {
	n, size := r.count(s.A.Shape), s.A.Elem.Bytes
	a := r.values[s.A].bufs[0]
	b := a
	if s.B != nil {
		b = r.values[s.B].bufs[0]
	}
	for i := range n {
		x, y := a[i*size:][:size], b[i*size:][:size]
		switch {
		case s.B == nil && word(x) == 0:
			return n, fmt.Errorf("%s:%d: the claim does not hold at %v", s.Pos.File, s.Pos.Line, r.index(s.A, i))
		case s.B != nil && !slices.Equal(x, y) && !(isNaN(s.A.Elem, x) && isNaN(s.A.Elem, y)):
			return n, fmt.Errorf("%s:%d: the tensors differ at %v: %s is not %s", s.Pos.File, s.Pos.Line, r.index(s.A, i),
				show(s.A.Elem, x), show(s.A.Elem, y))
		}
	}
	return n, nil
}

// index is the place of element i in a tensor.
func (r *run) index(p *spec.Param, i int) []int {
	out := make([]int, len(p.Shape))
	for k := len(out) - 1; k >= 0; k-- {
		n := r.integer(p.Shape[k])
		out[k] = i % n
		i /= n
	}
	return out
}

func word(b []byte) uint64 {
	var w [8]byte
	copy(w[:], b)
	return binary.LittleEndian.Uint64(w[:])
}

func isNaN(e *spec.Elem, b []byte) bool { return e.Type.Float() && math.IsNaN(float(e, b)) }

func float(e *spec.Elem, b []byte) float64 {
	if e.Type == spec.F64 {
		return math.Float64frombits(word(b))
	}
	return float64(math.Float32frombits(uint32(word(b))))
}

// show prints an element, with the bits of a float.
func show(e *spec.Elem, b []byte) string {
	if !e.Type.Float() {
		return fmt.Sprint(int64(word(b)))
	}
	return fmt.Sprintf("%v (%#x)", float(e, b), word(b))
}
