package lower

import (
	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

// pairColumns is how many bf16s of a row one tile holds.
const pairColumns = tileColumns / brainBytes

// band is a strip of W's rows whose blocks are tiles as they lie.
type band struct {
	*pairs
	b *loop.Tile
}

// bandsAt computes n strips, the first of that number, by products of bf16s.
func (x *tiling) bandsAt(tile sym.Poly, n int) {
	lane := lanesOf(tileRows)
	var all []*loop.Tile
	add := func(name string, e loop.Mem, columns int) *loop.Tile {
		t := &loop.Tile{Name: x.unique(name), Elem: e, Rows: tileRows, Columns: columns}
		all = append(all, t)
		return t
	}
	most := x.sched.Tile[x.t.Name] / tileRows
	x.bands, x.c, x.a = nil, nil, nil
	for i := range n {
		x.index[x.m], x.index[x.t] = tile.Add(sym.Const(int64(i))).Scale(tileRows).Add(lane), sym.Poly{}
		p := x.newPairs(x.sum, x.order, nil)
		p.asTiles(lane)
		var row []*loop.Tile
		for range most {
			row = append(row, add("C", loop.MemF32, tileRows))
		}
		x.c = append(x.c, row)
		x.bands = append(x.bands, &band{p, add("B", loop.MemBF16, pairColumns)})
	}
	for range most {
		x.a = append(x.a, add("A", loop.MemBF16, pairColumns))
	}
	x.emit(&loop.Tiled{Tiles: all, Body: x.rowsOfTiles(most)})
}

// asTiles makes sure that columns of x lie in order, and of W the words of all rows: the rows of a tile.
func (p *pairs) asTiles(lane sym.Poly) {
	j := sym.Of(&sym.Var{Name: "pair", Bounds: sym.Interval{Lo: 0, Hi: int64(p.fw.Count/2 - 1)}, Rank: lastRank})
	first := func(f, stride int64) sym.Poly { return sym.Const(f).Add(j.Scale(stride)) }
	w := first(int64(p.fw.Brains().Field.Offset), tileColumns).Add(lane.Scale(wordBytes))
	if p.fw.Rows != tileRows || p.fw.Count%pairColumns != 0 || !p.offset(p.fw, lane, j).Equal(w) {
		p.failf("tiles of bf16 are for blocks in which %d rows lie side by side, two columns after two columns: %s is none", tileRows, p.fw.Name)
	}
	if !p.offset(p.fx, sym.Poly{}, j).Equal(first(int64(p.fx.Brains().Field.Offset), wordBytes)) {
		p.failf("tiles of bf16 are for columns of x that lie in order: those of %s do not", p.fx.Name)
	}
}

// pairTiles computes n tiles of x's rows from t on.
func (x *tiling) pairTiles(t sym.Poly, n int) {
	p := x.bands[0].pairs
	x.clearTiles(n)
	x.forLoop("b", sym.Poly{}, x.poly(x.sum.Index[0].Hi).Div(sym.Const(int64(p.fw.Count))), func(block sym.Poly) {
		for i := 0; i < p.fw.Count; i += pairColumns {
			for k := range n {
				at := x.blockAt(p.x, t.Add(sym.Const(int64(k*tileRows))), block).Add(sym.Const(int64(p.fx.Brains().Field.Offset + i*brainBytes)))
				x.fill(x.a[k], x.bufs[p.x][0], at, x.blockAt(p.x, sym.Const(1), sym.Poly{}))
			}
			for s, w := range x.bands {
				at := x.blockAt(p.w, w.m, block).Add(sym.Const(int64(p.fw.Brains().Field.Offset + i/2*tileColumns)))
				x.fill(w.b, x.bufs[p.w][0], at, sym.Const(tileColumns))
				for k := range n {
					x.emit(&loop.Multiply{C: x.c[s][k], A: x.a[k], B: w.b})
				}
			}
		}
	})
	x.results(t, n, func(s int, sums loop.Expr) (sym.Poly, loop.Expr) { return x.bands[s].m, sums })
}
