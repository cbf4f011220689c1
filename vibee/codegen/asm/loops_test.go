package asm

import (
	"fmt"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// loops counts turns up to each item's number: of every step, whole ones alone or not, from 0 and 2, known before or not.
func loops(variant string) *loop.Program {
	num := func(v int64) loop.Expr { return &loop.ConstInt{V: v} }
	one := func(name string) *loop.Var { return &loop.Var{Name: name, Type: loop.Int, Lanes: 1} }
	ref := func(v *loop.Var) loop.Expr { return &loop.Ref{Var: v} }
	bin := func(op loop.Op, a, b loop.Expr) loop.Expr { return &loop.Binary{Op: op, A: a, B: b} }
	n, w := one("N"), one("w")
	y := &loop.Buf{Name: "y", Role: loop.Out, Elem: loop.MemI64, Size: bin(loop.Mul, ref(n), num(1024))}
	p := &loop.Program{Name: "loops_" + variant, Bufs: []*loop.Buf{y}, Dims: []*loop.Var{n}, Lo: one("lo"), Hi: one("hi"), Work: ref(n), Grain: 1}
	var body []loop.Stmt
	place := int64(0)
	put := func(from int64, i loop.Expr, v loop.Expr) loop.Stmt {
		at := bin(loop.Add, bin(loop.Mul, ref(w), num(1024)), bin(loop.Add, i, num(from)))
		return &loop.Store{Buf: y, Mem: loop.MemI64, Index: at, Value: v}
	}
	for _, hi := range []loop.Expr{ref(w), num(0), num(5)} {
		for _, lo := range []int64{0, 2} {
			for step := int64(1); step <= 3; step++ {
				for _, whole := range []bool{false, true} {
					i, rest := one(fmt.Sprint("i", place)), one(fmt.Sprint("rest", place))
					_, known := hi.(*loop.ConstInt)
					l := &loop.For{Var: i, Lo: num(lo), Hi: hi, Step: step, Whole: whole, Unroll: known}
					l.Body = []loop.Stmt{put(place, ref(i), bin(loop.Add, ref(i), num(1)))}
					body = append(body, l)
					if whole {
						l.Rest = rest
						body = append(body, put(place+20, num(0), ref(rest)))
					}
					place += 21
				}
			}
		}
	}
	p.Body = []loop.Stmt{&loop.For{Var: w, Lo: ref(p.Lo), Hi: ref(p.Hi), Step: 1, Body: body}}
	return p
}
