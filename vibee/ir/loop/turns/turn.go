package turns

import (
	"strings"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// turn is one of those that run side by side.
type turn struct {
	vars   map[*loop.Var]*loop.Var   // the body's, in it
	views  map[*loop.View]*loop.View // the body's, in it
	number loop.Expr                 // in its group: the part of temps that it has
	like   *turn                     // it agrees with that one; nil: with none
}

func newTurn(counter, own *loop.Var, number loop.Expr) *turn {
	return &turn{vars: map[*loop.Var]*loop.Var{counter: own}, views: map[*loop.View]*loop.View{}, number: number}
}

// taken reports whether a turn takes an expression's value from the one that it agrees with.
func (j *joiner) taken(t *turn, e loop.Expr) bool { return t.like != nil && j.same[loop.Text(e)] }

// of is an expression of the body in a turn.
func (j *joiner) of(t *turn, e loop.Expr) loop.Expr {
	if j.taken(t, e) {
		return j.of(t.like, e)
	}
	switch e := e.(type) {
	case *loop.Ref:
		if v := t.vars[e.Var]; v != nil {
			return ref(v)
		}
		return e
	case *loop.Load:
		l := *e
		l.Index = j.place(t, e.Buf, j.of(t, e.Index))
		if e.Stride != nil {
			l.Stride = j.of(t, e.Stride)
		}
		return &l
	case *loop.Peek:
		p := *e
		p.Index = j.of(t, e.Index)
		if v := t.views[e.View]; v != nil {
			p.View = v
		}
		return &p
	}
	return loop.Rebuild(e, func(o loop.Expr) loop.Expr { return j.of(t, o) })
}

// each is an expression in each turn.
func (j *joiner) each(turns []*turn, e loop.Expr) (out []loop.Expr) {
	for _, t := range turns {
		out = append(out, j.of(t, e))
	}
	return out
}

// place is where an index of a buffer lies for a turn: each turn has its part of a temp.
func (j *joiner) place(t *turn, b *loop.Buf, index loop.Expr) loop.Expr {
	size := j.size[b]
	if c, ok := t.number.(*loop.ConstInt); size == nil || ok && c.V == 0 {
		return index
	}
	part := times(size, t.number)
	if n := index.Lanes(); n > 1 {
		part = &loop.Splat{A: part, N: n}
	}
	return plus(part, index)
}

// fresh is a variable like another.
func (j *joiner) fresh(v *loop.Var) *loop.Var {
	c := *v
	c.Name = j.name(strings.TrimRight(v.Name, "0123456789"))
	return &c
}

func (j *joiner) counter(name string) *loop.Var {
	return &loop.Var{Name: j.name(name), Type: loop.Int, Lanes: 1}
}

func num(n int) loop.Expr { return &loop.ConstInt{V: int64(n)} }

func ref(v *loop.Var) loop.Expr { return &loop.Ref{Var: v} }

func binary(op loop.Op, a, b loop.Expr) loop.Expr { return &loop.Binary{Op: op, A: a, B: b} }

func plus(a, b loop.Expr) loop.Expr { return binary(loop.Add, a, b) }

func times(a, b loop.Expr) loop.Expr { return binary(loop.Mul, a, b) }

func fold(op loop.Op, list []loop.Expr) loop.Expr {
	out := list[0]
	for _, e := range list[1:] {
		out = binary(op, out, e)
	}
	return out
}
