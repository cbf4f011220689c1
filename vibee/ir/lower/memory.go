package lower

import (
	"math"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

// cell is the block of a weight that is being decoded: through a view, or at an
// offset of its buffer.
type cell struct {
	format *spec.Format
	view   *loop.View // nil: at base
	buf    *loop.Buf
	base   sym.Poly
	tail   *loop.Buf
}

// plain reports whether a format is nothing but one element a value: its buffer is typed.
func plain(f *spec.Format) bool {
	return f.Count == 1 && len(f.Fields) == 1 && f.Fields[0].Scalar && len(f.Tail) == 0
}

// field reads a field of the block at hand.
func (b *builder) field(e *spec.FieldRef) loop.Expr {
	c := b.cell
	if c == nil {
		b.failf("field %s is read outside of its block", e.Field.Name)
	}
	mem := memOf(e.Field.Elem)
	if b.raw && e.Field.Elem.Narrow {
		mem = loop.MemU16
	}
	at := sym.Poly{}
	if e.At != nil {
		at = b.poly(e.At)
	}
	off := at.Scale(int64(e.Field.Elem.Bytes)).Add(sym.Const(int64(e.Field.Offset)))
	switch {
	case e.Tail:
		return b.load(c.tail, mem, off)
	case plain(c.format) && mem == loop.MemU16: // the buffer is of floats
		if e.Field.Elem.Name != "bf16" {
			b.failf("the bits of %s can't be copied from a tensor of them", e.Field.Elem.Name)
		}
		v := b.load(c.buf, loop.MemBF16, c.base)
		return &loop.Binary{Op: loop.Shr, A: &loop.Bits{To: loop.Int, A: v}, B: spread(&loop.ConstInt{V: 16}, v.Lanes())}
	case plain(c.format):
		return b.load(c.buf, mem, c.base)
	case c.view != nil && !wide(off):
		return &loop.Peek{View: c.view, Mem: mem, Index: b.compute(off)}
	}
	v := b.load(c.buf, mem, c.base.Add(off))
	if off.Has(columnKey) { // codes of several columns lie in the same bytes
		return &loop.Ref{Var: b.hoist("w", text(v), v)}
	}
	return v
}

// columns reports whether what is decoded are columns side by side.
func (b *builder) columns() bool { return b.cell != nil && b.index[b.cell.format.Index].Has(columnKey) }

// shared computes what codes of several columns are made of once.
func (b *builder) shared(name string, v loop.Expr) loop.Expr {
	if _, named := v.(*loop.Ref); named || v.Lanes() == 1 || !b.columns() {
		return v
	}
	return &loop.Ref{Var: b.hoist(name, text(v), v)}
}

// decode computes W[m, k] from its block.
func (b *builder) decode(e *spec.WeightRef) loop.Expr {
	f := b.formats[e.Param]
	m, k := b.poly(e.At[0]), b.poly(e.At[1])
	n := sym.Const(int64(f.Count))
	saved, index := b.cell, clone(b.index)
	b.cell = b.cellOf(e.Param, b.blockAt(e.Param, m, k.Div(n)))
	b.index[f.Index] = k.Mod(n)
	if f.Row != nil {
		b.index[f.Row] = m.Mod(sym.Const(int64(f.Rows)))
	}
	decode := f.Decode
	if e.Terms {
		decode = terms(decode)
	}
	v := b.value(decode)
	b.cell, b.index = saved, index
	return v
}

// terms is e with the magnitudes of what it adds and subtracts.
func terms(e spec.Expr) spec.Expr {
	if x, ok := e.(*spec.Binary); ok {
		switch x.Op {
		case "+", "-":
			return &spec.Binary{Op: "+", A: terms(x.A), B: terms(x.B)}
		case "*":
			return &spec.Binary{Op: "*", A: terms(x.A), B: terms(x.B)}
		}
	}
	return &spec.Unary{Op: "abs", A: e}
}

func (b *builder) cellOf(p *spec.Param, base sym.Poly) *cell {
	c := &cell{format: b.formats[p], buf: b.bufs[p][0], base: base}
	if len(c.format.Tail) > 0 {
		c.tail = b.bufs[p][1]
	}
	return c
}

// blockAt is where the block that holds block j of row m starts.
func (b *builder) blockAt(p *spec.Param, m, j sym.Poly) sym.Poly {
	f := b.formats[p]
	perRow := b.poly(p.Shape[1]).Div(sym.Const(int64(f.Count)))
	at := m.Div(sym.Const(int64(f.Rows))).Mul(perRow).Add(j)
	if plain(f) {
		return at
	}
	return at.Scale(int64(f.Bytes))
}

// mixed reports whether a page's fields are of several types: its buffer is bytes.
func mixed(f *spec.Format) bool {
	for _, field := range f.Fields {
		if field.Elem != f.Fields[0].Elem {
			return true
		}
	}
	return false
}

// slot is where a state's element lies: its page, then its field, then its dims; in bytes where
// the page is mixed.
func (b *builder) slot(p *spec.Param, field *spec.Field, at []spec.Expr) sym.Poly {
	count := sym.Const(int64(p.Format.Count))
	seq, pos := b.poly(at[0]), b.poly(at[1])
	table := b.bufs[p][1]
	row := seq.Mul(b.atomOf(b.pages[p], sym.Natural)).Add(pos.Div(count))
	read := b.load(table, table.Elem, row)
	v := b.hoist("page", table.Name+text(read), read)
	unit := func(f *spec.Field) int64 {
		if mixed(p.Format) {
			return int64(f.Elem.Bytes)
		}
		return 1
	}
	var size, offset sym.Poly
	for _, f := range p.Format.Fields {
		if f == field {
			offset = size
		}
		n := sym.Const(unit(f))
		for _, d := range f.Dims {
			n = n.Mul(b.ofPage(p, d))
		}
		size = size.Add(n)
	}
	var where, shape []sym.Poly
	rest := at[2:]
	for i, d := range field.Dims {
		shape = append(shape, b.ofPage(p, d))
		if i == field.Slot {
			where = append(where, pos.Mod(count))
			continue
		}
		where = append(where, b.poly(rest[0]))
		rest = rest[1:]
	}
	return b.atomOf(v, sym.Natural).Mul(size).Add(offset).Add(b.flat(where, shape).Scale(unit(field)))
}

// ofPage is a dim of a page's field with the state's arguments put in.
func (b *builder) ofPage(p *spec.Param, e spec.Expr) sym.Poly {
	switch e := e.(type) {
	case *spec.DimRef:
		for i, name := range p.Format.Params {
			if name == e.Name {
				return b.poly(p.Shape[i])
			}
		}
	case *spec.Binary:
		x, y := b.ofPage(p, e.A), b.ofPage(p, e.B)
		switch e.Op {
		case "+":
			return x.Add(y)
		case "*":
			return x.Mul(y)
		case "/":
			return x.Div(y)
		}
	}
	return b.poly(e)
}

func floatBits(e *spec.Elem, f float64) int64 {
	if e.Type == spec.F32 {
		return int64(math.Float32bits(float32(f)))
	}
	return int64(math.Float64bits(f))
}

// parameters declares the program's buffers, dims and scalars in call order.
func (b *builder) parameters() {
	add := func(p *spec.Param, buf *loop.Buf) {
		buf.Name = b.unique(buf.Name)
		b.prog.Bufs = append(b.prog.Bufs, buf)
		b.bufs[p] = append(b.bufs[p], buf)
	}
	integer := func(name string) *loop.Var {
		v := b.variable(name, loop.Int, 1, false)
		b.prog.Dims = append(b.prog.Dims, v)
		b.rank(v)
		return v
	}
	b.prog.Lo, b.prog.Hi = b.variable("lo", loop.Int, 1, false), b.variable("hi", loop.Int, 1, false)
	for _, d := range b.op.Dims {
		b.dims[d] = integer(d)
	}
	for _, p := range b.op.Params {
		if p.Kind == spec.State {
			b.pages[p] = integer(p.Name + "Pages")
		}
	}
	formats := b.opt.Formats
	weight := func(p *spec.Param, role loop.Role) {
		f := p.Format
		if f == nil {
			f, formats = formats[0], formats[1:]
		}
		b.formats[p] = f
		buf := &loop.Buf{Name: p.Name, Role: role, Bytes: true, Elem: loop.MemU8, Shape: f.Name + shapeText(p.Shape)}
		if plain(f) {
			buf.Bytes, buf.Elem = false, memOf(f.Fields[0].Elem)
		}
		add(p, buf)
		if len(f.Tail) > 0 && !p.Out { // no op writes what is a tensor's as a whole
			add(p, &loop.Buf{Name: p.Name + "Tail", Role: role, Bytes: true, Elem: loop.MemU8})
		}
	}
	for _, p := range b.op.Params {
		switch p.Kind {
		case spec.Tensor:
			add(p, &loop.Buf{Name: p.Name, Elem: memOf(p.Elem), Shape: shapeText(p.Shape)})
		case spec.Weight:
			weight(p, loop.In)
		case spec.Place:
			add(p, &loop.Buf{Name: p.Name + "Seq", Elem: loop.MemI32, Shape: shapeText(p.Shape)})
			add(p, &loop.Buf{Name: p.Name + "Pos", Elem: loop.MemI32, Shape: shapeText(p.Shape)})
		case spec.State:
			role := loop.In
			if p.InOut {
				role = loop.InOut
			}
			pool := &loop.Buf{Name: p.Name, Role: role, Bytes: mixed(p.Format), Elem: loop.MemU8}
			if !pool.Bytes {
				pool.Elem = memOf(p.Format.Fields[0].Elem)
			}
			add(p, pool)
			add(p, &loop.Buf{Name: p.Name + "Table", Elem: loop.MemI32})
		case spec.Dim:
			b.dims[p.Name] = integer(p.Name)
		case spec.Value:
			if p.Elem.Type == spec.Int {
				b.dims[p.Name] = integer(p.Name)
				continue
			}
			v := b.variable(p.Name, loop.F32, 1, false)
			b.values[p] = v
			b.prog.Scalars = append(b.prog.Scalars, v)
		}
	}
	role := loop.Out
	if b.opt.Mode == Tolerance {
		role = loop.In
	}
	for _, p := range b.op.Outs {
		if p.Kind == spec.Weight {
			weight(p, role)
			continue
		}
		add(p, &loop.Buf{Name: p.Name, Role: role, Elem: memOf(p.Elem), Shape: shapeText(p.Shape)})
	}
	if b.opt.Mode == Tolerance {
		for _, t := range b.op.Tolerances {
			p := &spec.Param{Name: t.Out.Name + "Tolerance", Kind: spec.Tensor, Elem: spec.Elems["f64"], Shape: t.Out.Shape, Out: true}
			b.slack[t.Out] = p
			add(p, &loop.Buf{Name: p.Name, Role: loop.Out, Elem: loop.MemF64, Shape: shapeText(p.Shape)})
		}
	}
	b.sizes()
}
