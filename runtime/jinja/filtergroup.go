package jinja

import "slices"

// groupFilters make one of many.
var groupFilters = []*native{
	{name: "groupby", params: "attribute default? case_sensitive?", fn: func(r *renderer, v Value, a []Value) Value {
		items := r.iterate(v)
		keys := make([]Value, len(items))
		original := make([]Value, len(items))
		for i, item := range items {
			original[i] = r.path(item, a[0])
			if isUndefined(original[i]) && a[1] != nil {
				original[i] = a[1]
			}
			keys[i] = r.folded(original[i], flag(a[2]))
		}
		order := make([]Value, len(items))
		for i := range order {
			order[i] = Int(i)
		}
		var groups []Value
		var last Value
		for _, v := range r.sorted(order, keys, false) {
			i := int(v.(Int))
			if last == nil || !r.equal(last, keys[i]) {
				groups = append(groups, &tuple{[]Value{original[i], NewList()}, []string{"grouper", "list"}})
			}
			last = keys[i]
			list := groups[len(groups)-1].(*tuple).items[1].(*List)
			list.items = append(list.items, items[i])
		}
		return &List{slices.Clip(groups)}
	}},
	{name: "sum", params: "attribute? start?", fn: func(r *renderer, v Value, a []Value) Value {
		items := r.iterate(v)
		if !isNone(a[0]) {
			items = r.attributes(items, a[0])
		}
		total := a[1]
		if total == nil {
			total = Int(0)
		}
		if _, ok := total.(Str); ok {
			r.fail("sum takes no texts: use join")
		}
		for _, item := range items {
			r.step(1)
			total = r.binary("+", total, item)
		}
		return total
	}},
}
