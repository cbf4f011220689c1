package tiles_test

import (
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
