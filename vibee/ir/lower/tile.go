package lower

import (
	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

// rowsOfWork is how many rows one item of work has: as many as the blocks hold side by side of the tensors
// whose rows are what is shared out.
func (b *builder) rowsOfWork(extent sym.Poly) int64 {
	rows := int64(1)
	for p, f := range b.formats {
		if b.poly(p.Shape[0]).Equal(extent) {
			rows = max(rows, int64(f.Rows))
		}
	}
	return rows
}

// tiles runs body for the rows of each item of work: in strips where the schedule's lanes are as many or a part of
// them, else one by one. Programs without a schedule have such strips where that can be.
func (b *builder) tiles(name string, rows int64, lanes int, extent sym.Poly, body func(m sym.Poly)) {
	lo, hi := b.workRange(sym.Poly{})
	end := b.leastOf("end", hi.Scale(rows), extent)
	from := lo.Scale(rows)
	plain := b.opt.Mode != Scheduled && lanes > 1
	if plain {
		lanes = int(rows)
	}
	if lanes > 1 && rows%int64(lanes) == 0 {
		whole := b.leastOf("whole", hi, extent.Div(sym.Const(rows)))
		var loopOfTiles *loop.For
		ok := b.attempt(func() {
			loE, hiE := b.scalar(lo), b.scalar(whole)
			rest := b.variable("rest", loop.Int, 1, false)
			b.push(false)
			v := b.variable("tile", loop.Int, 1, false)
			b.parts(b.atomOf(v, sym.Natural).Scale(rows), int(rows)/lanes, lanes, body)
			loopOfTiles = &loop.For{Var: v, Lo: loE, Hi: hiE, Step: 1, Whole: true, Rest: rest, Body: b.pop()}
			b.emit(loopOfTiles)
		})
		switch {
		case ok:
			from = b.atomOf(loopOfTiles.Rest, sym.Natural).Scale(rows)
		case !plain:
			b.noStrips()
		}
	}
	b.forLoop(name, from, end, body)
}

// parts runs body for n strips of rows from first on.
func (b *builder) parts(first sym.Poly, n, lanes int, body func(m sym.Poly)) {
	strip := func(m sym.Poly) {
		b.lane = &lane{lanes, len(b.blocks) - 1}
		defer func() { b.lane = nil }()
		body(m.Add(lanesOf(lanes)))
	}
	if n == 1 {
		strip(first)
		return
	}
	b.forLoop("part", sym.Poly{}, sym.Const(int64(n)), func(i sym.Poly) { strip(first.Add(i.Scale(int64(lanes)))) })
}

func (b *builder) leastOf(name string, x, y sym.Poly) sym.Poly {
	v := b.variable(name, loop.Int, 1, false)
	b.emit(&loop.Def{Var: v, Value: b.join(loop.Min, b.scalar(x), b.scalar(y))})
	return b.atomOf(v, sym.Natural)
}

// mustStrip runs f, which has no other way than by strips.
func (b *builder) mustStrip(f func()) {
	if !b.attempt(f) {
		b.noStrips()
	}
}

func (b *builder) noStrips() {
	b.failf("what lies side by side in a block can't be computed by strips of as many lanes")
}
