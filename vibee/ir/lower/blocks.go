package lower

import (
	"slices"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

// blockSum sums W[m, k] * x over k by the weight's sub-blocks, the longest runs in which scale
// and offset are constant: acc = (acc + A*dot) + B*sum(x), sub-blocks ascending.
func (b *builder) blockSum(r *spec.Reduce, w *spec.Param, a affine) loop.Expr {
	ref, x := b.factors(r, w)
	f := b.formats[w]
	k := r.Index[0]
	if !slices.Contains(b.op.Factor, w) {
		b.failf("the order blocks(%s, %s) needs the licence factor(%s)", k.Name, w.Name, w.Name)
	}
	m := b.poly(ref.At[0])
	n := sym.Const(int64(f.Count))
	blocks := b.poly(k.Hi).Div(n)
	lanes := b.lanes()
	saved, index := b.cell, clone(b.index)
	defer func() { b.cell, b.index = saved, index }()

	s := &sums{builder: b, format: f, affine: a, weight: w, k: k, x: x, n: lanes}
	s.segs = b.segments(f, a)
	acc := b.variable("acc", loop.F32, lanes, true)
	b.emit(&loop.Def{Var: acc, Value: spread(zero(loop.F32), lanes)})
	if !s.readsBlock(a.a) && !s.readsBlock(a.b) { // one scale a tensor: one sub-block a row
		dot := s.newDot()
		b.forLoop("b", sym.Poly{}, blocks, func(j sym.Poly) {
			s.open(m, j)
			s.wholeBlock(dot, j)
		})
		b.cell = b.cellOf(w, sym.Poly{})
		s.close(acc, dot, func() loop.Expr { return s.sumX(blocks.Mul(n), sym.Const(1), sym.Poly{}) })
		return &loop.Ref{Var: acc}
	}
	outer := s.outer()
	b.forLoop("b", sym.Poly{}, blocks, func(j sym.Poly) {
		s.open(m, j)
		if outer == 0 {
			dot := s.newDot()
			s.wholeBlock(dot, j)
			s.close(acc, dot, func() loop.Expr { return s.sumX(n, blocks, j) })
			return
		}
		s.subBlocks(acc, j, blocks, outer)
	})
	return &loop.Ref{Var: acc}
}

// subBlocks adds block j, whose first outer digits change its scale or its offset.
func (s *sums) subBlocks(acc *loop.Var, j, blocks sym.Poly, outer int) {
	seg := s.segs[0]
	digits := make([]sym.Poly, len(seg.digits))
	set := func(k int, v sym.Poly) { digits[k] = v }
	value := func(k int) sym.Poly { return digits[k] }
	perBlock := int64(1)
	for _, d := range seg.digits[:outer] {
		perBlock *= d.count
	}
	size := sym.Const(int64(s.format.Count) / perBlock)
	s.loops(seg, 0, outer, set, func() {
		dot := s.newDot()
		s.loops(seg, outer, len(seg.digits), set, func() { s.product(dot, j, s.at(seg, value)) })
		clear(digits[outer:])
		s.index[s.format.Index] = s.at(seg, value)
		sub := j.Scale(perBlock).Add(s.index[s.format.Index].Div(size))
		s.close(acc, dot, func() loop.Expr { return s.sumX(size, blocks.Scale(perBlock), sub) })
	})
}

// factors splits the body of the sum into the weight and the rest.
func (b *builder) factors(r *spec.Reduce, w *spec.Param) (*spec.WeightRef, spec.Expr) {
	p, ok := r.Body.(*spec.Binary)
	if ok && p.Op == "*" && len(r.Index) == 1 {
		for _, side := range [2][2]spec.Expr{{p.A, p.B}, {p.B, p.A}} {
			ref, ok := side[0].(*spec.WeightRef)
			if !ok || ref.Param != w {
				continue
			}
			if at, ok := ref.At[1].(*spec.IndexRef); ok && at.Index == r.Index[0] {
				return ref, side[1]
			}
		}
	}
	b.failf("factor(%s): the sum is no product of %[1]s[m, k] and something else", w.Name)
	return nil, nil
}

// sums is the state of one blockSum.
type sums struct {
	*builder
	format *spec.Format
	affine affine
	weight *spec.Param
	k      *spec.Index
	x      spec.Expr
	n      int
	segs   []segment
	xView  *loop.View
}

func (s *sums) newDot() *loop.Var {
	dot := s.variable("dot", loop.F32, s.n, true)
	s.emit(&loop.Def{Var: dot, Value: spread(zero(loop.F32), s.n)})
	return dot
}

// readsBlock reports whether e reads the block's own fields.
func (s *sums) readsBlock(e spec.Expr) bool {
	found := false
	if e != nil {
		eachPart(e, func(e spec.Expr) {
			if f, ok := e.(*spec.FieldRef); ok && !f.Tail {
				found = true
			}
		})
	}
	return found
}

// outer is how many digits of a block, from the largest, change its scale or its offset.
func (s *sums) outer() (outer int) {
	for _, seg := range s.segs {
		for i := range seg.digits {
			s.index[s.format.Index] = s.probe(seg, i)
			for _, e := range []spec.Expr{s.affine.a, s.affine.b} {
				s.codeParts(e, func(e spec.Expr, _ bool) {
					if s.poly(e).Has(probed) {
						outer = max(outer, i+1)
					}
				})
			}
		}
	}
	if outer > 0 && len(s.segs) > 1 {
		s.failf("format %s: its scale or offset changes inside of a block that conditions split", s.format.Name)
	}
	return outer
}

// open declares the views of block j: of the weight's rows and of x.
func (s *sums) open(m, j sym.Poly) {
	s.cell = s.cellOf(s.weight, s.blockAt(s.weight, m, j))
	s.xView = nil
	if !plain(s.format) {
		index, stride := s.address(s.cell.base)
		v := &loop.View{Name: s.unique("w"), Buf: s.cell.buf, Index: index, Stride: stride, Lanes: 1, Size: s.format.Bytes}
		if stride != nil {
			v.Lanes = s.n
		} else if index.Lanes() > 1 {
			panic(noStrip{})
		}
		s.emit(&loop.Open{View: v})
		s.cell.view = v
	}
	if t, ok := s.x.(*spec.TensorRef); ok {
		last := len(t.At) - 1
		at, isK := t.At[last].(*spec.IndexRef)
		for _, e := range t.At[:last] {
			isK = isK && !s.varies(e)
		}
		if isK && at.Index == s.k {
			s.index[s.k] = j.Scale(int64(s.format.Count))
			base := s.flat(s.polys(t.At), s.polys(t.Param.Shape))
			s.xView = &loop.View{Name: s.unique(t.Param.Name + "b"), Buf: s.bufs[t.Param][0], Index: s.compute(base), Lanes: 1, Size: s.format.Count}
			s.emit(&loop.Open{View: s.xView})
		}
	}
}

// xAt is x at value i of block j.
func (s *sums) xAt(j, i sym.Poly) loop.Expr {
	if s.xView != nil {
		return &loop.Peek{View: s.xView, Mem: s.xView.Buf.Elem, Index: s.compute(i)}
	}
	s.index[s.k] = j.Scale(int64(s.format.Count)).Add(i)
	return s.value(s.x)
}

// product adds code*x of one value to dot.
func (s *sums) product(dot *loop.Var, j, i sym.Poly) {
	s.index[s.format.Index] = i
	code := spread(&loop.Convert{To: loop.F32, A: s.value(s.affine.code)}, s.n)
	s.accumulate(dot, loop.Add, &loop.Binary{Op: loop.Mul, A: code, B: spread(s.xAt(j, i), s.n)})
}

// wholeBlock adds all of block j to dot.
func (s *sums) wholeBlock(dot *loop.Var, j sym.Poly) {
	for _, seg := range s.segs {
		digits := make([]sym.Poly, len(seg.digits))
		s.loops(seg, 0, len(digits), func(k int, v sym.Poly) { digits[k] = v }, func() {
			s.product(dot, j, s.at(seg, func(k int) sym.Poly { return digits[k] }))
		})
	}
}

// close ends a sub-block: acc = (acc + A*dot) + B*sum(x).
func (s *sums) close(acc, dot *loop.Var, sumX func() loop.Expr) {
	scaled := loop.Expr(&loop.Ref{Var: dot})
	if s.affine.a != nil {
		scaled = &loop.Binary{Op: loop.Mul, A: spread(s.value(s.affine.a), s.n), B: scaled}
	}
	total := loop.Expr(&loop.Binary{Op: loop.Add, A: &loop.Ref{Var: acc}, B: scaled})
	if s.affine.b != nil {
		offset := &loop.Binary{Op: loop.Mul, A: spread(s.value(s.affine.b), s.n), B: spread(sumX(), s.n)}
		total = &loop.Binary{Op: loop.Add, A: total, B: offset}
	}
	s.emit(&loop.Set{Var: acc, Value: total})
}

// sumX is the sum of x over sub-block number sub of count, each length wide; all of them are computed
// once, in the outermost block that knows x.
func (s *sums) sumX(length, count, sub sym.Poly) loop.Expr {
	t, ok := s.x.(*spec.TensorRef)
	if !ok || s.varies(t) {
		s.failf("factor(%s): the other factor is not one tensor that the rows of %[1]s share", s.weight.Name)
	}
	saved := clone(s.index)
	defer func() { s.index = saved }()
	s.index[s.k] = sym.Poly{}
	row := s.flat(s.polys(t.At), s.polys(t.Param.Shape))
	depth := s.depthOf(s.compute(row))
	key := "sums of " + t.Param.Name + " at " + row.String()
	if temp, ok := s.sumTemps(depth)[key]; ok {
		return &loop.Load{Buf: temp, Mem: temp.Elem, Index: s.scalar(sub)}
	}
	temp := &loop.Buf{Name: s.unique(t.Param.Name + "Sums"), Role: loop.Temp, Elem: loop.MemF32, Size: s.scalar(count)}
	s.prog.Temps = append(s.prog.Temps, temp)
	s.sumTemps(depth)[key] = temp
	inner, lane := s.blocks[depth+1:], s.lane
	s.blocks, s.lane = s.blocks[:depth+1:depth+1], nil
	s.forLoop("i", sym.Poly{}, count, func(i sym.Poly) {
		sum := s.variable("sum", loop.F32, 1, true)
		s.emit(&loop.Def{Var: sum, Value: zero(loop.F32)})
		s.forLoop("j", sym.Poly{}, length, func(j sym.Poly) {
			s.index[s.k] = i.Mul(length).Add(j)
			s.accumulate(sum, loop.Add, s.value(t))
		})
		s.store(temp, temp.Elem, i, &loop.Ref{Var: sum})
	})
	s.blocks, s.lane = append(s.blocks, inner...), lane
	return &loop.Load{Buf: temp, Mem: temp.Elem, Index: s.scalar(sub)}
}

// sumTemps are the sums that a block knows.
func (b *builder) sumTemps(depth int) map[string]*loop.Buf {
	blk := b.blocks[depth]
	if blk.sums == nil {
		blk.sums = map[string]*loop.Buf{}
	}
	return blk.sums
}
