package asm

import (
	"fmt"
	"slices"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// registers wants more values at once than there are registers, of memory that changes meanwhile; and it hands sums
// from turn to turn, of which the old one is stored before that, or the new one after.
func registers(variant string) *loop.Program {
	num := func(v int64) loop.Expr { return &loop.ConstInt{V: v} }
	one := func(name string) *loop.Var { return &loop.Var{Name: name, Type: loop.Int, Lanes: 1} }
	float := func(name string) *loop.Var { return &loop.Var{Name: name, Type: loop.F32, Lanes: 1} }
	ref := func(v *loop.Var) loop.Expr { return &loop.Ref{Var: v} }
	n, w := one("N"), one("w")
	buf := func(name string, role loop.Role) *loop.Buf {
		return &loop.Buf{Name: name, Role: role, Elem: loop.MemF32, Size: &loop.Binary{Op: loop.Mul, A: ref(n), B: num(64)}}
	}
	x, y, copies, before, after := buf("x", loop.In), buf("y", loop.InOut), buf("copies", loop.Out), buf("before", loop.Out), buf("after", loop.Out)
	p := &loop.Program{Name: "registers_" + variant, Bufs: []*loop.Buf{x, y, copies, before, after}, Dims: []*loop.Var{n}, Lo: one("lo"), Hi: one("hi"),
		Work: ref(n), Grain: 1}
	at := func(i loop.Expr) loop.Expr {
		return &loop.Binary{Op: loop.Add, A: &loop.Binary{Op: loop.Mul, A: ref(w), B: num(64)}, B: i}
	}
	load := func(b *loop.Buf, i loop.Expr) loop.Expr { return &loop.Load{Buf: b, Mem: loop.MemF32, Index: at(i)} }
	store := func(b *loop.Buf, i, v loop.Expr) loop.Stmt {
		return &loop.Store{Buf: b, Mem: loop.MemF32, Index: at(i), Value: v}
	}
	var loads, changes, stores []loop.Stmt
	for k := range int64(40) {
		v := float(fmt.Sprint("v", k))
		loads = append(loads, &loop.Def{Var: v, Value: load(y, num(k))})
		changes = append(changes, store(y, num(k), load(x, num(k))))
		stores = append(stores, store(copies, num(k), ref(v)))
	}
	sums := func(name string, turn func(old, next *loop.Var, i loop.Expr) []loop.Stmt) []loop.Stmt {
		old, next, i := float("old_"+name), float("next_"+name), one("i_"+name)
		old.Mutable = true
		sum := &loop.Def{Var: next, Value: &loop.Binary{Op: loop.Add, A: ref(old), B: load(x, ref(i))}}
		return []loop.Stmt{&loop.Def{Var: old, Value: &loop.ConstFloat{T: loop.F32, V: 1}},
			&loop.For{Var: i, Lo: num(0), Hi: num(9), Step: 1, Body: append([]loop.Stmt{sum}, turn(old, next, ref(i))...)}}
	}
	body := slices.Concat(loads, changes, stores,
		sums("before", func(old, next *loop.Var, i loop.Expr) []loop.Stmt {
			return []loop.Stmt{store(before, i, ref(old)), &loop.Set{Var: old, Value: ref(next)}}
		}),
		sums("after", func(old, next *loop.Var, i loop.Expr) []loop.Stmt {
			return []loop.Stmt{&loop.Set{Var: old, Value: ref(next)}, store(after, i, ref(next))}
		}))
	p.Body = []loop.Stmt{&loop.For{Var: w, Lo: ref(p.Lo), Hi: ref(p.Hi), Step: 1, Body: body}}
	return p
}
