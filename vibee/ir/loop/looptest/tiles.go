package looptest

import (
	"fmt"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// Tiles are programs of products of tiles: of all pairs of signs, of bf16, and of several shapes. Each has dim N, and for each
// item of work a product of tiles of a and b, which are two pieces long, as sums of y; every second item begins with
// the sums that are there.
func Tiles() (out []*loop.Program) {
	bytes := []loop.Mem{loop.MemU8, loop.MemI8}
	for _, a := range bytes {
		for _, b := range bytes {
			out = append(out, tiled(a, b, 16, 16, 64))
		}
	}
	for _, shape := range [][3]int{{16, 16, 32}, {16, 16, 16}, {5, 4, 8}, {1, 8, 4}} {
		out = append(out, tiled(loop.MemI8, loop.MemU8, shape[0], shape[1], shape[2]))
	}
	for _, shape := range [][3]int{{16, 16, 32}, {5, 4, 8}, {1, 8, 16}} {
		out = append(out, tiled(loop.MemBF16, loop.MemBF16, shape[0], shape[1], shape[2]))
	}
	return out
}

// tiled multiplies rows x depth of a by depth x columns of b.
func tiled(ea, eb loop.Mem, rows, columns, depth int) *loop.Program {
	n := intVar("N")
	r, c, k := int64(rows), int64(columns), int64(depth)
	sums, per := loop.MemI32, 4
	if ea == loop.MemBF16 {
		sums, per = loop.MemF32, 2
	}
	size := int64(ea.Bytes())
	aStep, yStep := 2*k*size+3, c+1 // between rows: 3 bytes, one sum
	a := &loop.Buf{Name: "a", Role: loop.In, Elem: loop.MemU8, Bytes: true, Size: mul(ref(n), num(r*aStep))}
	b := &loop.Buf{Name: "b", Role: loop.In, Elem: eb, Size: num(2 * k * c)}
	y := &loop.Buf{Name: "y", Role: loop.InOut, Elem: sums, Size: mul(ref(n), num(r*yStep))}
	lo, hi, i, j := intVar("lo"), intVar("hi"), intVar("i"), intVar("j")
	tc := &loop.Tile{Name: "C", Elem: sums, Rows: rows, Columns: columns}
	ta := &loop.Tile{Name: "A", Elem: ea, Rows: rows, Columns: depth}
	tb := &loop.Tile{Name: "B", Elem: eb, Rows: depth / per, Columns: per * columns}
	at := mul(ref(i), num(r*yStep))
	return &loop.Program{
		Name: fmt.Sprintf("tiles_%v_%v_%d_%d_%d", ea, eb, rows, columns, depth),
		Math: []string{"y[i] = a[i] b, or y[i] + a[i] b"},
		Bufs: []*loop.Buf{a, b, y}, Dims: []*loop.Var{n}, Lo: lo, Hi: hi, Work: ref(n), Grain: 1,
		Body: []loop.Stmt{&loop.Tiled{Tiles: []*loop.Tile{tc, ta, tb}, Body: []loop.Stmt{
			&loop.For{Var: i, Lo: ref(lo), Hi: ref(hi), Step: 1, Body: []loop.Stmt{
				&loop.If{Cond: bin(loop.Eq, bin(loop.Mod, ref(i), num(2)), num(0)),
					Then: []loop.Stmt{&loop.Clear{Tile: tc}},
					Else: []loop.Stmt{&loop.Fill{Tile: tc, Buf: y, Index: at, Stride: num(yStep)}}},
				loopTo(j, num(2),
					&loop.Fill{Tile: ta, Buf: a, Index: add(mul(ref(i), num(r*aStep)), mul(ref(j), num(k*size))), Stride: num(aStep)},
					&loop.Fill{Tile: tb, Buf: b, Index: mul(ref(j), num(k*c)), Stride: num(int64(per) * c)},
					&loop.Multiply{C: tc, A: ta, B: tb}),
				&loop.Drain{Tile: tc, Buf: y, Index: at, Stride: num(yStep)},
			}},
		}}},
	}
}
