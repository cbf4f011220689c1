package asm

import (
	"fmt"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/loop/looptest"
)

// byFours gives a program that reads bytes by fours, and at indices that look like it, in 64 lanes: one with another
// remainder, one with another divisor, one whose stride is less than four.
func byFours(variant string) (*loop.Program, looptest.Memory) {
	const lanes, stride = 64, 7
	num := func(v int64) loop.Expr { return &loop.ConstInt{V: v} }
	bin := func(op loop.Op, a, b loop.Expr) loop.Expr { return &loop.Binary{Op: op, A: a, B: b} }
	many := func(e loop.Expr) loop.Expr { return &loop.Splat{A: e, N: lanes} }
	iota := &loop.Iota{N: lanes}
	one := func(name string) *loop.Var { return &loop.Var{Name: name, Type: loop.Int, Lanes: 1} }
	N, w := one("N"), one("w")
	x := &loop.Buf{Name: "x", Role: loop.In, Elem: loop.MemU8, Size: num(1024)}
	p := &loop.Program{Name: "fours_" + variant, Dims: []*loop.Var{N}, Lo: one("lo"), Hi: one("hi"), Work: &loop.Ref{Var: N}, Grain: 1, Bufs: []*loop.Buf{x}}
	mem := looptest.Memory{}
	for i := range 1024 {
		mem[x] = append(mem[x], byte(i*37>>2))
	}
	var body []loop.Stmt
	for i, s := range []struct{ mod, div, stride int64 }{{4, 4, stride}, {8, 4, stride}, {4, 8, stride}, {4, 4, 3}} {
		y := &loop.Buf{Name: fmt.Sprintf("y%d", i), Role: loop.Out, Elem: loop.MemU8, Size: num(4 * lanes)}
		p.Bufs = append(p.Bufs, y)
		mem[y] = make([]byte, 4*lanes)
		rows := bin(loop.Mul, bin(loop.Div, iota, many(num(s.div))), many(num(s.stride)))
		index := bin(loop.Add, bin(loop.Add, rows, bin(loop.Mod, iota, many(num(s.mod)))), many(bin(loop.Mul, &loop.Ref{Var: w}, num(5))))
		body = append(body, &loop.Store{Buf: y, Mem: loop.MemU8, Index: bin(loop.Mul, &loop.Ref{Var: w}, num(lanes)), Stride: num(1),
			Value: &loop.Load{Buf: x, Mem: loop.MemU8, Index: index}})
	}
	p.Body = []loop.Stmt{&loop.For{Var: w, Lo: &loop.Ref{Var: p.Lo}, Hi: &loop.Ref{Var: p.Hi}, Step: 1, Body: body}}
	return p, mem
}
