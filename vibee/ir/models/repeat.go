package models

import (
	"slices"

	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/grammar"
)

func (b *builder) repeat(r *grammar.Repeat) {
	lo, hi := b.typed(r.Lo, "dim", "a loop's bound"), b.typed(r.Hi, "dim", "a loop's bound")
	n := &plan.Repeat{Var: b.unique(r.Var.Text), Lo: lo, Hi: hi}
	b.types[n.Var] = "dim"
	carried := b.carried(r.Body)
	before := make([]*value, len(carried))
	for i, a := range carried {
		before[i] = b.lookup(a.Pos, a.Text)
		c := *before[i]
		c.name = b.unique(a.Text)
		n.Carry = append(n.Carry, plan.Carry{Name: c.name, Init: before[i].name})
		b.assign(a.Pos, a.Text, &c)
	}
	outer := b.nodes
	b.nodes = &n.Body
	b.scope = newScope(b.scope)
	b.scope.vals[r.Var.Text] = &value{kind: scalar, expr: plan.Name(n.Var)}
	failed := b.failed
	b.items(r.Body)
	if b.failed == failed {
		b.unusedHere(r.Body)
	}
	b.scope = b.scope.outer
	for i, a := range carried {
		v := b.lookup(a.Pos, a.Text)
		b.sameShape(a.Pos, a.Text, v.shape, before[i].shape)
		n.Carry[i].Next = v.name
		c := *v
		c.name = n.Carry[i].Name
		b.assign(a.Pos, a.Text, &c)
	}
	b.nodes = outer
	b.add(n)
}

// carried are the variables of outside that a loop's body changes.
func (b *builder) carried(items []grammar.Item) (out []*grammar.Ident) {
	own := map[string]bool{}
	for _, item := range unfolded(items) {
		switch item := item.(type) {
		case *grammar.Let:
			for _, n := range item.Names {
				own[n.Text] = true
			}
		case *grammar.Assign:
			id, ok := item.Target.(*grammar.Ident)
			if !ok || own[id.Text] || slices.ContainsFunc(out, func(o *grammar.Ident) bool { return o.Text == id.Text }) {
				continue
			}
			if !b.visible(id.Text) {
				b.failf(id.Pos, "%s has no value before the loop", id.Text)
			}
			out = append(out, id)
		}
	}
	return out
}

// unfolded is items with what passes hold in their place.
func unfolded(items []grammar.Item) (out []grammar.Item) {
	for _, item := range items {
		if p, ok := item.(*grammar.Pass); ok {
			out = append(out, p.Items()...)
		} else {
			out = append(out, item)
		}
	}
	return out
}

func (b *builder) visible(name string) bool {
	for s := b.scope; s != nil; s = s.outer {
		if s.vals[name] != nil {
			return true
		}
	}
	return false
}

// unusedHere says which lets, parameters, states and weights of a body nothing uses.
func (b *builder) unusedHere(items []grammar.Item) {
	b.unused()
	b.unusedWeights(items)
}
