package architectures

import (
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/trinity-engine/trinity/internal/ggufwrite"
	"github.com/trinity-engine/trinity/runtime/gguf"
)

// file is a tiny random model: its metadata, its tensors, and what they hold.
type file struct {
	arch    string
	keys    map[string]any
	tensors map[string]tensor
	random  *rand.Rand
	packing packing // of matrices
}

type tensor struct {
	typ    uint32
	dims   []int // rows first
	data   []byte
	values []float64
}

// packing makes the n values of random blocks.
type packing struct {
	name string
	make func(random *rand.Rand, n int) (typ uint32, data []byte, values []float64)
}

const vocabulary = 96

func newFile(arch string, p packing, keys map[string]any) *file {
	f := &file{arch: arch, keys: map[string]any{"general.architecture": arch}, tensors: map[string]tensor{},
		random: rand.New(rand.NewPCG(7, 11)), packing: p}
	for k, v := range keys {
		f.keys[arch+"."+k] = v
	}
	return f
}

// matrix adds NAME.weight of m rows of k values.
func (f *file) matrix(name string, m, k int) {
	typ, data, values := f.packing.make(f.random, m*k)
	f.tensors[name+".weight"] = tensor{typ, []int{m, k}, data, values}
}

// biased adds a matrix and NAME.bias.
func (f *file) biased(name string, m, k int) {
	f.matrix(name, m, k)
	f.vector(name+".bias", 0, m)
}

// vector adds numbers about mean, in f32.
func (f *file) vector(name string, mean float64, dims ...int) {
	n := 1
	for _, d := range dims {
		n *= d
	}
	data, values := f32s(f.random, n, func() float64 { return mean + 0.25*f.random.NormFloat64() })
	f.tensors[name] = tensor{0, dims, data, values}
}

// scale adds the weight of a norm, centred the weight and the bias.
func (f *file) scale(name string, dims ...int) { f.vector(name+".weight", 1, dims...) }
func (f *file) centred(name string, n int)     { f.scale(name, n); f.vector(name+".bias", 0, n) }

func f32s(_ *rand.Rand, n int, next func() float64) (data []byte, values []float64) {
	for range n {
		v := float32(next())
		data = binary.LittleEndian.AppendUint32(data, math.Float32bits(v))
		values = append(values, float64(v))
	}
	return data, values
}

var (
	inF32 = packing{"f32", func(r *rand.Rand, n int) (uint32, []byte, []float64) {
		data, values := f32s(r, n, func() float64 { return r.NormFloat64() / 6 })
		return 0, data, values
	}}
	// inQ8 has blocks of 32 bytes and a scale of 2^-8 or 2^-9, in f16.
	inQ8 = packing{"q8_0", func(r *rand.Rand, n int) (typ uint32, data []byte, values []float64) {
		for range n / 32 {
			e := 6 + r.IntN(2)
			data = append(data, 0, byte(e<<2))
			for range 32 {
				c := int8(r.IntN(255) - 127)
				data = append(data, byte(c))
				values = append(values, float64(c)*math.Ldexp(1, e-15))
			}
		}
		return 8, data, values
	}}
)

// write gives the GGUF file.
func (f *file) write() *ggufwrite.Builder {
	b := ggufwrite.New()
	for _, k := range slices.Sorted(maps.Keys(f.keys)) {
		b.Set(k, f.keys[k])
	}
	for _, name := range slices.Sorted(maps.Keys(f.tensors)) {
		x := f.tensors[name]
		dims := []uint64{}
		for _, d := range slices.Backward(x.dims) {
			dims = append(dims, uint64(d))
		}
		b.Add(name, x.typ, dims, x.data)
	}
	return b
}

func (f *file) open(t testing.TB) *gguf.File {
	t.Helper()
	opened, err := gguf.Parse(f.write().Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return opened
}

// blk names a tensor of a layer.
func blk(i int, name string) string { return fmt.Sprintf("blk.%d.%s", i, name) }
