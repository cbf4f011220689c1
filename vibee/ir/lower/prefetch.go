package lower

import (
	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

// line is what memory comes in.
const line = 64

// noteLoop notes the counters in i, a value of the index name, if something is to be asked for along it.
func (b *builder) noteLoop(name string, i sym.Poly) {
	for _, f := range b.sched.Prefetch {
		if f.Along == name {
			counters(i, func(v *loop.Var) { b.ahead[v] = append(b.ahead[v], f) })
		}
	}
}

// counters calls f for the variables that i is made of.
func counters(i sym.Poly, f func(*loop.Var)) {
	i.Atoms(func(a sym.Atom) {
		if v, ok := a.(*sym.Var); ok {
			if of, ok := v.Of.(*bounded); ok {
				f(of.v)
			}
		}
	})
}

// prefetches puts beside each access in a loop that was noted a request for what the same access takes in the
// loop's next turn.
func (b *builder) prefetches(body []loop.Stmt) {
	met := map[*spec.Param]bool{}
	loop.WalkStmts(body, func(s loop.Stmt) {
		if s, ok := s.(*loop.For); ok {
			for _, f := range b.ahead[s.Var] {
				turn := &turn{counter: s.Var, step: s.Step, buf: b.bufs[f.Param][0], few: b.few, defs: map[*loop.Var]loop.Expr{}}
				s.Body = turn.block(s.Body)
				met[f.Param] = met[f.Param] || turn.found
			}
		}
	})
	for _, s := range b.cases {
		for _, f := range s.Prefetch {
			if !met[f.Param] {
				b.here = f.Pos
				b.failf("prefetch %s along %s: nothing of it is read or written there at places that grow evenly", f.Param.Name, f.Along)
			}
		}
	}
}

// turn is the way from one turn of a loop to the next.
type turn struct {
	counter *loop.Var
	step    int64
	buf     *loop.Buf
	few     map[*loop.Var]bool
	defs    map[*loop.Var]loop.Expr
	found   bool
}

// block adds requests to a body, one for each line that is seen to differ.
func (t *turn) block(body []loop.Stmt) (out []loop.Stmt) {
	asked := map[string]bool{}
	for _, s := range body {
		out = append(out, s)
		switch s := s.(type) {
		case *loop.For:
			if !t.few[s.Var] { // what few share is read sooner than it could be asked for
				s.Body = t.block(s.Body)
			}
		case *loop.If:
			s.Then, s.Else = t.block(s.Then), t.block(s.Else)
		case *loop.Def:
			if !s.Var.Mutable {
				t.defs[s.Var] = s.Value
			}
		case *loop.Store:
			if s.Buf == t.buf {
				out = t.ask(out, asked, &loop.Prefetch{Buf: s.Buf, Mem: s.Mem, Index: s.Index, Stride: s.Stride, N: s.Value.Lanes(), Write: true})
			}
		}
		for _, e := range loop.Exprs(s) {
			loop.Walk(e, func(e loop.Expr) {
				if l, ok := e.(*loop.Load); ok && l.Buf == t.buf {
					out = t.ask(out, asked, &loop.Prefetch{Buf: l.Buf, Mem: l.Mem, Index: l.Index, Stride: l.Stride, N: l.Lanes()})
				}
			})
		}
	}
	return out
}

// ask adds a request for what p takes a turn later.
func (t *turn) ask(out []loop.Stmt, asked map[string]bool, p *loop.Prefetch) []loop.Stmt {
	if p.Index.Lanes() > 1 {
		return out
	}
	slope, linear := t.slope(p.Index)
	if slope == nil || !linear {
		return out
	}
	t.found = true
	first, distance := constantPart(p.Index)
	unit := int64(1)
	if !p.Buf.Bytes {
		unit = int64(p.Mem.Bytes())
	}
	key := loop.Text(first) + " " + loop.Text(&loop.ConstInt{V: distance * unit / line})
	if asked[key] {
		return out
	}
	asked[key] = true
	p.Index = &loop.Binary{Op: loop.Add, A: p.Index, B: multiple(slope, &loop.ConstInt{V: t.step})}
	return append(out, p)
}

// constantPart takes an index apart as a sum of something and a constant.
func constantPart(e loop.Expr) (loop.Expr, int64) {
	if s, ok := e.(*loop.Binary); ok && s.Op == loop.Add {
		if c, ok := s.B.(*loop.ConstInt); ok {
			return s.A, c.V
		}
	}
	return e, 0
}

// slope is how much e grows with the counter, nil for nothing; not linear where that differs between turns.
func (t *turn) slope(e loop.Expr) (by loop.Expr, linear bool) {
	switch e := e.(type) {
	case *loop.Ref:
		if e.Var == t.counter {
			return &loop.ConstInt{V: 1}, true
		}
		if def := t.defs[e.Var]; def != nil {
			return t.slope(def)
		}
		return nil, true
	case *loop.Binary:
		a, linearA := t.slope(e.A)
		b, linearB := t.slope(e.B)
		switch {
		case !linearA || !linearB:
			return nil, false
		case a == nil && b == nil:
			return nil, true
		case e.Op == loop.Add && a == nil:
			return b, true
		case (e.Op == loop.Add || e.Op == loop.Sub) && b == nil:
			return a, true
		case e.Op == loop.Add || e.Op == loop.Sub && a != nil:
			return &loop.Binary{Op: e.Op, A: a, B: b}, true
		case e.Op == loop.Mul && b == nil:
			return multiple(a, e.B), true
		case e.Op == loop.Mul && a == nil:
			return multiple(b, e.A), true
		}
		return nil, false
	}
	for _, o := range loop.Operands(e) {
		if by, linear := t.slope(o); by != nil || !linear {
			return nil, false
		}
	}
	return nil, true
}

// multiple is a product, of which a factor may be 1.
func multiple(a, b loop.Expr) loop.Expr {
	one := func(e loop.Expr) bool {
		c, ok := e.(*loop.ConstInt)
		return ok && c.V == 1
	}
	switch {
	case one(a):
		return b
	case one(b):
		return a
	}
	return &loop.Binary{Op: loop.Mul, A: a, B: b}
}
