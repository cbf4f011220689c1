package looptest

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// TestRandomRuns: random programs are valid and trap nowhere, and hold every node.
func TestRandomRuns(t *testing.T) {
	seen := map[string]bool{}
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		p := Random(r, "random")
		dims := []int64{4}
		if err := Run(p, Inputs(r, p, dims), dims, []float32{1e-5}, 0, 3); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		loop.WalkStmts(p.Body, func(s loop.Stmt) {
			seen[fmt.Sprintf("%T", s)] = true
			for _, e := range loop.Exprs(s) {
				loop.Walk(e, func(e loop.Expr) { seen[fmt.Sprintf("%T", e)] = true })
			}
		})
	}
	if len(seen) != 17+7 {
		t.Errorf("the programs hold %d kinds of nodes: %v", len(seen), seen)
	}
}

// TestMatmul compares the tree walk of the matmul with the plain formula.
func TestMatmul(t *testing.T) {
	p := MatmulQ4_1(4, 4)
	dims := []int64{2, 7, 64}
	r := rand.New(rand.NewPCG(1, 2))
	mem := Inputs(r, p, dims)
	W, x, y := p.Bufs[0], p.Bufs[1], p.Bufs[2]
	for i := range mem[x] {
		mem[x][i] = 0
	}
	for i := range 2 * 64 { // small integers: every order gives the same sum
		(&machine{mem: mem}).store(x, loop.MemF32, int64(i), cell{f: float64(r.IntN(9) - 4)})
	}
	for i := 0; i < len(mem[W]); i += 20 {
		(&machine{mem: mem}).store(W, loop.MemF16, int64(i), cell{f: 0.5})
		(&machine{mem: mem}).store(W, loop.MemF16, int64(i+2), cell{f: -2})
	}
	if err := Run(p, mem, dims, nil, 0, 7); err != nil {
		t.Fatal(err)
	}
	m := &machine{mem: mem}
	for row := range 2 {
		for col := range 7 {
			want := 0.0
			for k := range 64 {
				block := (col*2 + k/32) * 20
				code := mem[W][block+4+k%16] & 15
				if k%32 >= 16 {
					code = mem[W][block+4+k%16] >> 4
				}
				want += (0.5*float64(code) - 2) * m.load(x, loop.MemF32, int64(row*64+k)).f
			}
			if got := m.load(y, loop.MemF32, int64(row*7+col)).f; got != want {
				t.Errorf("y[%d, %d] = %v, want %v", row, col, got, want)
			}
		}
	}
}
