package spec

import (
	"maps"
	"slices"
)

// Walk calls f for the expressions of all equations, the ranges of their indices among them.
func (b *Body) Walk(f func(Expr) bool) {
	var index func([]*Index)
	look := func(e Expr) bool {
		if r, ok := e.(*Reduce); ok {
			index(r.Index)
		}
		return f(e)
	}
	index = func(list []*Index) {
		for _, i := range list {
			Walk(i.Lo, look)
			Walk(i.Hi, look)
		}
	}
	for _, l := range b.Lets {
		index(l.Index)
		Walk(l.Value, look)
	}
	for _, s := range b.Sets {
		index(s.Index)
		for _, e := range s.At {
			Walk(e, look)
		}
		Walk(s.Value, look)
	}
}

// Any reports whether f holds for some expression.
func (b *Body) Any(f func(Expr) bool) bool {
	found := false
	b.Walk(func(e Expr) bool {
		found = found || f(e)
		return !found
	})
	return found
}

// Sums are the names of the indices by which orders name the sums of floats, sorted.
func (b *Body) Sums() []string {
	names := map[string]bool{}
	b.Walk(func(e Expr) bool {
		if r, ok := e.(*Reduce); ok && r.Kind == "sum" && r.Type().Float() {
			names[r.Index[len(r.Index)-1].Name] = true
		}
		return true
	})
	return slices.Sorted(maps.Keys(names))
}
