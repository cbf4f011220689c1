package golang

import (
	"math"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// dotRun is dots of byte codes to be added to sums of integers. Fields of words compute them: eight bytes, four
// columns of two rows, with few multiplications.
type dotRun struct {
	sums  []*dotSum
	terms []dotTerm // in order
	fields
}

// dotTerm is a dot of four columns.
type dotTerm struct {
	sum         *dotSum
	code        loop.Expr
	codes       codes     // of code, where fields can hold them
	leaf        loop.Expr // else the bytes in memory of which code is a function
	x           loop.Expr // the columns' factors
	least, most int64     // of one product, 0 among them
}

// takeDots takes from body the dots that may be computed before the rest of it, where it begins with them.
func (g *gen) takeDots(body []loop.Stmt) (*dotRun, []loop.Stmt) {
	run, sums := &dotRun{}, map[*loop.Var]*dotSum{}
	first := map[*loop.Var]loop.Expr{}                                    // of sums that are declared here
	later := usage{reads: map[*loop.Var]int{}, sets: map[*loop.Var]int{}} // in the rest
	var rest []loop.Stmt
scan:
	for i, s := range body {
		switch s := s.(type) {
		case *loop.Def:
			if e, ok := uniform(s.Value); ok && s.Var.Mutable && s.Var.Lanes > scalarLanes && s.Var.Type == loop.Int && before(e, later) {
				first[s.Var] = e
				rest = append(rest, s)
				continue
			}
			later.sets[s.Var]++
		case *loop.Set:
			if t, ok := g.dotTerm(s, later); ok && run.takes(s.Var, t) {
				if sums[s.Var] == nil {
					sums[s.Var] = &dotSum{v: s.Var, first: first[s.Var]}
					run.sums = append(run.sums, sums[s.Var])
				}
				t.sum = sums[s.Var]
				run.terms = append(run.terms, t)
				continue
			}
			later.sets[s.Var]++
		default:
			rest = append(rest, body[i:]...)
			break scan
		}
		if len(run.terms) == 0 && len(first) == 0 {
			return nil, body
		}
		for _, e := range loop.Exprs(s) {
			countReads(e, later.reads)
		}
		rest = append(rest, s)
	}
	if len(run.terms) == 0 || !run.fit() {
		return nil, body
	}
	rest = slices.DeleteFunc(rest, func(s loop.Stmt) bool {
		d, ok := s.(*loop.Def)
		return ok && sums[d.Var] != nil
	})
	return run, rest
}

// takes reports whether one loop can do t, which adds to v, with the other terms.
func (r *dotRun) takes(v *loop.Var, t dotTerm) bool {
	return len(r.terms) == 0 || r.sums[0].v.Lanes == v.Lanes && (r.terms[0].leaf == nil) == (t.leaf == nil)
}

// dotTerm recognizes v = i32(v + dot(codes, x)) that may be done before what later tells of.
func (g *gen) dotTerm(s *loop.Set, later usage) (t dotTerm, ok bool) {
	w, ok := s.Value.(*loop.Wrap)
	if !ok || w.Mem != loop.MemI32 || s.Var.Lanes <= scalarLanes || s.Var.Lanes%2 != 0 {
		return t, false
	}
	sum, ok := w.A.(*loop.Binary)
	if !ok || sum.Op != loop.Add {
		return t, false
	}
	self, okA := sum.A.(*loop.Ref)
	dot, okB := sum.B.(*loop.Dot)
	if !okA || self.Var != s.Var || !okB || dot.B.Lanes() != 4 {
		return t, false
	}
	ready := later.sets[s.Var] == 0 && later.reads[s.Var] == 0 && before(dot, later)
	t.code, t.x = dot.A, dot.B
	if t.codes, ok = g.codesOf(dot.A); !ok {
		t.leaf = g.byteLeaf(dot.A)
	}
	if !ready || !ok && t.leaf == nil {
		return t, false
	}
	p := g.ranges.Int(&loop.Binary{Op: loop.Mul, A: dot.A, B: &loop.Splat{A: dot.B, N: dot.A.Lanes()}})
	t.least, t.most = min(p.Lo, 0), max(p.Hi, 0)
	return t, p.Known()
}

// before reports whether e has its value before what later tells of, too.
func before(e loop.Expr, later usage) bool {
	ok := true
	loop.Walk(e, func(e loop.Expr) {
		switch e := e.(type) {
		case *loop.Ref:
			ok = ok && later.sets[e.Var] == 0
		case *loop.Peek:
			ok = false
		case *loop.Load:
			ok = ok && (e.Buf.Role == loop.In || e.Buf.Role == loop.Table)
		}
	})
	return ok
}

// uniform gives the value that all lanes of e have, where it is one.
func uniform(e loop.Expr) (loop.Expr, bool) {
	switch e := e.(type) {
	case *loop.Splat:
		return e.A, true
	case *loop.Wrap, *loop.Binary:
		ok := true
		one := loop.Rebuild(e, func(e loop.Expr) loop.Expr {
			a, same := uniform(e)
			ok = ok && same
			return a
		})
		return one, ok
	}
	return e, false
}

// fit chooses the widest fields that the sums need, and counts how often they are filled; it reports whether they
// are wide enough.
func (r *dotRun) fit() bool {
	var least, most int64
	for _, t := range r.terms {
		least, most = min(least, t.least), max(most, t.most)
		t.sum.left += 4
	}
	r.fields = fours
	if r.terms[0].leaf != nil || r.turns(least, most) == 0 {
		r.fields = pairs
	}
	for _, s := range r.sums {
		if s.left+4 > pairs.turns(least, most) { // four more: a lookup may be of one code
			return false
		}
		s.narrow = s.first != nil && zero(s.first) && least*int64(s.left) >= math.MinInt32 && most*int64(s.left) <= math.MaxInt32
		s.left /= r.columns
		s.least, s.turns = least*int64(r.columns), r.turns(least, most)
	}
	return true
}

// dots emits the run as a loop over pairs of rows.
func (g *gen) dots(r *dotRun) {
	g.forget()
	for _, s := range r.sums {
		if s.first == nil {
			continue
		}
		if !zero(s.first) {
			s.from = g.named(s.first, g.eval(s.first, lane{}).to(kInt))
		}
		name := g.names.fresh(camel(s.v.Name))
		g.emit(jen.Var().Id(name).Index(jen.Id(intText(s.v.Lanes))).Id("int"))
		g.vars[s.v] = place{name: name, array: true}
	}
	if r.terms[0].leaf != nil {
		g.lookUp(r)
		return
	}
	factors := make([][]value, len(r.terms))
	for i, t := range r.terms {
		for _, p := range t.codes.pieces {
			g.share(p.load)
		}
		factors[i] = g.factors(t.x, r.fields)
	}
	g.overLanes(r.sums[0].v.Lanes/2, nil, func(l lane) {
		words := words{g: g, l: l}
		var opened []value
		for i, t := range r.terms {
			if i == 0 || !t.codes.equal(r.terms[i-1].codes) {
				several := i+1 < len(r.terms) && t.codes.equal(r.terms[i+1].codes)
				opened = g.allFields(t.codes, words.of(t.codes), r.fields, several)
			}
			for step, c := range opened {
				t.sum.add(g, r.fields, infix(kU64, "*", precMul, c, factors[i][step]))
			}
			t.sum.write(g)
		}
		for _, s := range r.sums {
			s.store(g, l.part(0, 2), call(kU32, "uint32", ident(kU64, s.halves)))
			s.store(g, l.part(1, 2), upper(s.halves))
		}
	})
}

// factors names what each word of fields of four columns is multiplied with.
func (g *gen) factors(x loop.Expr, f fields) []value {
	out := make([]value, f.steps())
	for step := range out {
		var sum value
		for c := f.columns - 1; c >= 0; c-- {
			l := lane{k: step + c*f.steps()}
			v := g.eval(g.special(x, l), l).to(kInt)
			if up := f.width * (f.columns - 1 - c); up > 0 {
				sum = infix(kInt, "+", precAdd, sum, infix(kInt, "<<", precMul, v, intLiteral(int64(up))))
			} else {
				sum = v
			}
		}
		out[step] = g.factor(sum)
	}
	return out
}

// factor names a word to multiply with.
func (g *gen) factor(v value) value {
	name := g.names.temp("factor")
	g.emit(jen.Id(name).Op(":=").Add(call(kU64, "uint64", v).code))
	return ident(kU64, name)
}
