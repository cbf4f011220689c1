package models

import (
	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/grammar"
)

// items runs through the body of a layer or of forward. An item with an error leaves its names unknown.
func (b *builder) items(items []grammar.Item) {
	for _, item := range items {
		if !b.guard(func() { b.item(item) }) {
			b.abandon(item)
		}
	}
}

// abandon leaves the names of an item unknown.
func (b *builder) abandon(item grammar.Item) {
	switch item := item.(type) {
	case *grammar.Weight:
		b.giveUp(item.Name)
	case *grammar.State:
		b.giveUp(item.Name)
	case *grammar.Let:
		for _, n := range item.Names {
			b.giveUp(n)
		}
	case *grammar.Assign:
		if id, ok := item.Target.(*grammar.Ident); ok {
			b.guard(func() { b.assign(id.Pos, id.Text, &value{kind: unknown}) })
		}
	case *grammar.Pass:
		for _, x := range item.Items() {
			b.abandon(x)
		}
	case *grammar.Repeat:
		for _, x := range unfolded(item.Body) {
			if a, ok := x.(*grammar.Assign); ok {
				b.abandon(a)
			}
		}
	}
}

func (b *builder) giveUp(n *grammar.Name) {
	b.scope.vals[n.Text] = &value{kind: unknown}
}

func (b *builder) item(item grammar.Item) {
	if b.size > maxNodes {
		panic(failure{}) // said already
	}
	switch item := item.(type) {
	case *grammar.Weight:
		v := &value{kind: weight, name: b.unique(item.Name.Text), opt: item.Optional, elem: item.Type.Path.Text}
		b.define("weight", item.Name, v)
		b.scope.defs = b.scope.defs[:len(b.scope.defs)-1] // unusedWeights has more to say
		b.weight(item, v)
	case *grammar.State:
		b.state(item)
	case *grammar.Require:
		r := b.require(item)
		b.add(&plan.Guard{Cond: r.Cond, Message: r.Message})
	case *grammar.Let:
		vals := b.values(item.Value)
		if len(vals) != len(item.Names) {
			b.failf(item.Pos, "%d %s for %d %s", len(item.Names), plural(len(item.Names), "name"), len(vals), plural(len(vals), "value"))
		}
		for i, n := range item.Names {
			b.define("let", n, vals[i])
		}
	case *grammar.Assign:
		id, ok := item.Target.(*grammar.Ident)
		if !ok {
			b.failf(item.Pos, "only a name is given a value here")
		}
		b.assign(id.Pos, id.Text, b.value(item.Value))
	case *grammar.Do:
		if vals := b.call(item.Call); len(vals) > 0 {
			b.failf(item.Pos, "the call gives %d %s that nothing takes: name it with a let", len(vals), plural(len(vals), "value"))
		}
	case *grammar.Repeat:
		b.repeat(item)
	case *grammar.Pass:
		b.together(item)
	default:
		b.failf(item.At(), "this does not belong here")
	}
}

func plural(n int, one string) string {
	if n == 1 {
		return one
	}
	return one + "s"
}
