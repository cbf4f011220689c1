package lower

import (
	"slices"

	"github.com/trinity-engine/trinity/vibee/ir/check"
	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

// What one tile holds: of x, as many rows as a block of W has side by side, and columns of each; of W, the codes of
// these columns. A product is then as many rows of sums, of a strip of W each.
const (
	tileRows    = 16
	tileColumns = 64
)

// tiling computes a result by products of tiles: for strips of W's rows, whose codes are opened once, and for whole
// tiles of x's rows. The rows of x that fill no tile are left to the loops of the nest.
type tiling struct {
	*builder
	set    *spec.Set
	sum    *spec.Reduce
	order  spec.Order
	m, t   *spec.Index
	opened *loop.Buf      // the codes of strips: for each four columns of a strip a row of a tile
	sums   *loop.Buf      // the products' rows
	strips []*strip       // at hand
	bands  []*band        // at hand, where products are of bf16s
	c      [][]*loop.Tile // of each strip
	a      []*loop.Tile   // of x
	dots   bool           // sums within blocks are taken of them
}

func (x *tiling) used() bool { return x != nil && x.dots }

// strip is the rows of W that lie side by side.
type strip struct {
	*dots
	b     *loop.Tile // its codes
	first sym.Poly   // where they are in opened
	scale loop.Expr  // of the whole strip, where it has one
}

// run computes what whole tiles give: of each strip as many rows of x as wholeTiles says.
func (x *tiling) run(extent sym.Poly) {
	b := x.builder
	rows := b.poly(x.t.Hi)
	b.push(true)
	lo, hi := b.workRange(sym.Poly{})
	whole := b.leastOf("whole", hi, extent.Div(sym.Const(tileRows)))
	for n := b.sched.Tile[x.m.Name] / tileRows; n > 0; n /= 2 {
		loE, hiE := b.scalar(lo), b.scalar(whole)
		rest := b.variable("rest", loop.Int, 1, false)
		b.mustStrip(func() {
			b.push(false)
			v := b.variable("tile", loop.Int, 1, false)
			b.lane = &lane{tileRows, len(b.blocks) - 1}
			defer func() { b.lane = nil }()
			if x.pairs() {
				x.bandsAt(b.atomOf(v, sym.Natural), n)
			} else {
				x.stripsAt(b.atomOf(v, sym.Natural), n)
			}
			b.emit(&loop.For{Var: v, Lo: loE, Hi: hiE, Step: int64(n), Whole: true, Rest: rest, Body: b.pop()})
		})
		lo = b.atomOf(rest, sym.Natural)
	}
	some := &loop.Binary{Op: loop.Le, A: &loop.ConstInt{V: tileRows}, B: b.scalar(rows)}
	b.emit(&loop.If{Cond: some, Then: b.pop()})
}

// wholeTiles is how many of x's rows are in whole tiles.
func wholeTiles(rows sym.Poly) sym.Poly { return rows.Div(sym.Const(tileRows)).Scale(tileRows) }

// newTiling is nil where the schedule has no tiles.
func (b *builder) newTiling(nest, parallel []string) *tiling {
	if len(b.sched.Tile) == 0 {
		return nil
	}
	x := &tiling{builder: b, set: b.body.Sets[0]}
	x.sum, x.order = b.dotted(x.set.Value)
	if len(b.body.Sets) > 1 || x.sum == nil || len(nest) != 2 || b.sched.Tile[nest[0]] == 0 || b.sched.Tile[nest[1]] == 0 || !slices.Equal(parallel, nest[:1]) {
		b.failf("tiles are for one result, a sum of products in the order blocks(k, W, x) or pairs(k, W, x), whose loops are those of W's rows, in parallel, and of x's")
	}
	for _, l := range b.body.Lets {
		if b.inside[l] > 0 {
			b.failf("tiles know nothing of the let %s inside of the nest", l.Name)
		}
	}
	x.m, x.t = indexNamed(x.set.Index, nest[0]), indexNamed(x.set.Index, nest[1])
	if b.rows != tileRows || b.stripOf(nest[0], false) != tileRows {
		b.failf("tiles are for weights of which %d rows lie side by side, and as many lanes", tileRows)
	}
	most := int64(b.sched.Tile[nest[0]])
	x.sums = &loop.Buf{Name: b.unique("sums"), Role: loop.Temp, Elem: loop.MemI32, Size: &loop.ConstInt{V: most * int64(b.sched.Tile[nest[1]])}}
	if x.pairs() {
		if !b.op.Pairs {
			b.failf("tiles add pairs in an order of their own: they need the licence `relax pairs(bf16)`")
		}
		x.sums.Elem = loop.MemF32
	} else {
		x.opened = &loop.Buf{Name: b.unique("opened"), Role: loop.Temp, Size: b.scalar(b.poly(x.sum.Index[0].Hi).Scale(most))}
		b.prog.Temps = append(b.prog.Temps, x.opened)
	}
	b.prog.Temps = append(b.prog.Temps, x.sums)
	return x
}

// pairs reports whether products are of bf16s, which lie as tiles take them.
func (x *tiling) pairs() bool { return x.order.Kind == "pairs" }

// stripsAt computes n strips, the first of that number.
func (x *tiling) stripsAt(tile sym.Poly, n int) {
	lane := lanesOf(tileRows)
	x.strips, x.c, x.a = nil, nil, nil
	for i := range n {
		x.index[x.m], x.index[x.t] = tile.Add(sym.Const(int64(i))).Scale(tileRows).Add(lane), sym.Poly{}
		s := &strip{dots: x.newDots(x.sum, x.order, nil)}
		s.first = x.poly(x.sum.Index[0].Hi).Scale(int64(i * tileRows))
		s.signed()
		x.strips = append(x.strips, s)
	}
	x.opened.Elem = x.strips[0].elem()
	for _, s := range x.strips {
		x.open(s)
	}
	most := x.sched.Tile[x.t.Name] / tileRows
	if x.strips[0].dots.scale != nil && (most > 1 || n > 1) {
		x.failf("blocks with scales are multiplied tile by tile: tile %s by 16; tile %s by 16", x.m.Name, x.t.Name)
	}
	x.emit(&loop.Tiled{Tiles: x.tilesFor(most), Body: x.rowsOfTiles(most)})
}

// signed makes codes what they mean, if that fits a byte, so that no offset is to be taken away from their products.
func (d *dots) signed() {
	r, raised := check.Range(d.aw.code), check.Range(d.code)
	if r.Lo < -128 || r.Hi > 255 || r.Lo < 0 && r.Hi > 127 || max(-r.Lo, r.Hi) > raised.Hi {
		d.failf("tiles are for codes of a byte, and %s has codes from %d to %d", d.fw.Name, r.Lo, r.Hi)
	}
	d.code, d.offset = d.aw.code, 0
}

// elem is the type of W's codes in a tile.
func (d *dots) elem() loop.Mem {
	if check.Range(d.code).Lo < 0 {
		return loop.MemI8
	}
	return loop.MemU8
}

// open writes the codes of a strip as the rows of tiles.
func (x *tiling) open(s *strip) {
	n, part := int64(s.fw.Count), int64(s.fx.Count)
	x.forLoop("b", sym.Poly{}, x.poly(x.sum.Index[0].Hi).Div(sym.Const(n)), func(b sym.Poly) {
		s.cw = x.cellOf(s.w, x.known("w", x.blockAt(s.w, s.m, b)))
		x.forLoop("j", sym.Poly{}, sym.Const(n/part), func(j sym.Poly) {
			for i := int64(0); i < part; i += 4 {
				column := j.Scale(part).Add(sym.Const(i))
				at := s.first.Add(b.Scale(n).Add(column).Scale(tileRows))
				x.emit(&loop.Store{Buf: x.opened, Mem: x.opened.Elem, Index: x.scalar(at), Stride: &loop.ConstInt{V: 1}, Value: s.fours(column)})
			}
		})
	})
	if s.dots.scale == nil {
		s.cw = x.cellOf(s.w, sym.Poly{})
		s.scale = s.ofW(s.aw.a, sym.Poly{})
	}
}

// rowsOfTiles runs over the tiles of x's rows, n at a time, then one by one.
func (x *tiling) rowsOfTiles(n int) []loop.Stmt {
	x.push(false)
	lo, hi := sym.Poly{}, x.poly(x.t.Hi)
	for ; n > 0; n /= 2 {
		step := int64(n * tileRows)
		loE, hiE := x.scalar(lo), x.scalar(hi)
		rest := x.variable("rest", loop.Int, 1, false)
		x.push(false)
		v := x.variable(x.t.Name, loop.Int, 1, false)
		x.tileOf(x.counter(v, lo, hi.Sub(sym.Const(step-1))), n)
		x.emit(&loop.For{Var: v, Lo: loE, Hi: hiE, Step: step, Whole: true, Rest: rest, Body: x.pop()})
		lo = x.atomOf(rest, sym.Interval{Lo: 0, Hi: hi.Range().Hi})
	}
	return x.pop()
}
