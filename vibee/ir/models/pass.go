package models

import (
	"slices"

	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/grammar"
)

// pass is what is known of a pass's calls while they are built. A call is in round 0, or in round 1 where it needs all of
// what one in round 0 makes.
type pass struct {
	makers map[string][]*maker // of a buffer: several by choices
	states map[string][]*maker // those that touch it
	number [2]int              // of calls in each round; of a choice's sides the larger
	outer  grammar.Pos         // of the layer that is called in the pass itself; none: File is ""
}

// maker is a call that makes a buffer, or touches a state.
type maker struct {
	op     string
	round  int
	runs   plan.Expr // of what it makes
	writes bool      // to the state
}

// together builds the calls of a pass.
func (b *builder) together(item *grammar.Pass) {
	if b.pass != nil {
		b.failf(item.Pos, "a pass stands in another: it is part of %s", b.layers[len(b.layers)-1])
	}
	n := &plan.Pass{}
	p := &pass{makers: map[string][]*maker{}, states: map[string][]*maker{}}
	outer, failed := b.nodes, b.failed
	b.nodes, b.pass = &n.Body, p
	b.items(item.Items())
	b.nodes, b.pass = outer, nil
	b.add(n)
	if b.failed == failed && max(p.number[0], p.number[1]) < 2 {
		b.errorf(item.Pos, "no two calls of this pass can run at the same time: it changes nothing")
	}
}

// inside notes, until the function that it gives is called, that a layer is called at pos.
func (p *pass) inside(pos grammar.Pos) (leave func()) {
	if p == nil || p.outer.File != "" {
		return func() {}
	}
	p.outer = pos
	return func() { p.outer = grammar.Pos{} }
}

// calls gives the number of calls in each round, count sets it.
func (p *pass) calls() (n [2]int) {
	if p != nil {
		n = p.number
	}
	return n
}

func (p *pass) count(n [2]int) {
	if p != nil {
		p.number = n
	}
}

func atLeast(a, b [2]int) [2]int { return [2]int{max(a[0], b[0]), max(a[1], b[1])} }

// either says that a name stands for one of two buffers.
func (p *pass) either(name, x, y string) {
	if p != nil {
		p.makers[name] = slices.Concat(p.makers[x], p.makers[y])
	}
}

// join finds a call's round, and refuses one that would be the third. It gives what notes the names of its results.
func (b *builder) join(op *plan.Op, args []grammar.Expr, values []*value, dims map[string]plan.Expr) (made func(name string)) {
	p := b.pass
	if p == nil {
		return func(string) {}
	}
	names := map[plan.Name]plan.Expr{}
	for n, d := range dims {
		names[plan.Name(n)] = d
	}
	runs := func(i int) plan.Expr {
		if r := op.Params[i].Runs; op.Split != nil && r != nil {
			return plan.Put(r, names)
		}
		return nil
	}
	me := maker{op: op.Name}
	for i, v := range values {
		if v == nil { // a number
			continue
		}
		round, why := p.after(v, op.Params[i].Write, runs(i))
		if round > 1 {
			at := args[i].At()
			if p.outer.File != "" {
				at = p.outer
			}
			b.failf(at, "%s %s, and the pass has waited before that: begin another pass here", op.Name, why)
		}
		me.round = max(me.round, round)
	}
	p.number[me.round]++
	for i, v := range values {
		if v != nil && v.kind == state {
			m := me
			m.writes = op.Params[i].Write
			p.states[v.name] = append(p.states[v.name], &m)
		}
	}
	out := len(values)
	return func(name string) {
		m := me
		m.runs = runs(out)
		p.makers[name] = []*maker{&m}
		out++
	}
}

// after gives the first round in which a call may take v, and why no earlier one: it writes the state that v is, or reads
// of each of so many runs its own part alone; nil: all.
func (p *pass) after(v *value, writes bool, reads plan.Expr) (round int, why string) {
	for _, m := range p.states[v.name] {
		if (m.writes || writes) && m.round >= round {
			round, why = m.round+1, "comes after "+m.op+", as one of them changes state "+v.name
		}
	}
	for _, m := range p.makers[v.name] {
		switch {
		case m.round < round:
		case reads == nil:
			round, why = m.round+1, "needs all of the result of "+m.op
		case m.runs == nil || !poly(reads).Equal(poly(m.runs)):
			round, why = m.round+1, "is shared out in other parts than "+m.op
		default:
			round = m.round
		}
	}
	return round, why
}
