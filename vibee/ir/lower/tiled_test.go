package lower_test

import (
	"bytes"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/loop/looptest"
	"github.com/trinity-engine/trinity/vibee/ir/lower"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
	"github.com/trinity-engine/trinity/vibee/source"
)

// TestTiled: each kernel of the specs that has tiles computes the same bits as its schedule for the VM, for strips of W
// and tiles of x in all numbers, over ranges of work that split them. W's bytes and x's codes are random.
func TestTiled(t *testing.T) {
	prog, err := source.Load("../../../specs")
	if err != nil {
		t.Fatal(err)
	}
	kernels := 0
	for _, o := range prog.Ops {
		if !slices.ContainsFunc(o.Schedules, func(s *spec.Schedule) bool { return len(s.Tile) > 0 }) {
			continue
		}
		for _, choice := range lower.FormatChoices(o, prog.Formats) {
			t.Run(lower.Name(o, choice), func(t *testing.T) {
				kernels++
				tiled, plain := lowered(t, o, choice, "amx"), lowered(t, o, choice, "vm")
				products := 0
				loop.WalkStmts(tiled.Body, func(s loop.Stmt) {
					if _, ok := s.(*loop.Multiply); ok {
						products++
					}
				})
				if products == 0 {
					t.Error("no product of tiles")
				}
				for seed, size := range [][2]int64{{53, 50}, {32, 16}, {17, 15}} { // rows of W, of x
					compareTiled(t, o, tiled, plain, uint64(seed), size[0], size[1])
				}
			})
		}
	}
	if kernels == 0 {
		t.Error("no kernel has tiles")
	}
}

// TestTurnsOfRows: each kernel of the specs that has a weight and rows of x, with turns of these side by side, computes the
// same bits as its schedule for the VM.
func TestTurnsOfRows(t *testing.T) {
	prog, err := source.Load("../../../specs")
	if err != nil {
		t.Fatal(err)
	}
	kernels := 0
	for _, o := range prog.Ops {
		for _, choice := range lower.FormatChoices(o, prog.Formats) {
			if len(choice) != 1 || len(o.Dims) != 3 || !slices.ContainsFunc(o.Schedules, func(s *spec.Schedule) bool { return slices.Contains(s.For, "avx2") && s.Unroll["t"] > 1 }) {
				continue
			}
			joined, plain := lowered(t, o, choice, "avx2"), lowered(t, o, choice, "vm")
			if !strings.Contains(loop.Print(joined), "let read") {
				continue
			}
			t.Run(lower.Name(o, choice), func(t *testing.T) {
				kernels++
				compareTiled(t, o, joined, plain, uint64(kernels), 21, 11)
			})
		}
	}
	if kernels < 10 {
		t.Errorf("rows of x run side by side in %d kernels", kernels)
	}
}

func lowered(t *testing.T, o *spec.Op, choice []*spec.Format, target string) *loop.Program {
	p, err := lower.Op(o, lower.Options{Target: target, Formats: choice})
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range p.Bufs {
		if b.Size == nil { // a tail
			b.Size = &loop.ConstInt{V: 64}
		}
	}
	return p
}

// compareTiled runs two programs of an op with dims M, K and T on the same memory.
func compareTiled(t *testing.T, o *spec.Op, tiled, plain *loop.Program, seed uint64, m, rows int64) {
	t.Logf("seed %d, %d rows of W, %d of x", seed, m, rows)
	dims := []int64{m, 256, rows}
	want := looptest.Inputs(rand.New(rand.NewPCG(seed, 3)), plain, dims)
	got := looptest.Memory{}
	for i, b := range plain.Bufs {
		for _, p := range o.Params {
			if p.Name == b.Name && p.Format != nil && p.Format.Sums != nil {
				keepSums(p.Format, want[b])
			}
			if p.Name == b.Name && o.Pairs {
				smallIntegers(want[b], seed)
			}
		}
		got[tiled.Bufs[i]] = bytes.Clone(want[b])
	}
	work := looptest.Value(plain, plain.Work, dims)
	if err := looptest.Run(plain, want, dims, nil, 0, work); err != nil {
		t.Fatal(err)
	}
	for _, r := range [][2]int64{{0, work / 2}, {work / 2, work}} {
		if err := looptest.Run(tiled, got, dims, nil, r[0], r[1]); err != nil {
			t.Fatal(err)
		}
	}
	for i, b := range plain.Bufs {
		if at := looptest.Differs(b, want[b], got[tiled.Bufs[i]]); at >= 0 {
			t.Errorf("%s[%d] differs", b.Name, at)
		}
	}
}

// smallIntegers makes bytes bf16s whose sums of products are exact in any order.
func smallIntegers(data []byte, seed uint64) {
	r := rand.New(rand.NewPCG(seed, 4))
	for i := 0; i < len(data); i += 2 {
		binary.LittleEndian.PutUint16(data[i:], uint16(math.Float32bits(float32(r.IntN(17)-8))>>16))
	}
}

// keepSums makes the sums of codes in blocks what they are to be.
func keepSums(f *spec.Format, data []byte) {
	var codes *spec.Field
	for _, field := range f.Fields {
		if field.Elem.Name == "i8" && field.Len == f.Count {
			codes = field
		}
	}
	for at := 0; at < len(data); at += f.Bytes {
		for _, s := range f.Sums {
			for j := 0; j < f.Count && s.Field.Elem.Name == "i32"; j += s.By {
				sum := int32(0)
				for i := range s.By {
					sum += int32(int8(data[at+codes.Offset+j+i]))
				}
				binary.LittleEndian.PutUint32(data[at+s.Field.Offset+j/s.By*4:], uint32(sum*int32(s.Times)))
			}
		}
	}
}
