package synthetic

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/trinity-engine/trinity/runtime/plan"
)

// source makes random rows of a format: integers of its fields are random, floats scale them, so that the
// weights of a row of K values have a mean of about 0 and a mean square of 1 / K, as trained ones do.
type source struct {
	format  *plan.Format
	bytes   []byte    // what bytes of integers may be
	floats  []float64 // of each field, in proportion to each other
	size    float64   // of a weight, by root mean square, where the floats are these
	uniform bool      // one scale a tensor
	around  float64   // of a format of floats: what they lie around
}

// newSource tries a format's blocks with decode, an op from a weight [V, D] and i32 rows [T] to f32 [T, D].
func newSource(f *plan.Format, decode *plan.Op, ternary bool) (*source, error) {
	s := &source{format: f, uniform: ternary, size: 1}
	if plain(f) {
		return s, nil
	}
	d, err := newDecoder(f, decode)
	if err != nil {
		return nil, err
	}
	if ternary {
		return s, s.trits(d)
	}
	for b := range 256 {
		s.bytes = append(s.bytes, byte(b))
	}
	s.proportions(d)
	return s, nil
}

// trits finds the bytes that stand for -1, 0 and 1.
func (s *source) trits(d *decoder) error {
	s.floats = slices.Repeat([]float64{1}, len(s.format.Fields))
	for b := range 256 {
		d.fill(s.floats, func() byte { return byte(b) })
		if most(d.decode()) <= 1 {
			s.bytes = append(s.bytes, byte(b))
		}
	}
	s.size = math.Sqrt(2. / 3)
	if len(s.bytes) < 3 {
		return fmt.Errorf("synthetic: %s has no bytes of trits", s.format.Name)
	}
	return nil
}

// proportions makes the first float of a block 1, and the others such that what they add takes its mean away.
func (s *source) proportions(d *decoder) {
	random := rand.New(rand.NewPCG(1, 2))
	decoded := func(floats []float64) []float32 {
		d.fill(floats, func() byte { return byte(random.Uint32()) })
		return d.decode()
	}
	s.floats = make([]float64, len(s.format.Fields))
	first := true
	for i, f := range s.format.Fields {
		if !floating(f.Elem) {
			continue
		}
		one := make([]float64, len(s.floats))
		one[i] = 1
		if first {
			s.floats[i], first = 1, false
		} else if adds := mean(decoded(one)); adds != 0 {
			s.floats[i] = -mean(decoded(s.floats)) / adds
		}
	}
	s.size = rms(decoded(s.floats))
}

// plain reports whether a format's blocks are floats and nothing else.
func plain(f *plan.Format) bool {
	return f.Block == 1 && len(f.Fields) == 1 && floating(f.Fields[0].Elem)
}

func floating(elem string) bool { return elem == "f16" || elem == "bf16" || elem == "f32" }

// row fills dst with whole blocks of a row of so many values.
func (s *source) row(dst []byte, width int, random *rand.Rand) {
	for ; len(dst) >= s.format.Bytes; dst = dst[s.format.Bytes:] {
		scale := s.scale(width)
		if !s.uniform {
			scale *= 0.75 + random.Float64()/2
		}
		for i, f := range s.format.Fields {
			switch {
			case plain(s.format):
				put(dst, f.Elem, 0, s.around+(2*random.Float64()-1)*math.Sqrt(3)*scale)
			case floating(f.Elem):
				fill(dst[f.Offset:], f, s.floats[i]*scale)
			default:
				s.integers(dst[f.Offset:][:f.Len*size(f.Elem)], random)
			}
		}
	}
}

func (s *source) tail(dst []byte, width int) {
	for _, f := range s.format.TailFields {
		fill(dst[f.Offset:], f, s.scale(width))
	}
}

func (s *source) scale(width int) float64 { return 1 / (s.size * math.Sqrt(float64(width))) }

// fill makes all of a field x.
func fill(dst []byte, f plan.Field, x float64) {
	for i := range f.Len {
		put(dst, f.Elem, i, x)
	}
}

// integers fills dst with bytes of which each of s.bytes is as likely.
func (s *source) integers(dst []byte, random *rand.Rand) {
	for len(dst) > 0 {
		r := random.Uint64()
		for i := range min(8, len(dst)) {
			dst[i] = s.bytes[int(r>>(8*i)&255)*len(s.bytes)>>8]
		}
		dst = dst[min(8, len(dst)):]
	}
}

// size is the bytes of an element.
func size(elem string) int {
	bits, _ := strconv.Atoi(strings.TrimLeft(elem, "abcdefghijklmnopqrstuvwxyz"))
	return bits / 8
}

// put writes element i.
func put(dst []byte, elem string, i int, x float64) {
	switch elem {
	case "f32":
		binary.LittleEndian.PutUint32(dst[4*i:], math.Float32bits(float32(x)))
	case "bf16":
		binary.LittleEndian.PutUint16(dst[2*i:], uint16(math.Float32bits(float32(x))>>16))
	case "f16":
		binary.LittleEndian.PutUint16(dst[2*i:], half(x))
	}
}

// half is x as an f16, cut off, for magnitudes below 65536.
func half(x float64) (h uint16) {
	if math.Signbit(x) {
		h, x = 1<<15, -x
	}
	frac, exp := math.Frexp(x) // x = frac * 2^exp, frac in [0.5, 1)
	if x == 0 || exp < -13 {
		return h | uint16(x*(1<<24)) // subnormal
	}
	return h | uint16(exp+14)<<10 | uint16(frac*(1<<11))&(1<<10-1)
}
