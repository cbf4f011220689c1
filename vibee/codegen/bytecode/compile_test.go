package bytecode

import (
	"bytes"
	"encoding/binary"
	"flag"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/vm"
)

var seeds = flag.Int("seeds", 1000, "random programs to try")

// arguments makes buffers of random elements, special values among them.
func arguments(p *loop.Program, r *rand.Rand) [][]byte {
	var bufs [][]byte
	for _, b := range p.Bufs {
		n := elements * unit(b)
		if b.Bytes {
			n = 4 * elements
		}
		data := make([]byte, n+3)
		for i := range data {
			data[i] = byte(r.Uint32())
		}
		for i := 0; i+8 <= n; i += 8 * (1 + r.IntN(2)) {
			switch b.Elem {
			case loop.MemF32:
				f := []float32{0, 1, -2.5, float32(math.Inf(1)), float32(math.NaN()), 1e-40, 3.25, float32(r.NormFloat64())}
				binary.LittleEndian.PutUint32(data[i:], math.Float32bits(f[r.IntN(len(f))]))
			case loop.MemF64:
				binary.LittleEndian.PutUint64(data[i:], math.Float64bits(r.NormFloat64()*100))
			}
		}
		bufs = append(bufs, data)
	}
	return bufs
}

func clone(bufs [][]byte) (out [][]byte) {
	for _, b := range bufs {
		out = append(out, bytes.Clone(b))
	}
	return out
}

// canonical makes all NaNs of a buffer the same.
func canonical(b *loop.Buf, data []byte) []byte {
	data = bytes.Clone(data)
	size := b.Elem.Bytes()
	if !b.Elem.Type().Float() {
		return data
	}
	for i := 0; i+size <= len(data); i += size {
		v := decode(data[i:i+size], b.Elem)
		if b.Elem == loop.MemF64 && math.IsNaN(math.Float64frombits(v)) || b.Elem != loop.MemF64 && asF32(v) != asF32(v) {
			for k := range size {
				data[i+k] = 0xff
			}
		}
	}
	return data
}

func TestRandomPrograms(t *testing.T) {
	faults, maps := 0, 0
	var m vm.Machine
	for seed := range uint64(*seeds) {
		g := newGenerator(seed)
		p := g.program()
		q, err := Compile(p)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		maps += len(q.Maps)
		if q, err = vm.Decode(q.Encode()); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		bufs := arguments(p, g.Rand)
		want, got := clone(bufs), clone(bufs)
		dims, scalars := []int{4}, []float32{1.5}
		werr := evaluate(p, want, dims, scalars, 2, 9)
		gerr := m.Run(q, &vm.Args{Bufs: got, Dims: dims, Scalars: scalars}, 2, 9, vm.Limits{})
		if (werr == nil) != (gerr == nil) {
			t.Fatalf("seed %d: the evaluator says %v, the machine %v", seed, werr, gerr)
		}
		if werr != nil {
			faults++
			continue
		}
		for i, b := range p.Bufs {
			if w, g := canonical(b, want[i]), canonical(b, got[i]); !bytes.Equal(w, g) {
				t.Fatalf("seed %d: buffer %s: %s", seed, b.Name, cmp.Diff(w, g))
			}
		}
		if n, err := m.Work(q, dims); err != nil || n != 7 {
			t.Fatalf("seed %d: work is %d, %v", seed, n, err)
		}
	}
	if faults*5 > *seeds || faults == 0 || maps < *seeds/20 {
		t.Errorf("%d programs: %d end by a fault, %d maps", *seeds, faults, maps)
	}
	t.Logf("%d programs, seeds 0..%d: %d end by a fault, %d maps", *seeds, *seeds-1, faults, maps)
}
