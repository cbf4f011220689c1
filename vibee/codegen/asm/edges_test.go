package asm

import (
	"encoding/binary"
	"testing"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// edge is a program that goes where memory says, and the last place that is right.
type edge struct {
	name string
	last int32
	body func(x, y *loop.Buf, at loop.Expr) []loop.Stmt
}

// edges end at the 16 elements of x and y, or at its 64 bytes.
func edges() []edge {
	num := func(v int64) loop.Expr { return &loop.ConstInt{V: v} }
	bin := func(op loop.Op, a, b loop.Expr) loop.Expr { return &loop.Binary{Op: op, A: a, B: b} }
	read := func(stride int64, n int) func(x, y *loop.Buf, at loop.Expr) []loop.Stmt {
		return func(x, y *loop.Buf, at loop.Expr) []loop.Stmt {
			l := &loop.Load{Buf: x, Mem: loop.MemF32, Index: at}
			s := &loop.Store{Buf: y, Mem: loop.MemF32, Index: num(0), Value: l}
			if n > 1 {
				l.Stride, l.N, s.Stride = num(stride), n, num(1)
			}
			return []loop.Stmt{s}
		}
	}
	return []edge{
		{"element", 15, read(0, 1)},
		{"lanes", 12, read(1, 4)},
		{"strided", 3, read(4, 4)},
		{"bytes", 60, read(0, 1)},
		{"lanes_of_bytes", 48, read(4, 4)},
		{"loop", 5, func(x, y *loop.Buf, at loop.Expr) []loop.Stmt {
			j := &loop.Var{Name: "j", Type: loop.Int, Lanes: 1}
			l := &loop.Load{Buf: x, Mem: loop.MemF32, Index: bin(loop.Add, at, bin(loop.Mul, &loop.Ref{Var: j}, num(2)))}
			return []loop.Stmt{&loop.For{Var: j, Lo: num(0), Hi: num(6), Step: 1, Body: []loop.Stmt{
				&loop.Store{Buf: y, Mem: loop.MemF32, Index: &loop.Ref{Var: j}, Value: l}}}}
		}},
		{"view", 11, func(x, y *loop.Buf, at loop.Expr) []loop.Stmt {
			v := &loop.View{Name: "v", Buf: x, Index: at, Lanes: 1, Size: 5}
			return []loop.Stmt{&loop.Open{View: v}, &loop.Store{Buf: y, Mem: loop.MemF32, Index: num(0),
				Value: &loop.Peek{View: v, Mem: loop.MemF32, Index: num(4)}}}
		}},
		{"result", 15, func(_, y *loop.Buf, at loop.Expr) []loop.Stmt {
			return []loop.Stmt{&loop.Store{Buf: y, Mem: loop.MemF32, Index: at, Value: &loop.ConstFloat{T: loop.F32, V: 1}}}
		}},
		{"quotient", 3, func(x, y *loop.Buf, at loop.Expr) []loop.Stmt { // by 0 behind it
			rest := bin(loop.And, bin(loop.Sub, num(4), at), num(255))
			return []loop.Stmt{&loop.Store{Buf: y, Mem: loop.MemF32, Index: num(0),
				Value: &loop.Convert{To: loop.F32, A: bin(loop.Div, num(100), rest)}}}
		}},
	}
}

// program reads a place of memory and goes there.
func (e edge) program(variant string) (p *loop.Program, places *loop.Buf) {
	num := func(v int64) loop.Expr { return &loop.ConstInt{V: v} }
	one := func(name string) *loop.Var { return &loop.Var{Name: name, Type: loop.Int, Lanes: 1} }
	n, w, at := one("N"), one("w"), one("at")
	x := &loop.Buf{Name: "x", Role: loop.In, Elem: loop.MemF32, Size: num(16)}
	if e.last > 16 {
		x = &loop.Buf{Name: "x", Role: loop.In, Elem: loop.MemU8, Bytes: true, Size: num(64)}
	}
	y := &loop.Buf{Name: "y", Role: loop.Out, Elem: loop.MemF32, Size: num(16)}
	places = &loop.Buf{Name: "places", Role: loop.In, Elem: loop.MemI32, Size: &loop.Ref{Var: n}}
	p = &loop.Program{Name: "edge_" + e.name + "_" + variant, Bufs: []*loop.Buf{x, y, places}, Dims: []*loop.Var{n}, Lo: one("lo"), Hi: one("hi"),
		Work: &loop.Ref{Var: n}, Grain: 1}
	body := append([]loop.Stmt{&loop.Def{Var: at, Value: &loop.Load{Buf: places, Mem: loop.MemI32, Index: &loop.Ref{Var: w}}}},
		e.body(x, y, &loop.Ref{Var: at})...)
	p.Body = []loop.Stmt{&loop.For{Var: w, Lo: &loop.Ref{Var: p.Lo}, Hi: &loop.Ref{Var: p.Hi}, Step: 1, Body: body}}
	return p, places
}

// calls go to the first place, to the last, behind it and before the first.
func (e edge) calls(t *testing.T, c call, places *loop.Buf) (list []call) {
	for _, at := range []int32{0, e.last, e.last + 1, -1} {
		c.mem = c.mem.Clone()
		c.mem[places] = binary.LittleEndian.AppendUint32(nil, uint32(at))
		walked := c
		walked.mem = c.mem.Clone()
		c.refused = walked.walk() != nil
		if at >= 0 && c.refused != (at > e.last) {
			t.Fatalf("%s: place %d is one: %t", c.p.Name, at, !c.refused)
		}
		list = append(list, c)
	}
	return list
}

// neighbours are programs that write y[(w + k) / T], which ends at H, for w below T*H: the last of a group of k + 1 items is
// inside of it, the one behind any item may be outside.
func neighbours(variant string) (list []call) {
	num := func(v int64) loop.Expr { return &loop.ConstInt{V: v} }
	one := func(name string) *loop.Var { return &loop.Var{Name: name, Type: loop.Int, Lanes: 1} }
	for _, group := range []bool{true, false} {
		T, H, w := one("T"), one("H"), one("w")
		y := &loop.Buf{Name: "y", Role: loop.Out, Elem: loop.MemF32, Size: &loop.Ref{Var: H}}
		p := &loop.Program{Name: "behind_" + variant, Bufs: []*loop.Buf{y}, Dims: []*loop.Var{T, H}, Lo: one("lo"), Hi: one("hi"), Grain: 1,
			Work: &loop.Binary{Op: loop.Mul, A: &loop.Ref{Var: T}, B: &loop.Ref{Var: H}}}
		f, k := &loop.For{Var: w, Lo: &loop.Ref{Var: p.Lo}, Hi: &loop.Ref{Var: p.Hi}, Step: 1}, num(1)
		if group {
			p.Name, f.Step, f.Whole, k = "group_"+variant, 4, true, num(3)
		}
		at := &loop.Binary{Op: loop.Div, A: &loop.Binary{Op: loop.Add, A: &loop.Ref{Var: w}, B: k}, B: &loop.Ref{Var: T}}
		f.Body = []loop.Stmt{&loop.Store{Buf: y, Mem: loop.MemF32, Index: at, Value: &loop.ConstFloat{T: loop.F32, V: 1}}}
		p.Body = []loop.Stmt{f}
		c := random(p, variant, []int64{3, 4}, 0)
		c.refused = !group
		list = append(list, c)
	}
	return list
}
