package tiles_test

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/loop/looptest"
	"github.com/trinity-engine/trinity/vibee/ir/loop/tiles"
)

// TestExpand runs programs with tiles, and with loops in their place.
func TestExpand(t *testing.T) {
	for seed, p := range looptest.Tiles() {
		q := tiles.Expand(p)
		for _, p := range []*loop.Program{p, q} {
			if err := loop.Verify(p); err != nil {
				t.Fatal(err)
			}
		}
		loop.WalkStmts(q.Body, func(s loop.Stmt) {
			switch s.(type) {
			case *loop.Tiled, *loop.Clear, *loop.Fill, *loop.Multiply, *loop.Drain:
				t.Errorf("%s: a %T is left", p.Name, s)
			}
		})
		dims := []int64{3}
		before := looptest.Inputs(rand.New(rand.NewPCG(uint64(seed), 2)), p, dims)
		want, got := before.Clone(), before.Clone()
		if err := looptest.Run(p, want, dims, nil, 0, 3); err != nil {
			t.Fatal(err)
		}
		if err := looptest.Run(q, got, dims, nil, 0, 3); err != nil {
			t.Fatal(err)
		}
		y := p.Bufs[2]
		if at := looptest.Differs(y, want[y], got[y]); at >= 0 {
			t.Errorf("%s: y[%d] differs\n%s", p.Name, at, loop.Print(q))
		}
		if looptest.Differs(y, want[y], before[y]) < 0 {
			t.Errorf("%s changes nothing", p.Name)
		}
	}
}

// TestNone: a program without tiles is itself.
func TestNone(t *testing.T) {
	if p := looptest.MatmulQ4_1(4, 4); tiles.Expand(p) != p {
		t.Error("a program without tiles is another now")
	}
}

// TestPairsAtTheEdge: products of bf16s, and their sums, where numbers become subnormal.
func TestPairsAtTheEdge(t *testing.T) {
	const seed = 1
	r := rand.New(rand.NewPCG(seed, 0))
	brain := func(low, high int) uint32 { // of either sign, 2^low to 2^high; some 0
		f := math.Ldexp(1+float64(r.IntN(128))/128, low+r.IntN(high-low+1))
		if r.IntN(8) == 0 {
			f = 0
		}
		return math.Float32bits(float32(f))>>16 | uint32(r.IntN(2))<<15
	}
	for _, p := range looptest.Tiles() {
		if p.Bufs[2].Elem != loop.MemF32 {
			continue
		}
		dims := []int64{6}
		for trial := range 8 {
			want := looptest.Inputs(r, p, dims)
			a, b, y := want[p.Bufs[0]], want[p.Bufs[1]], want[p.Bufs[2]]
			for i, data := range [][]byte{a, b} {
				draw := func() uint32 { return brain(-66, -61) } // products are near 2^-126
				switch {
				case trial%4 == 1: // sums are 2^-126, or less by what rounding adds again
					draw = func() uint32 {
						e := -63 - 13*r.IntN(2)
						return brain(e, e) &^ 127
					}
				case trial%4 == 2 && trial/4%2 == i: // some factors are subnormal
					draw = func() uint32 { return brain(-130, -124) }
				case trial%4 == 2:
					draw = func() uint32 { return brain(-2, 6) }
				}
				for at := 0; at+2 <= len(data); at += 2 {
					binary.LittleEndian.PutUint16(data[at:], uint16(draw()))
				}
			}
			for i := 0; i < len(y); i += 4 {
				binary.LittleEndian.PutUint32(y[i:], brain(-129, -120)<<16|r.Uint32()&0xffff)
			}
			got := want.Clone()
			if err := looptest.Run(p, want, dims, nil, 0, 6); err != nil {
				t.Fatal(err)
			}
			if err := looptest.Run(tiles.Expand(p), got, dims, nil, 0, 6); err != nil {
				t.Fatal(err)
			}
			if at := looptest.Differs(p.Bufs[2], want[p.Bufs[2]], got[p.Bufs[2]]); at >= 0 {
				t.Fatalf("%s, trial %d: y[%d] differs", p.Name, trial, at)
			}
		}
	}
}
