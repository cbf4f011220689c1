package bytecode

import (
	"math/rand/v2"
	"testing"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/vm"
)

// TestEdges takes what random programs seldom hold.
func TestEdges(t *testing.T) {
	var m vm.Machine
	for _, p := range []*loop.Program{foldedShift(), earlierValue()} {
		agree(t, &m, p, rand.New(rand.NewPCG(1, 1)), nil, nil, 1, 1)
	}
}

func edge(name string, out loop.Mem, body func(y *loop.Buf) []loop.Stmt) *loop.Program {
	bound := func(name string) *loop.Var { return &loop.Var{Name: name, Type: loop.Int, Lanes: 1} }
	y := &loop.Buf{Name: "y", Role: loop.InOut, Elem: out, Size: num(8)}
	return &loop.Program{Name: name, Grain: 1, Lo: bound("lo"), Hi: bound("hi"), Work: num(1), Bufs: []*loop.Buf{y}, Body: body(y)}
}

// foldedShift shifts constants: the sign bit moves as any other.
func foldedShift() *loop.Program {
	return edge("folded_shift", loop.MemI64, func(y *loop.Buf) (out []loop.Stmt) {
		for i, v := range []int64{-1, -8, 1 << 62, 7} {
			for j, op := range []loop.Op{loop.Shr, loop.Shl} {
				value := &loop.Binary{Op: op, A: num(v), B: num(2)}
				out = append(out, &loop.Store{Buf: y, Mem: y.Elem, Index: num(int64(2*i + j)), Value: value})
			}
		}
		return out
	})
}

// earlierValue reads a variable, changes it, and uses what was read.
func earlierValue() *loop.Program {
	return edge("earlier_value", loop.MemF32, func(y *loop.Buf) []loop.Stmt {
		load := func(i int64) loop.Expr { return &loop.Load{Buf: y, Mem: y.Elem, Index: num(i)} }
		v := &loop.Var{Name: "v", Type: loop.F32, Lanes: 1, Mutable: true}
		before := &loop.Var{Name: "before", Type: loop.F32, Lanes: 1}
		return []loop.Stmt{
			&loop.Def{Var: v, Value: load(1)},
			&loop.Def{Var: before, Value: ref(v)},
			&loop.Set{Var: v, Value: load(2)},
			&loop.Store{Buf: y, Mem: y.Elem, Index: num(0), Value: ref(before)},
			&loop.Store{Buf: y, Mem: y.Elem, Index: num(3), Value: ref(v)},
		}
	})
}
