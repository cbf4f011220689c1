package lower

import (
	"slices"

	"github.com/trinity-engine/trinity/vibee/ir/check"
	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

// poly gives an integer expression in normal form; what is no polynomial of
// indices and dims (a token read from memory) becomes an atom with a register.
func (b *builder) poly(e spec.Expr) sym.Poly {
	b.step()
	switch e := e.(type) {
	case *spec.IntLit:
		return sym.Const(e.V)
	case *spec.IndexRef:
		p, ok := b.index[e.Index]
		if !ok {
			b.failf("index %s is not known here", e.Index.Name)
		}
		return p
	case *spec.DimRef:
		if v := b.dims[e.Name]; v != nil {
			return b.atomOf(v, sym.Natural)
		}
	case *spec.LetRef:
		if pl := b.lets[e.Let]; pl != nil && pl.value != nil {
			if r, ok := pl.value.(*loop.Ref); ok && pl.value.Lanes() == 1 {
				return b.atomOf(r.Var, check.Range(e))
			}
		}
	case *spec.Unary:
		if e.Op == "neg" {
			return b.poly(e.A).Scale(-1)
		}
	case *spec.Binary:
		switch e.Op {
		case "+":
			return b.poly(e.A).Add(b.poly(e.B))
		case "-":
			return b.poly(e.A).Sub(b.poly(e.B))
		case "*":
			return b.poly(e.A).Mul(b.poly(e.B))
		case "/":
			return b.poly(e.A).Div(b.poly(e.B))
		case "%":
			return b.poly(e.A).Mod(b.poly(e.B))
		}
	}
	v := b.value(e)
	switch c := v.(type) {
	case *loop.ConstInt:
		return sym.Const(c.V)
	case *loop.Ref:
		return b.atomOf(c.Var, check.Range(e))
	}
	return b.atomOf(b.hoist(nameOf(e), text(v), v), check.Range(e))
}

// nameOf suggests a register's name for a value.
func nameOf(e spec.Expr) string {
	switch e := e.(type) {
	case *spec.PlaceRef:
		return e.Part
	case *spec.TensorRef:
		return e.Param.Name + "_i"
	case *spec.LetRef:
		return e.Let.Name
	}
	return "i"
}

// scalar computes a polynomial without lanes.
func (b *builder) scalar(p sym.Poly) loop.Expr {
	e := b.compute(p)
	if e.Lanes() != 1 {
		panic(noStrip{})
	}
	return e
}

// compute gives a polynomial's value; it has lanes where an atom has.
func (b *builder) compute(p sym.Poly) loop.Expr {
	var sum loop.Expr
	terms := slices.Clone(p.Terms) // a difference begins with what is not taken away
	slices.SortStableFunc(terms, func(s, t sym.Term) int { return sign(t) - sign(s) })
	for _, t := range terms {
		var product loop.Expr
		for _, a := range t.Atoms {
			product = b.join(loop.Mul, product, b.atom(a))
		}
		switch {
		case product == nil:
			product = &loop.ConstInt{V: t.Coef}
		case t.Coef == -1 && sum != nil:
			sum = b.join(loop.Sub, sum, product)
			continue
		case t.Coef != 1:
			product = b.join(loop.Mul, product, &loop.ConstInt{V: t.Coef})
		}
		sum = b.join(loop.Add, sum, product)
	}
	if sum == nil {
		return &loop.ConstInt{}
	}
	return sum
}

func sign(t sym.Term) int {
	if t.Coef < 0 {
		return 0
	}
	return 1
}

func (b *builder) atom(a sym.Atom) loop.Expr {
	switch a := a.(type) {
	case *sym.Quot:
		return b.join(loop.Div, b.compute(a.X), b.compute(a.Y))
	case *sym.Rem:
		return b.join(loop.Mod, b.compute(a.X), b.compute(a.Y))
	case *sym.Var:
		switch a.Name {
		case laneKey:
			return &loop.Iota{N: b.lane.n}
		case rowKey:
			return b.join(loop.Div, &loop.Iota{N: b.lane.n}, &loop.ConstInt{V: 4})
		case columnKey:
			return b.join(loop.And, &loop.Iota{N: b.lane.n}, &loop.ConstInt{V: 3})
		}
		return &loop.Ref{Var: a.Of.(*bounded).v}
	}
	b.failf("an index holds %s", a.Key())
	return nil
}

// join applies a binary operator; a nil operand is its identity, and single values
// are spread over lanes.
func (b *builder) join(op loop.Op, x, y loop.Expr) loop.Expr {
	switch {
	case x == nil:
		return y
	case y == nil:
		return x
	}
	n := max(x.Lanes(), y.Lanes())
	return &loop.Binary{Op: op, A: spread(x, n), B: spread(y, n)}
}

func spread(e loop.Expr, n int) loop.Expr {
	if e.Lanes() == n {
		return e
	}
	return &loop.Splat{A: e, N: n}
}

// wide reports whether a polynomial has lanes.
func wide(p sym.Poly) bool {
	found := false
	p.Atoms(func(a sym.Atom) {
		if v, ok := a.(*sym.Var); ok {
			if v.Name == laneKey || v.Name == rowKey || v.Name == columnKey {
				found = true
			} else if of, ok := v.Of.(*bounded); ok && of.v.Lanes > 1 {
				found = true
			}
		}
	})
	return found
}

// address is an index for a load or a store: strided where it is linear in the lane.
func (b *builder) address(p sym.Poly) (index, stride loop.Expr) {
	if !wide(p) {
		return b.compute(p), nil
	}
	if rows, rest, ok := p.Linear(rowKey); ok && rows.Equal(sym.Const(4)) {
		if columns, rest, ok := rest.Linear(columnKey); ok && columns.Equal(sym.Const(1)) && !wide(rest) {
			return b.compute(rest), &loop.ConstInt{V: 1}
		}
	}
	if slope, rest, ok := p.Linear(laneKey); ok && !wide(rest) && !wide(slope) && len(slope.Terms) > 0 {
		return b.compute(rest), b.compute(slope)
	}
	if b.packs() && !byFours(p) {
		panic(noStrip{})
	}
	return b.compute(p), nil
}

func (b *builder) load(buf *loop.Buf, mem loop.Mem, p sym.Poly) loop.Expr {
	index, stride := b.address(p)
	l := &loop.Load{Buf: buf, Mem: mem, Index: index, Stride: stride}
	if stride != nil {
		l.N = b.lane.n
	}
	return l
}

func (b *builder) store(buf *loop.Buf, mem loop.Mem, p sym.Poly, v loop.Expr) {
	index, stride := b.address(p)
	if v.Lanes() == 1 && (stride != nil || index.Lanes() > 1) {
		v = spread(v, b.lane.n)
	}
	if v.Lanes() > 1 && stride == nil && index.Lanes() == 1 {
		b.failf("a strip of values has one place to go")
	}
	b.emit(&loop.Store{Buf: buf, Mem: mem, Index: index, Stride: stride, Value: v})
}

// flat is the row-major index of at in a tensor of that shape.
func (b *builder) flat(at []sym.Poly, shape []sym.Poly) sym.Poly {
	p := sym.Poly{}
	for i := range at {
		if i > 0 {
			p = p.Mul(shape[i])
		}
		p = p.Add(at[i])
	}
	return p
}

func (b *builder) polys(list []spec.Expr) []sym.Poly {
	out := make([]sym.Poly, len(list))
	for i, e := range list {
		out[i] = b.poly(e)
	}
	return out
}
