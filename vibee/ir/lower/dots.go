package lower

import (
	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

// dots are sums over k of W[m, k]*x[t, k], both in blocks: integer dots of codes, which are exact in any
// order, over runs in which all scales are constant. A block of x spans one run of W's or more, or lies in
// one; the scale of the shorter is multiplied first:
//
//	part = part + d*(dot - offset*sum),  acc = (acc + A*part) + B*part of sums
//
// Where neither has a scale in its blocks, integers are summed over the whole row: A*(dot - offset*sum).
type dots struct {
	*builder
	w, x   *spec.Param
	fw, fx *spec.Format
	aw     affine
	scale  spec.Expr // of x
	codeX  spec.Expr
	code   spec.Expr // of W, not negative
	offset int64     // to be taken from code
	lanes  int       // rows of W
	run    int       // values of a block of W with one scale and offset; 0: the whole row has one
	placed bool      // bits of W's bytes are multiplied where they lie
	shift  int64     // by which the codes at hand lie higher

	tiling *tiling // whose tiles give the products; nil: none

	m      sym.Poly
	ts     []sym.Poly // rows of x
	first  sym.Poly   // value of the block of W at hand
	cw     *cell
	cx     []*cell
	acc    []*loop.Var // of each row of x
	part   []*loop.Var
	addend []*loop.Var // parts of sums, for B
	once   []loop.Expr // the only part, and the only one of sums, of a run that is one block of x
	added  []loop.Expr
}

// dotSums gives the sum for x's row, or for all values of the jam's index v.
func (b *builder) dotSums(r *spec.Reduce, o spec.Order, v *spec.Index) []loop.Expr {
	d := b.newDots(r, o, v)
	saved, index := b.cell, clone(b.index)
	defer func() { b.cell, b.index = saved, index }()
	nw, nx := d.fw.Count, d.fx.Count
	blocks := d.poly(r.Index[0].Hi).Div(sym.Const(int64(nw)))
	if d.scale == nil {
		return d.wholeRow(r, blocks)
	}
	if d.run == 0 {
		d.open()
	} else {
		d.acc = d.floats("acc", d.lanes)
	}
	b.forLoop("b", sym.Poly{}, blocks, func(j sym.Poly) {
		d.cw, d.first = b.cellOf(d.w, b.known("w", b.blockAt(d.w, d.m, j))), j.Scale(int64(nw))
		switch {
		case d.run == 0:
			b.forLoop("j", sym.Poly{}, sym.Const(int64(nw/nx)), func(i sym.Poly) { d.block(j, i, nx) })
		case d.run >= nx:
			b.forLoop("s", sym.Poly{}, sym.Const(int64(nw/d.run)), func(s sym.Poly) {
				per := int64(d.run / nx)
				if per == 1 {
					d.only(j, s, nx)
				} else {
					d.open()
					b.forLoop("j", sym.Poly{}, sym.Const(per), func(i sym.Poly) { d.block(j, s.Scale(per).Add(i), nx) })
				}
				d.close(s.Scale(int64(d.run)))
			})
		default:
			b.forLoop("j", sym.Poly{}, sym.Const(int64(nw/nx)), func(i sym.Poly) { d.runs(j, i) })
		}
	})
	if d.run == 0 {
		d.acc = d.floats("acc", d.lanes)
		d.cw = b.cellOf(d.w, sym.Poly{})
		b.push(true)
		d.close(sym.Poly{})
		some := &loop.Binary{Op: loop.Lt, A: &loop.ConstInt{}, B: b.scalar(blocks)} // else a sum of nothing would be scaled
		b.emit(&loop.If{Cond: some, Then: b.pop()})
	}
	out := make([]loop.Expr, len(d.ts))
	for i, a := range d.acc {
		out[i] = &loop.Ref{Var: a}
	}
	return out
}

func (b *builder) newDots(r *spec.Reduce, o spec.Order, v *spec.Index) *dots {
	ref, other := b.factors(r, o.Weight)
	x, ok := other.(*spec.WeightRef)
	aw, okW := affineOf(b.formats[o.Weight])
	ax, okX := affineOf(b.formats[o.With])
	if !ok || x.Param != o.With || !okW || !okX || ax.b != nil {
		b.failf("blocks(%s, %s, %s) is for a sum of products of the two, the second codes, or a scale times them", r.Index[0].Name, o.Weight.Name, o.With.Name)
	}
	d := &dots{builder: b, w: o.Weight, x: o.With, fw: b.formats[o.Weight], fx: b.formats[o.With], aw: aw, scale: ax.a, codeX: ax.code, lanes: b.lanes()}
	d.code, d.offset = natural(aw.code)
	d.m = b.poly(ref.At[0])
	if d.fw.Count%d.fx.Count != 0 {
		b.failf("a block of %s has %d values, which are no whole blocks of %s: those have %d", d.fw.Name, d.fw.Count, d.fx.Name, d.fx.Count)
	}
	if d.fx.Sums == nil {
		b.failf("format %s keeps no sums of its codes, by which the offset of %s is taken away: sums s by N", d.fx.Name, d.fw.Name)
	}
	d.run = d.runLength()
	if b.tiling.used() {
		d.tiling = b.tiling
		d.signed()
	}
	d.ts = b.jammed(x.At[0], v)
	return d
}

// natural takes a code apart as what is not negative, less a constant.
func natural(code spec.Expr) (spec.Expr, int64) {
	if s, ok := code.(*spec.Binary); ok && s.Op == "-" {
		if c, ok := s.B.(*spec.IntLit); ok {
			return s.A, c.V
		}
	}
	return code, 0
}

// runLength is how long scale and offset stay the same inside of a block of W; 0 where they read none of
// its fields.
func (d *dots) runLength() int {
	reads := false
	for _, e := range []spec.Expr{d.aw.a, d.aw.b} {
		if e != nil {
			eachPart(e, func(e spec.Expr) {
				f, ok := e.(*spec.FieldRef)
				reads = reads || ok && !f.Tail
			})
		}
	}
	if !reads {
		return 0
	}
	saved := clone(d.index)
	defer func() { d.index = saved }()
	if d.fw.Row != nil {
		d.index[d.fw.Row] = sym.Poly{}
	}
	key := func(i int) (s string) {
		d.index[d.fw.Index] = sym.Const(int64(i))
		for _, e := range []spec.Expr{d.aw.a, d.aw.b} {
			d.codeParts(e, func(e spec.Expr, _ bool) { s += d.poly(e).String() + ";" })
		}
		return s
	}
	run := d.fw.Count
	for start := 0; start < d.fw.Count; start += run {
		first := key(start)
		for i := start; i < start+run; i++ {
			for key(i) != first {
				run /= 2
				if i >= start+run {
					break
				}
			}
		}
	}
	return run
}

// floats declares a sum for each row of x.
func (d *dots) floats(name string, lanes int) []*loop.Var {
	out := make([]*loop.Var, len(d.ts))
	for i := range out {
		out[i] = d.variable(name, loop.F32, lanes, true)
		d.emit(&loop.Def{Var: out[i], Value: spread(zero(loop.F32), lanes)})
	}
	return out
}

func (d *dots) open() {
	d.part = d.floats("part", d.lanes)
	if d.aw.b != nil {
		d.addend = d.floats("sums", 1)
	}
}

// rowsOfX finds block i of each row of x, counted from W's block j.
func (d *dots) rowsOfX(j, i sym.Poly) {
	at := j.Scale(int64(d.fw.Count / d.fx.Count)).Add(i)
	d.cx = nil
	for _, t := range d.ts {
		d.cx = append(d.cx, d.cellOf(d.x, d.known("x", d.blockAt(d.x, t, at))))
	}
}

// block adds d*dot of one block of x, which lies within a run.
func (d *dots) block(j, i sym.Poly, n int) {
	d.scaled(j, i, n, func(k int, part, sum loop.Expr) {
		d.add(d.part[k], part)
		if sum != nil {
			d.add(d.addend[k], sum)
		}
	})
}

// only is block where the run has no other.
func (d *dots) only(j, i sym.Poly, n int) {
	d.once, d.added = make([]loop.Expr, len(d.ts)), make([]loop.Expr, len(d.ts))
	d.scaled(j, i, n, func(k int, part, sum loop.Expr) { d.once[k], d.added[k] = part, sum })
}

// scaled gives d*dot of one block of each row of x, and d*sum for B, to add.
func (d *dots) scaled(j, i sym.Poly, n int, add func(k int, part, sum loop.Expr)) {
	d.rowsOfX(j, i)
	dot := d.dot(i.Scale(int64(n)), 0, n)
	for k := range d.ts {
		scale := d.ofX(k, func() loop.Expr { return d.value(d.scale) })
		part := &loop.Binary{Op: loop.Mul, A: spread(scale, d.lanes), B: float(dot[k])}
		var sum loop.Expr
		if values := d.fx.ValueSums(n); d.aw.b == nil {
		} else if values != nil {
			sum = d.element(k, values, 0)
		} else {
			sum = &loop.Binary{Op: loop.Mul, A: scale, B: &loop.Convert{To: loop.F32, A: d.sum(k, 0, n)}}
		}
		add(k, part, sum)
	}
}

// runs adds the runs that one block of x spans.
func (d *dots) runs(j, i sym.Poly) {
	d.rowsOfX(j, i)
	d.part = make([]*loop.Var, len(d.ts))
	for s := 0; s < d.fx.Count; s += d.run {
		at := i.Scale(int64(d.fx.Count)).Add(sym.Const(int64(s)))
		dot := d.dot(i.Scale(int64(d.fx.Count)), s, d.run)
		scale, offset := d.ofW(d.aw.a, at), d.ofW(d.aw.b, at)
		for k := range d.ts {
			part := &loop.Binary{Op: loop.Mul, A: scale, B: float(dot[k])}
			if s == 0 {
				d.part[k] = d.variable("part", loop.F32, d.lanes, true)
				d.emit(&loop.Def{Var: d.part[k], Value: part})
			} else {
				d.add(d.part[k], part)
			}
			if offset != nil {
				sum := &loop.Convert{To: loop.F32, A: d.sum(k, s, d.run)}
				d.add(d.part[k], &loop.Binary{Op: loop.Mul, A: offset, B: spread(sum, d.lanes)})
			}
		}
	}
	for k := range d.ts {
		scale := d.ofX(k, func() loop.Expr { return d.value(d.scale) })
		d.add(d.acc[k], &loop.Binary{Op: loop.Mul, A: spread(scale, d.lanes), B: &loop.Ref{Var: d.part[k]}})
	}
}

// close ends a run of W that begins at value at: acc = (acc + A*part) + B*sums.
func (d *dots) close(at sym.Poly) {
	scale, offset := d.ofW(d.aw.a, at), d.ofW(d.aw.b, at)
	for k := range d.ts {
		var part, sums loop.Expr
		if d.once != nil {
			part, sums = d.once[k], d.added[k]
		} else {
			part = &loop.Ref{Var: d.part[k]}
			if offset != nil {
				sums = &loop.Ref{Var: d.addend[k]}
			}
		}
		d.add(d.acc[k], &loop.Binary{Op: loop.Mul, A: scale, B: part})
		if offset != nil {
			d.add(d.acc[k], &loop.Binary{Op: loop.Mul, A: offset, B: spread(sums, d.lanes)})
		}
	}
	d.once, d.added = nil, nil
}

func (d *dots) add(acc *loop.Var, e loop.Expr) {
	d.emit(&loop.Set{Var: acc, Value: &loop.Binary{Op: loop.Add, A: &loop.Ref{Var: acc}, B: e}})
}

// ofW is A or B at a value of W's block, for each of the rows.
func (d *dots) ofW(e spec.Expr, at sym.Poly) loop.Expr {
	if e == nil {
		return nil
	}
	d.cell = d.cw
	d.index[d.fw.Index] = at
	if d.fw.Row != nil {
		d.index[d.fw.Row] = d.m.Mod(sym.Const(int64(d.fw.Rows)))
	}
	return spread(d.define("a", d.value(e)), d.lanes)
}

// ofX computes f in the block of row k of x.
func (d *dots) ofX(k int, f func() loop.Expr) loop.Expr {
	lane := d.lane
	d.lane, d.cell = nil, d.cx[k]
	d.index[d.fx.Index] = sym.Poly{}
	e := f()
	d.lane = lane
	return e
}

// float is a dot of codes as it is scaled.
func float(dot loop.Expr) loop.Expr { return &loop.Convert{To: loop.F32, A: dot} }

// integer declares a sum of integers.
func (d *dots) integer(name string, first loop.Expr) *loop.Var {
	v := d.variable(name, loop.Int, first.Lanes(), true)
	d.emit(&loop.Def{Var: v, Value: first})
	return v
}

func (d *dots) addInteger(v *loop.Var, e loop.Expr) {
	sum := &loop.Binary{Op: loop.Add, A: &loop.Ref{Var: v}, B: e}
	d.emit(&loop.Set{Var: v, Value: &loop.Wrap{Mem: loop.MemI32, A: sum}})
}

// dot sums the products of n codes: of W's block from value base + from on, of x's blocks from value from on.
// It begins with what takes the offset of W's codes away.
func (d *dots) dot(base sym.Poly, from, n int) []loop.Expr {
	if d.tiling != nil {
		return d.tiling.dot(d, base, from, n)
	}
	out := make([]*loop.Var, len(d.ts))
	for k := range out {
		out[k] = d.integer("dot", d.start(k, from, n))
	}
	d.products(base, from, n, func(k, _ int, e loop.Expr) { d.addInteger(out[k], e) })
	sums := make([]loop.Expr, len(out))
	for k, v := range out {
		sums[k] = &loop.Ref{Var: v}
	}
	return sums
}

// products gives the products of n codes to add, of row k of x those of the columns from i on.
func (d *dots) products(base sym.Poly, from, n int, add func(k, i int, e loop.Expr)) {
	if d.lanes == 1 {
		d.forLoop("i", sym.Poly{}, sym.Const(int64(n)), func(i sym.Poly) {
			at := i.Add(sym.Const(int64(from)))
			code := d.define("c", d.ofW(d.code, base.Add(at)))
			for k := range d.ts {
				q := d.ofX(k, func() loop.Expr {
					d.index[d.fx.Index] = at
					return d.value(d.codeX)
				})
				add(k, from, &loop.Binary{Op: loop.Mul, A: code, B: q})
			}
		})
		return
	}
	for i := from; i < from+n; i += 4 {
		code := d.fours(base.Add(sym.Const(int64(i))))
		for k := range d.ts {
			q := d.ofX(k, func() loop.Expr {
				d.lane = &lane{4, len(d.blocks) - 1}
				d.index[d.fx.Index] = sym.Const(int64(i)).Add(lanesOf(4))
				return d.value(d.codeX)
			})
			add(k, i, &loop.Dot{A: code, B: q})
		}
	}
}

// fours gives the codes of four columns of all rows, a row's side by side: lane 4r + j is column j of row r.
func (d *dots) fours(at sym.Poly) loop.Expr {
	saved := d.lane
	d.lane = &lane{4 * saved.n, saved.depth}
	d.cell = d.cw
	d.atColumns(at, saved.n)
	code := d.define("c", d.columns())
	d.lane = saved
	if code.Lanes() != 4*saved.n {
		panic(noStrip{})
	}
	return code
}

// atColumns sets the index of W's block to four columns from at on, of so many rows: those of the strip.
func (d *dots) atColumns(at sym.Poly, rows int) {
	d.index[d.fw.Index] = at.Add(sym.Of(&sym.Var{Name: columnKey, Bounds: sym.Interval{Lo: 0, Hi: 3}, Rank: lastRank}))
	_, first, _ := d.m.Mod(sym.Const(int64(d.fw.Rows))).Linear(laneKey)
	d.index[d.fw.Row] = first.Add(sym.Of(&sym.Var{Name: rowKey, Bounds: sym.Interval{Lo: 0, Hi: int64(rows - 1)}, Rank: lastRank}))
}
