package lower

import (
	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

// input is the block that is being written: where its values come from.
type input struct {
	orders map[string][]spec.Order
	lanes  int // of strips over the block's values

	// Of a block that is encoded: x[i] is value at k = base + i.
	param *spec.Param
	value spec.Expr
	k     *spec.Index
	base  sym.Poly

	// Of one that is packed: row r is row first + r of weight, the last where that is past it.
	weight       *spec.Param
	first, block sym.Poly
	beside       int64 // of weight's blocks to one that is written
}

// setBlocks computes a row's blocks, or those of the rows that lie side by side.
func (b *builder) setBlocks(nest []string, s *spec.Set, at map[string]sym.Poly) {
	if b.lane != nil {
		panic(noStrip{})
	}
	own := b.bindNest(nest, s.Index, at)
	if len(own) != 1 || own[0] != len(s.Index)-1 {
		b.failf("the blocks of %s are written row by row: loop over all of its indices but the last", s.Out.Name)
	}
	f, k := b.formats[s.Out], s.Index[own[0]]
	m := b.poly(s.At[0])
	in := &input{k: k, lanes: b.stripOf(k.Name, false)}
	lets, sets := b.encoding(f, s, in)
	count := b.poly(k.Hi).Div(sym.Const(int64(f.Count)))
	b.forLoop("b", sym.Poly{}, count, func(j sym.Poly) {
		in.base, in.block, in.first = j.Scale(int64(f.Count)), j, m
		base := b.known("at", b.blockAt(s.Out, m, j))
		saved := b.input
		b.input = in
		for _, l := range lets {
			b.computeLet(nil, l, nil)
		}
		for _, fs := range sets {
			b.setField(s.Out, fs, base)
		}
		b.input = saved
	})
}

// known gives a polynomial a register.
func (b *builder) known(name string, p sym.Poly) sym.Poly {
	if r, ok := b.define(name, b.scalar(p)).(*loop.Ref); ok {
		return b.atomOf(r.Var, sym.Natural)
	}
	return p
}

// encoding gives the equations of a block: of its format's encode, or of its pack where the value is
// a weight of the format that it packs.
func (b *builder) encoding(f *spec.Format, s *spec.Set, in *input) ([]*spec.Let, []*spec.FieldSet) {
	if f.Pack == nil {
		in.param, in.value, in.orders = f.Encode.X, s.Value, f.Encode.Orders
		return f.Encode.Lets, f.Encode.Sets
	}
	w, ok := s.Value.(*spec.WeightRef)
	for i := range s.Index {
		if ok {
			r, is := w.At[i].(*spec.IndexRef)
			ok = is && r.Index == s.Index[i]
		}
	}
	if !ok || b.formats[w.Param] != f.Packs {
		b.failf("only a weight of format %s can be packed as %s, as it is: %s[m, k] = W[m, k]", f.Packs.Name, f.Name, s.Out.Name)
	}
	in.weight, in.beside = w.Param, int64(f.Count/f.Packs.Count)
	return f.Pack.Lets, f.Pack.Sets
}

func (b *builder) setField(out *spec.Param, fs *spec.FieldSet, base sym.Poly) {
	own := make([]int, len(fs.Index))
	for i := range own {
		own[i] = i
	}
	b.own(fs.Index, own, func() {
		at, shape := make([]sym.Poly, len(own)), make([]sym.Poly, len(own))
		for i, v := range fs.Index {
			at[i], shape[i] = b.index[v], sym.Const(int64(fs.Field.Shape[i]))
		}
		place := base.Add(sym.Const(int64(fs.Field.Offset))).Add(b.flat(at, shape).Scale(int64(fs.Field.Elem.Bytes)))
		if plain(b.formats[out]) {
			place = base
		}
		if fs.Raw {
			b.raw = true
			v := b.value(fs.Value)
			b.raw = false
			b.store(b.bufs[out][0], loop.MemU16, place, v)
			return
		}
		b.store(b.bufs[out][0], memOf(fs.Field.Elem), place, b.value(unrounded(fs.Value, fs.Field)))
	})
}

// inputAt is a value of the block that is being encoded.
func (b *builder) inputAt(e *spec.TensorRef) loop.Expr {
	in, saved := b.input, clone(b.index)
	b.index[in.k] = in.base.Add(b.poly(e.At[0]))
	b.input = nil
	v := b.value(in.value)
	b.input, b.index = in, saved
	return v
}

// inRow reads the block of a row that is being packed.
func (b *builder) inRow(e *spec.InRow) loop.Expr {
	in := b.input
	last := b.poly(in.weight.Shape[0]).Sub(sym.Const(1))
	row := b.join(loop.Min, b.scalar(in.first.Add(b.poly(e.Row))), b.scalar(last))
	m := b.atomOf(b.hoist("row", text(row), row), sym.Natural)
	saved, index := b.cell, clone(b.index)
	block := in.block
	if e.Block != nil {
		block = block.Scale(in.beside).Add(b.poly(e.Block))
	}
	b.cell = b.cellOf(in.weight, b.blockAt(in.weight, m, block))
	v := b.value(e.A)
	b.cell, b.index = saved, index
	return v
}
