package asm

import (
	"encoding/binary"
	"fmt"
	"math"
	"testing"

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

// permuted gives a program that reads floats at places near each other: neighbours swapped, pairs of the same, the first
// alone, in the other order; and further apart than a register is wide, and as many as no register holds.
func permuted(variant string) (*loop.Program, looptest.Memory) {
	const lanes = 16
	num := func(v int64) loop.Expr { return &loop.ConstInt{V: v} }
	bin := func(op loop.Op, a, b loop.Expr) loop.Expr { return &loop.Binary{Op: op, A: a, B: b} }
	many := func(e loop.Expr) loop.Expr { return &loop.Splat{A: e, N: lanes} }
	by := func(op loop.Op, e loop.Expr, v int64) loop.Expr { return bin(op, e, many(num(v))) }
	iota := &loop.Iota{N: lanes}
	one := func(name string) *loop.Var { return &loop.Var{Name: name, Type: loop.Int, Lanes: 1} }
	N, w := one("N"), one("w")
	x := &loop.Buf{Name: "x", Role: loop.In, Elem: loop.MemF32, Size: num(128)}
	p := &loop.Program{Name: "permuted_" + variant, Dims: []*loop.Var{N}, Lo: one("lo"), Hi: one("hi"), Work: &loop.Ref{Var: N}, Grain: 1, Bufs: []*loop.Buf{x}}
	mem := looptest.Memory{}
	for i := range 128 {
		mem[x] = binary.LittleEndian.AppendUint32(mem[x], math.Float32bits(float32(i)))
	}
	even := by(loop.Mod, iota, 2)
	var body []loop.Stmt
	for i, at := range []loop.Expr{
		bin(loop.Sub, by(loop.Add, by(loop.Mul, by(loop.Div, iota, 2), 2), 1), even),
		by(loop.Div, iota, 2),
		by(loop.Div, iota, 16),
		bin(loop.Sub, many(num(15)), iota),
		by(loop.Mul, iota, 2),
		by(loop.Div, iota, 3),
		by(loop.And, iota, 5),
	} {
		y := &loop.Buf{Name: fmt.Sprintf("y%d", i), Role: loop.Out, Elem: loop.MemF32, Size: num(4 * lanes)}
		p.Bufs = append(p.Bufs, y)
		mem[y] = make([]byte, 4*4*lanes)
		index := bin(loop.Add, bin(loop.Add, many(bin(loop.Mul, &loop.Ref{Var: w}, num(3))), at), many(&loop.Ref{Var: w}))
		body = append(body, &loop.Store{Buf: y, Mem: loop.MemF32, Index: bin(loop.Mul, &loop.Ref{Var: w}, num(lanes)), Stride: num(1),
			Value: &loop.Load{Buf: x, Mem: loop.MemF32, Index: index}})
	}
	p.Body = []loop.Stmt{&loop.For{Var: w, Lo: &loop.Ref{Var: p.Lo}, Hi: &loop.Ref{Var: p.Hi}, Step: 1, Body: body}}
	return p, mem
}

// TestPermuted: what lies near each other is read at once, on every variant.
func TestPermuted(t *testing.T) {
	for name, s := range isas {
		p, _ := permuted(name)
		fn, _, _, err := compile(p, p.Name, s, newConstants(p.Name))
		if err != nil {
			t.Fatal(err)
		}
		count := 0
		for _, i := range fn.Instructions() {
			if i.Opcode == "VPERMPS" {
				count++
			}
		}
		parts := 16 * 4 / s.bytes
		if want := 4 * parts; count != want { // not of what is two apart, nor of six places
			t.Errorf("%s: %d permutations, want %d", name, count, want)
		}
	}
}
