package synthetic

import (
	"fmt"
	"math"

	"github.com/trinity-engine/trinity/runtime/plan"
)

// decoder decodes one row of a few blocks.
type decoder struct {
	kernel *plan.Kernel
	call   plan.Call
	format *plan.Format
	blocks []byte
	tail   []byte
	out    []float32
}

const decoderBlocks = 16

func newDecoder(f *plan.Format, decode *plan.Op) (*decoder, error) {
	if decode == nil {
		return nil, fmt.Errorf("synthetic: the specs lack the op that decodes rows")
	}
	for i := range decode.Kernels {
		k := &decode.Kernels[i]
		if k.Formats[0] != f.Name {
			continue
		}
		values := decoderBlocks * f.Block
		d := &decoder{kernel: k, format: f, blocks: make([]byte, decoderBlocks*f.Bytes), out: make([]float32, values)}
		d.call = plan.Call{Buf: []plan.Buf{plan.Of(d.blocks)}, Dim: []int{1, values, 1}}
		if f.Tail > 0 {
			words := make([]uint64, (f.Tail+7)/8)
			d.tail = plan.View[byte](plan.Of(words))
			d.call.Buf = append(d.call.Buf, plan.Of(words))
		}
		d.call.Buf = append(d.call.Buf, plan.Of([]int32{0}), plan.Of(d.out))
		return d, nil
	}
	return nil, fmt.Errorf("synthetic: %s decodes no %s", decode.Name, f.Name)
}

// fill makes each float of the blocks what floats has for its field, those of the tail 1, and all bytes of integers
// what next gives.
func (d *decoder) fill(floats []float64, next func() byte) {
	for b := d.blocks; len(b) > 0; b = b[d.format.Bytes:] {
		for i, f := range d.format.Fields {
			if floating(f.Elem) {
				fill(b[f.Offset:], f, floats[i])
				continue
			}
			for k := range f.Len * size(f.Elem) {
				b[f.Offset+k] = next()
			}
		}
	}
	for _, f := range d.format.TailFields {
		fill(d.tail[f.Offset:], f, 1)
	}
}

func (d *decoder) decode() []float32 {
	d.kernel.Run(&d.call, 0, 1, make([]byte, d.kernel.Scratch(&d.call)))
	return d.out
}

// rms is the root of the mean square.
func rms(x []float32) float64 {
	sum := 0.
	for _, v := range x {
		sum += float64(v) * float64(v)
	}
	return math.Sqrt(sum / float64(len(x)))
}

func mean(x []float32) float64 {
	sum := 0.
	for _, v := range x {
		sum += float64(v)
	}
	return sum / float64(len(x))
}

// most is the largest magnitude.
func most(x []float32) (m float64) {
	for _, v := range x {
		m = max(m, math.Abs(float64(v)))
	}
	return m
}
