package asm

import (
	"fmt"
	"maps"
	"slices"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// dots are programs whose lanes are bytes: each sums products of codes with 4 or 64 bytes of x in 16 lanes.
func dots() (out []*loop.Program) {
	num := func(v int64) loop.Expr { return &loop.ConstInt{V: v} }
	many := func(v int64) loop.Expr { return &loop.Splat{A: num(v), N: 64} }
	ref := func(v *loop.Var) loop.Expr { return &loop.Ref{Var: v} }
	bin := func(op loop.Op, a, b loop.Expr) loop.Expr { return &loop.Binary{Op: op, A: a, B: b} }
	codes := map[string]func(w loop.Expr, table *loop.Buf) loop.Expr{
		"u8":   func(w loop.Expr, _ *loop.Buf) loop.Expr { return w },
		"i8":   func(w loop.Expr, _ *loop.Buf) loop.Expr { return &loop.Wrap{Mem: loop.MemI8, A: w} },
		"high": func(w loop.Expr, _ *loop.Buf) loop.Expr { return bin(loop.Shr, w, many(4)) },
		"low":  func(w loop.Expr, _ *loop.Buf) loop.Expr { return bin(loop.And, w, many(15)) },
		"trits": func(w loop.Expr, _ *loop.Buf) loop.Expr {
			return bin(loop.Sub, bin(loop.And, bin(loop.Shr, w, many(2)), many(3)), many(1))
		},
		"joined": func(w loop.Expr, _ *loop.Buf) loop.Expr {
			return bin(loop.Or, bin(loop.And, w, many(15)), bin(loop.Shl, bin(loop.And, w, many(1)), many(4)))
		},
		"crossed": func(w loop.Expr, _ *loop.Buf) loop.Expr {
			return bin(loop.Or, bin(loop.And, w, many(15)), bin(loop.Shl, bin(loop.And, bin(loop.Shr, w, many(6)), many(3)), many(4)))
		},
		"table": func(w loop.Expr, t *loop.Buf) loop.Expr {
			return &loop.Load{Buf: t, Mem: loop.MemI8, Index: bin(loop.And, bin(loop.Shr, w, many(4)), many(15))}
		},
	}
	for _, name := range slices.Sorted(maps.Keys(codes)) {
		code := codes[name]
		for _, x := range []loop.Mem{loop.MemI8, loop.MemU8} {
			for _, lanes := range []int{4, 64} {
				n := &loop.Var{Name: "N", Type: loop.Int, Lanes: 1}
				size := bin(loop.Mul, ref(n), num(256))
				w := &loop.Buf{Name: "w", Role: loop.In, Elem: loop.MemU8, Size: size}
				act := &loop.Buf{Name: "x", Role: loop.In, Elem: x, Size: num(256)}
				y := &loop.Buf{Name: "y", Role: loop.Out, Elem: loop.MemI32, Size: bin(loop.Mul, ref(n), num(16))}
				table := &loop.Buf{Name: "values", Role: loop.Table, Elem: loop.MemI8, Size: num(16)}
				for i := range int64(16) {
					table.Data = append(table.Data, i*i-127)
				}
				p := &loop.Program{Name: fmt.Sprintf("dot_%s_%v_%d", name, x, lanes), Bufs: []*loop.Buf{w, act, y}, Dims: []*loop.Var{n},
					Lo: &loop.Var{Name: "lo", Type: loop.Int, Lanes: 1}, Hi: &loop.Var{Name: "hi", Type: loop.Int, Lanes: 1},
					Work: ref(n), Grain: 1, Tables: []*loop.Buf{table}}
				i, b := &loop.Var{Name: "i", Type: loop.Int, Lanes: 1}, &loop.Var{Name: "b", Type: loop.Int, Lanes: 1}
				acc := &loop.Var{Name: "acc", Type: loop.Int, Lanes: 16, Mutable: true}
				at := bin(loop.Add, bin(loop.Mul, ref(i), num(256)), bin(loop.Mul, ref(b), num(64)))
				load := &loop.Load{Buf: w, Mem: loop.MemU8, Index: at, Stride: num(1), N: 64}
				four := &loop.Load{Buf: act, Mem: x, Index: bin(loop.Mul, ref(b), num(64)), Stride: num(1), N: lanes}
				sum := &loop.Wrap{Mem: loop.MemI32, A: bin(loop.Add, ref(acc), &loop.Dot{A: code(load, table), B: four})}
				p.Body = []loop.Stmt{&loop.For{Var: i, Lo: ref(p.Lo), Hi: ref(p.Hi), Step: 1, Body: []loop.Stmt{
					&loop.Def{Var: acc, Value: &loop.Splat{A: num(0), N: 16}},
					&loop.For{Var: b, Lo: num(0), Hi: num(4), Step: 1, Body: []loop.Stmt{&loop.Set{Var: acc, Value: sum}}},
					&loop.Store{Buf: y, Mem: loop.MemI32, Index: bin(loop.Mul, ref(i), num(16)), Stride: num(1), Value: ref(acc)},
				}}}
				out = append(out, p)
			}
		}
	}
	return out
}
