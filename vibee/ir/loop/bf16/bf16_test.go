package bf16_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/loop/bf16"
	"github.com/trinity-engine/trinity/vibee/ir/loop/looptest"
)

// TestExpand runs random programs, and with products and sums in the place of pairs.
func TestExpand(t *testing.T) {
	held := 0
	for seed := range uint64(400) {
		p := looptest.Random(rand.New(rand.NewPCG(seed, 3)), fmt.Sprintf("p%d", seed))
		q := bf16.Expand(p)
		if err := loop.Verify(q); err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, loop.Print(q))
		}
		if left := count(q); left > 0 {
			t.Errorf("seed %d: %d pairs are left", seed, left)
		}
		if count(p) == 0 {
			if p != q {
				t.Errorf("seed %d: a program without pairs is another now", seed)
			}
			continue
		}
		held++
		dims, scalars := []int64{4}, []float32{1e-5}
		before := looptest.Inputs(rand.New(rand.NewPCG(seed, 2)), p, dims)
		want, got := before.Clone(), before.Clone()
		if err := looptest.Run(p, want, dims, scalars, 0, 3); err != nil {
			t.Fatal(err)
		}
		if err := looptest.Run(q, got, dims, scalars, 0, 3); err != nil {
			t.Fatal(err)
		}
		for _, b := range p.Bufs {
			if at := looptest.Differs(b, want[b], got[b]); at >= 0 {
				t.Errorf("seed %d: %s[%d] differs\n%s", seed, b.Name, at, loop.Print(p))
			}
		}
	}
	if held < 20 {
		t.Errorf("only %d programs hold pairs", held)
	}
}

func count(p *loop.Program) (n int) {
	loop.WalkStmts(p.Body, func(s loop.Stmt) {
		for _, e := range loop.Exprs(s) {
			loop.Walk(e, func(e loop.Expr) {
				if _, ok := e.(*loop.Pairs); ok {
					n++
				}
			})
		}
	})
	return n
}

// TestOrder: the second of two columns is added first: 1 is lost in 2^24 before that is taken away again, and is not where it was less by that first.
func TestOrder(t *testing.T) {
	large, one := brain(0x1p12), brain(1)
	for _, c := range []struct {
		a, b loop.Expr
		want float32
	}{
		{pair(-0x1p24, 0x1p12), &loop.ConstInt{V: one | large<<16}, 0},
		{pair(0x1p12, -0x1p24), &loop.ConstInt{V: large | one<<16}, 1},
		{pair(2, 3), pair(5, 7), 1 + 10 + 21},
		{pair(0x1p-70, 0), pair(0x1p-79, 0), 1},
	} {
		p, y := stored(&loop.Pairs{Sum: &loop.ConstFloat{T: loop.F32, V: 1}, A: c.a, B: c.b})
		mem := looptest.Memory{y: make([]byte, 4)}
		if err := looptest.Run(bf16.Expand(p), mem, []int64{1}, nil, 0, 1); err != nil {
			t.Fatal(err)
		}
		if got := math.Float32frombits(binary.LittleEndian.Uint32(mem[y])); got != c.want {
			t.Errorf("%s = %v, want %v", loop.Text(c.a), got, c.want)
		}
	}
}

// brain is the bits of a bf16, pair a word of two.
func brain(f float32) int64 { return int64(math.Float32bits(f) >> 16) }

func pair(first, second float32) loop.Expr {
	return &loop.ConstInt{V: brain(first) | brain(second)<<16}
}

// stored is a program that keeps a value.
func stored(value loop.Expr) (*loop.Program, *loop.Buf) {
	y := &loop.Buf{Name: "y", Role: loop.Out, Elem: loop.MemF32, Size: &loop.ConstInt{V: 1}}
	integer := func(name string) *loop.Var { return &loop.Var{Name: name, Type: loop.Int, Lanes: 1} }
	n := integer("N")
	return &loop.Program{Name: "stored", Bufs: []*loop.Buf{y}, Dims: []*loop.Var{n}, Lo: integer("lo"), Hi: integer("hi"), Work: &loop.Ref{Var: n}, Grain: 1,
		Body: []loop.Stmt{&loop.Store{Buf: y, Mem: loop.MemF32, Index: &loop.ConstInt{}, Value: value}}}, y
}

// TestOpenedOnce: words in a variable are opened where it is defined, once for all who multiply them.
func TestOpenedOnce(t *testing.T) {
	n := &loop.Var{Name: "N", Type: loop.Int, Lanes: 1}
	lo, hi, w := &loop.Var{Name: "lo", Type: loop.Int, Lanes: 1}, &loop.Var{Name: "hi", Type: loop.Int, Lanes: 1}, &loop.Var{Name: "w", Type: loop.Int, Lanes: 4}
	x := &loop.Buf{Name: "x", Role: loop.In, Elem: loop.MemU32, Size: &loop.ConstInt{V: 8}}
	y := &loop.Buf{Name: "y", Role: loop.Out, Elem: loop.MemF32, Size: &loop.ConstInt{V: 8}}
	one := &loop.ConstInt{V: 1}
	body := []loop.Stmt{&loop.Def{Var: w, Value: &loop.Load{Buf: x, Mem: loop.MemU32, Index: &loop.ConstInt{}, Stride: one, N: 4}}}
	for i := range int64(2) {
		sum := &loop.Splat{A: &loop.ConstFloat{T: loop.F32, V: float64(i)}, N: 4}
		dot := &loop.Pairs{Sum: sum, A: &loop.Ref{Var: w}, B: &loop.Ref{Var: w}}
		body = append(body, &loop.Store{Buf: y, Mem: loop.MemF32, Index: &loop.ConstInt{V: 4 * i}, Stride: one, Value: dot})
	}
	p := &loop.Program{Name: "twice", Bufs: []*loop.Buf{x, y}, Dims: []*loop.Var{n}, Lo: lo, Hi: hi, Work: &loop.Ref{Var: n}, Grain: 1, Body: body}
	if err := loop.Verify(p); err != nil {
		t.Fatal(err)
	}
	bits := 0
	loop.WalkStmts(bf16.Expand(p).Body, func(s loop.Stmt) {
		for _, e := range loop.Exprs(s) {
			loop.Walk(e, func(e loop.Expr) {
				if _, ok := e.(*loop.Bits); ok {
					bits++
				}
			})
		}
	})
	if bits != 2 {
		t.Errorf("words are opened by %d expressions, not by 2", bits)
	}
}
