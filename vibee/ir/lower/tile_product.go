package lower

import (
	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

// tilesFor declares the tiles of the strips at hand and of n tiles of x's rows.
func (x *tiling) tilesFor(n int) (all []*loop.Tile) {
	tile := func(name string, e loop.Mem, rows, columns int) *loop.Tile {
		t := &loop.Tile{Name: x.unique(name), Elem: e, Rows: rows, Columns: columns}
		all = append(all, t)
		return t
	}
	width := x.strips[0].width()
	for _, s := range x.strips {
		var row []*loop.Tile
		for range n {
			row = append(row, tile("C", loop.MemI32, tileRows, tileRows))
		}
		x.c = append(x.c, row)
		s.b = tile("B", x.opened.Elem, width/4, 4*tileRows)
	}
	for range n {
		x.a = append(x.a, tile("A", x.strips[0].codes().mem, tileRows, width))
	}
	return all
}

// width is how many columns are multiplied at once: a whole part of those that have one scale.
func (d *dots) width() int {
	n := d.fx.Count
	if d.run > 0 {
		n = min(n, d.run)
	}
	for w := tileColumns; ; w /= 2 {
		if n%w == 0 {
			return w
		}
	}
}

// inOrder is codes of x that lie one after the other in its block.
type inOrder struct {
	mem   loop.Mem
	first int64
}

func (d *dots) codes() inOrder {
	is := func(e spec.Expr, v *spec.Index) bool {
		i, ok := e.(*spec.IndexRef)
		return ok && i.Index == v
	}
	if l, ok := d.codeX.(*spec.LetRef); ok && is(l.At[0], d.fx.Index) {
		f, ok := l.Let.Value.(*spec.FieldRef)
		if ok && !f.Tail && f.Field.Elem.Bytes == 1 && is(f.At, l.Let.Index[0]) {
			return inOrder{memOf(f.Field.Elem), int64(f.Field.Offset)}
		}
	}
	d.failf("tiles are for codes of x that lie in order, a byte each: those of %s do not", d.fx.Name)
	return inOrder{}
}

// tileOf computes n tiles of x's rows from t on.
func (x *tiling) tileOf(t sym.Poly, n int) {
	if x.bands != nil {
		x.pairTiles(t, n)
		return
	}
	d := x.strips[0]
	if d.dots.scale != nil {
		x.jam, x.dots = &jam{x.t, tileRows}, true
		x.setJammed([]string{x.m.Name, x.t.Name}, x.set, map[string]sym.Poly{x.m.Name: d.m, x.t.Name: t})
		x.jam, x.dots = nil, false
		return
	}
	x.clearTiles(n)
	x.forLoop("j", sym.Poly{}, x.poly(x.sum.Index[0].Hi).Div(sym.Const(int64(d.fx.Count))), func(j sym.Poly) {
		for i := 0; i < d.fx.Count; i += d.width() {
			for k := range n {
				x.fillX(x.a[k], x.blockAt(d.x, t.Add(sym.Const(int64(k*tileRows))), j), i)
			}
			for s := range x.strips {
				x.fillW(s, j.Scale(int64(d.fx.Count)).Add(sym.Const(int64(i))))
				for k := range n {
					x.emit(&loop.Multiply{C: x.c[s][k], A: x.a[k], B: x.strips[s].b})
				}
			}
		}
	})
	x.results(t, n, func(s int, sums loop.Expr) (sym.Poly, loop.Expr) {
		e := loop.Expr(&loop.Convert{To: loop.F32, A: sums})
		if scale := x.strips[s].scale; scale != nil {
			e = &loop.Binary{Op: loop.Mul, A: scale, B: e}
		}
		return x.strips[s].m, e
	})
}

// results stores what n tiles of x's rows from t on give for each strip: sum tells the strip's rows, and makes sums of
// what its tiles hold.
func (x *tiling) results(t sym.Poly, n int, sum func(s int, sums loop.Expr) (m sym.Poly, e loop.Expr)) {
	for s, row := range x.c {
		for k, c := range row[:n] {
			x.drain(c, s*n+k)
		}
	}
	x.forLoop("r", sym.Poly{}, sym.Const(int64(n*tileRows)), func(r sym.Poly) {
		for s := range x.c {
			m, e := sum(s, x.product(r.Add(sym.Const(int64(s*n*tileRows)))))
			x.index[x.m], x.index[x.t] = m, t.Add(r)
			x.summed[x.sum] = e
			x.store(x.bufs[x.set.Out][0], x.bufs[x.set.Out][0].Elem, x.flat(x.polys(x.set.At), x.polys(x.set.Out.Shape)), x.value(x.set.Value))
		}
	})
	delete(x.summed, x.sum)
}

// dot multiplies n columns in one block of each row of x: W's from value base + from of its block on, x's from
// value from on. The sums are those of x's rows.
func (x *tiling) dot(d *dots, base sym.Poly, from, n int) []loop.Expr {
	c, a, s := x.c[0][0], x.a[0], x.strips[0]
	x.emit(&loop.Clear{Tile: c})
	for i := from; i < from+n; i += s.width() {
		x.fillX(a, d.cx[0].base, i)
		x.fillW(0, d.first.Add(base).Add(sym.Const(int64(i))))
		x.emit(&loop.Multiply{C: c, A: a, B: s.b})
	}
	x.drain(c, 0)
	out := make([]loop.Expr, len(d.ts))
	for k := range out {
		out[k] = x.product(sym.Const(int64(k)))
	}
	return out
}

// fillX reads a tile of x: rows from the one of a block on, columns from value i of the block on.
func (x *tiling) fillX(a *loop.Tile, block sym.Poly, i int) {
	p := x.strips[0].x
	at := block.Add(sym.Const(x.strips[0].codes().first + int64(i)))
	stride := x.blockAt(p, sym.Const(1), sym.Poly{})
	x.fill(a, x.bufs[p][0], at, stride)
}

// fillW reads the codes of a strip's columns from k on.
func (x *tiling) fillW(s int, k sym.Poly) {
	at := x.strips[s].first.Add(k.Scale(tileRows))
	x.fill(x.strips[s].b, x.opened, at, sym.Const(4*tileRows))
}

func (x *tiling) fill(t *loop.Tile, b *loop.Buf, at, stride sym.Poly) {
	x.emit(&loop.Fill{Tile: t, Buf: b, Index: x.scalar(at), Stride: x.scalar(stride)})
}

// clearTiles begins the sums of n tiles of x's rows.
func (x *tiling) clearTiles(n int) {
	for _, row := range x.c {
		for _, c := range row[:n] {
			x.emit(&loop.Clear{Tile: c})
		}
	}
}

// drain writes a tile of sums, the one of a number; product reads a row.
func (x *tiling) drain(c *loop.Tile, n int) {
	x.emit(&loop.Drain{Tile: c, Buf: x.sums, Index: &loop.ConstInt{V: int64(n) * tileRows * tileRows}, Stride: &loop.ConstInt{V: tileRows}})
}

func (x *tiling) product(row sym.Poly) loop.Expr {
	return &loop.Load{Buf: x.sums, Mem: x.sums.Elem, Index: x.scalar(row.Scale(tileRows)), Stride: &loop.ConstInt{V: 1}, N: tileRows}
}
