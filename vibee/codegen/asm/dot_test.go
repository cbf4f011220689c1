package asm

import (
	"fmt"
	"maps"
	"slices"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// code makes bytes of w, with tables; n is a count that all lanes share, 0 to 6.
type code func(w, n loop.Expr, table func(entries int) *loop.Buf) loop.Expr

// codes are what dots multiply.
func codes(lanes int) map[string]code {
	many := func(v int64) loop.Expr { return &loop.Splat{A: &loop.ConstInt{V: v}, N: lanes} }
	bin := func(op loop.Op, a, b loop.Expr) loop.Expr { return &loop.Binary{Op: op, A: a, B: b} }
	at := func(t *loop.Buf, index loop.Expr) loop.Expr { return &loop.Load{Buf: t, Mem: t.Elem, Index: index} }
	lookup := func(entries int, index func(w loop.Expr) loop.Expr) code {
		return func(w, _ loop.Expr, table func(int) *loop.Buf) loop.Expr { return at(table(entries), index(w)) }
	}
	return map[string]code{
		"u8":   func(w, _ loop.Expr, _ func(int) *loop.Buf) loop.Expr { return w },
		"i8":   func(w, _ loop.Expr, _ func(int) *loop.Buf) loop.Expr { return &loop.Wrap{Mem: loop.MemI8, A: w} },
		"high": func(w, _ loop.Expr, _ func(int) *loop.Buf) loop.Expr { return bin(loop.Shr, w, many(4)) },
		"low":  func(w, _ loop.Expr, _ func(int) *loop.Buf) loop.Expr { return bin(loop.And, w, many(15)) },
		"trits": func(w, _ loop.Expr, _ func(int) *loop.Buf) loop.Expr {
			return bin(loop.Sub, bin(loop.And, bin(loop.Shr, w, many(2)), many(3)), many(1))
		},
		"joined": func(w, _ loop.Expr, _ func(int) *loop.Buf) loop.Expr {
			return bin(loop.Or, bin(loop.And, w, many(15)), bin(loop.Shl, bin(loop.And, w, many(1)), many(4)))
		},
		"crossed": func(w, _ loop.Expr, _ func(int) *loop.Buf) loop.Expr {
			return bin(loop.Or, bin(loop.And, w, many(15)), bin(loop.Shl, bin(loop.And, bin(loop.Shr, w, many(6)), many(3)), many(4)))
		},
		"least": func(w, _ loop.Expr, _ func(int) *loop.Buf) loop.Expr {
			return bin(loop.Min, w, &loop.Wrap{Mem: loop.MemU8, A: bin(loop.Sub, w, many(81))})
		},
		"least_signed": func(w, _ loop.Expr, _ func(int) *loop.Buf) loop.Expr {
			return bin(loop.Min, &loop.Wrap{Mem: loop.MemI8, A: w}, many(-3))
		},
		"multiple": func(w, _ loop.Expr, _ func(int) *loop.Buf) loop.Expr {
			return bin(loop.Add, bin(loop.Mul, bin(loop.And, w, many(1)), many(3)), bin(loop.Mul, many(84), bin(loop.Shr, w, many(6))))
		},
		"most": func(w, _ loop.Expr, _ func(int) *loop.Buf) loop.Expr { return bin(loop.Max, w, many(100)) },
		"moving": func(w, n loop.Expr, _ func(int) *loop.Buf) loop.Expr {
			return bin(loop.And, bin(loop.Shr, w, &loop.Splat{A: n, N: lanes}), many(3))
		},
		"table":    lookup(16, func(w loop.Expr) loop.Expr { return bin(loop.And, bin(loop.Shr, w, many(4)), many(15)) }),
		"table20":  lookup(20, func(w loop.Expr) loop.Expr { return bin(loop.Min, w, many(19)) }),
		"table32":  lookup(32, func(w loop.Expr) loop.Expr { return bin(loop.And, w, many(31)) }),
		"table64":  lookup(64, func(w loop.Expr) loop.Expr { return bin(loop.Shr, w, many(2)) }),
		"few_of64": lookup(64, func(w loop.Expr) loop.Expr { return bin(loop.And, w, many(31)) }),
		"table100": lookup(100, func(w loop.Expr) loop.Expr { return bin(loop.Min, w, many(99)) }),
		"table128": lookup(128, func(w loop.Expr) loop.Expr { return bin(loop.And, w, many(127)) }),
		"table256": lookup(256, func(w loop.Expr) loop.Expr { return w }),
		"halves":   lookup(128, func(w loop.Expr) loop.Expr { return bin(loop.Shr, w, many(1)) }),
		"tables": func(w, _ loop.Expr, table func(int) *loop.Buf) loop.Expr { // two at one index, and one of what is left
			quarter := bin(loop.Shr, w, many(2))
			less := &loop.Wrap{Mem: loop.MemU8, A: bin(loop.Sub, w, at(table(64), quarter))}
			return bin(loop.Xor, at(table(64), quarter), at(table(32), bin(loop.And, less, many(31))))
		},
	}
}

// dots are programs whose lanes are bytes: each sums products of codes with 4 bytes of x, or as many as there are codes, in a
// fourth of the lanes. Several are added to one sum, which is read between them.
func dots() (out []*loop.Program) {
	for _, x := range []loop.Mem{loop.MemI8, loop.MemU8} {
		for _, lanes := range []int{4, 64} {
			out = append(out, dotsOf(64, x, lanes)...)
		}
	}
	return append(out, dotsOf(32, loop.MemI8, 4)...)
}

func dotsOf(wide int, x loop.Mem, lanes int) (out []*loop.Program) {
	num := func(v int64) loop.Expr { return &loop.ConstInt{V: v} }
	one := func(name string) *loop.Var { return &loop.Var{Name: name, Type: loop.Int, Lanes: 1} }
	ref := func(v *loop.Var) loop.Expr { return &loop.Ref{Var: v} }
	bin := func(op loop.Op, a, b loop.Expr) loop.Expr { return &loop.Binary{Op: op, A: a, B: b} }
	list := codes(wide)
	for _, name := range slices.Sorted(maps.Keys(list)) {
		n, row, fourth := one("N"), int64(4*wide), int64(wide/4)
		w := &loop.Buf{Name: "w", Role: loop.In, Elem: loop.MemU8, Size: bin(loop.Mul, ref(n), num(row))}
		act := &loop.Buf{Name: "x", Role: loop.In, Elem: x, Size: num(row)}
		y := &loop.Buf{Name: "y", Role: loop.Out, Elem: loop.MemI32, Size: bin(loop.Mul, ref(n), num(fourth))}
		p := &loop.Program{Name: fmt.Sprintf("dot_%s_%v_%d_%d", name, x, lanes, wide), Bufs: []*loop.Buf{w, act, y}, Dims: []*loop.Var{n},
			Lo: one("lo"), Hi: one("hi"), Work: ref(n), Grain: 1}
		table := func(entries int) *loop.Buf {
			t := &loop.Buf{Name: fmt.Sprintf("values%d", len(p.Tables)), Role: loop.Table, Elem: loop.MemU8, Size: num(int64(entries))}
			if entries == 16 {
				t.Elem = loop.MemI8
			}
			for i := range int64(entries) {
				v := (i*i + 11*i + int64(len(p.Tables))) % 256
				if t.Elem == loop.MemI8 {
					v -= 127
				}
				if i/16 == 2 { // sixteen zeros
					v = 0
				}
				t.Data = append(t.Data, v)
			}
			p.Tables = append(p.Tables, t)
			return t
		}
		i, b := one("i"), one("b")
		sumOf := func(name string) *loop.Var {
			return &loop.Var{Name: name, Type: loop.Int, Lanes: int(fourth), Mutable: true}
		}
		acc, seen, bytes := sumOf("acc"), sumOf("seen"), &loop.Var{Name: "bytes", Type: loop.Int, Lanes: wide}
		at := bin(loop.Add, bin(loop.Mul, ref(i), num(row)), bin(loop.Mul, ref(b), num(int64(wide))))
		load := &loop.Load{Buf: w, Mem: loop.MemU8, Index: at, Stride: num(1), N: wide}
		four := &loop.Load{Buf: act, Mem: x, Index: bin(loop.Mul, ref(b), num(int64(wide))), Stride: num(1), N: lanes}
		dot := &loop.Dot{A: list[name](ref(bytes), bin(loop.Mul, ref(b), num(2)), table), B: four}
		add := &loop.Set{Var: acc, Value: &loop.Wrap{Mem: loop.MemI32, A: bin(loop.Add, ref(acc), dot)}}
		p.Body = []loop.Stmt{&loop.For{Var: i, Lo: ref(p.Lo), Hi: ref(p.Hi), Step: 1, Body: []loop.Stmt{
			&loop.Def{Var: acc, Value: &loop.Splat{A: num(0), N: int(fourth)}},
			&loop.Def{Var: seen, Value: &loop.Splat{A: num(0), N: int(fourth)}},
			&loop.For{Var: b, Lo: num(0), Hi: num(4), Step: 1, Body: []loop.Stmt{
				&loop.Def{Var: bytes, Value: load}, add, add,
				&loop.If{Cond: bin(loop.Lt, ref(b), num(2)), Then: []loop.Stmt{add, &loop.Set{Var: seen, Value: ref(acc)}}},
				add, &loop.Set{Var: seen, Value: &loop.Wrap{Mem: loop.MemI32, A: bin(loop.Xor, ref(seen), ref(acc))}}, add, add, add,
			}},
			&loop.Set{Var: acc, Value: &loop.Wrap{Mem: loop.MemI32, A: bin(loop.Xor, ref(seen), ref(acc))}},
			&loop.Store{Buf: y, Mem: loop.MemI32, Index: bin(loop.Mul, ref(i), num(fourth)), Stride: num(1),
				Value: &loop.Wrap{Mem: loop.MemI32, A: bin(loop.Shr, ref(acc), &loop.Splat{A: num(2), N: int(fourth)})}},
		}}}
		out = append(out, p)
	}
	return out
}
