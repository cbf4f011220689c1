package jinja

import (
	"slices"
	"strings"
)

// orderFilters compare items. Texts compare without case unless case_sensitive.
var orderFilters = []*native{
	{name: "sort", params: "reverse? case_sensitive? attribute?", fn: func(r *renderer, v Value, a []Value) Value {
		items := r.iterate(v)
		keys := make([]Value, len(items))
		for i, item := range items {
			keys[i] = r.sortKey(item, a[2], flag(a[1]))
		}
		return &List{r.sorted(items, keys, flag(a[0]))}
	}},
	{name: "dictsort", params: "case_sensitive? by? reverse?", fn: func(r *renderer, v Value, a []Value) Value {
		d, ok := v.(*Dict)
		if !ok {
			r.fail("dictsort takes a mapping, not '%s'", v.pyType())
		}
		by, ok := map[string][]Value{"key": d.keys, "value": d.values}[r.textOr(a[1], "key")]
		if !ok {
			r.fail("dictsort sorts by 'key' or by 'value'")
		}
		keys := make([]Value, len(by))
		for i, k := range by {
			keys[i] = r.folded(k, flag(a[0]))
		}
		return &List{r.sorted(d.items(), keys, flag(a[2]))}
	}},
	{name: "unique", lazy: true, params: "case_sensitive? attribute?", fn: func(r *renderer, v Value, a []Value) Value {
		seen := map[string]bool{}
		var out []Value
		for _, item := range r.iterate(v) {
			key := r.attrKey(item, a[1], flag(a[0]))
			hash, ok := r.hash(key)
			if !ok {
				r.fail("unique can't tell values of type '%s' apart", key.pyType())
			}
			r.step(1)
			if !seen[hash] {
				seen[hash] = true
				out = append(out, item)
			}
		}
		return NewList(out...)
	}},
	{name: "min", params: "case_sensitive? attribute?", fn: func(r *renderer, v Value, a []Value) Value {
		return r.extreme(v, a, "<")
	}},
	{name: "max", params: "case_sensitive? attribute?", fn: func(r *renderer, v Value, a []Value) Value {
		return r.extreme(v, a, ">")
	}},
}

// folded is v for comparing: a text in lower case unless case counts.
func (r *renderer) folded(v Value, caseCounts bool) Value {
	if s, ok := v.(Str); ok && !caseCounts {
		r.made(len(s))
		return Str(lower(string(s)))
	}
	return v
}

func (r *renderer) attrKey(item, attr Value, caseCounts bool) Value {
	if !isNone(attr) {
		item = r.path(item, attr)
	}
	return r.folded(item, caseCounts)
}

// sortKey holds the attributes "a,b" of item, or the item itself.
func (r *renderer) sortKey(item, attr Value, caseCounts bool) Value {
	names, ok := attr.(Str)
	if !ok {
		return &tuple{items: []Value{r.attrKey(item, attr, caseCounts)}}
	}
	key := &tuple{}
	for name := range strings.SplitSeq(string(names), ",") {
		key.items = append(key.items, r.attrKey(item, Str(name), caseCounts))
	}
	return key
}

// sorted gives items in the order of their keys, stable in either direction.
func (r *renderer) sorted(items, keys []Value, reverse bool) []Value {
	r.step(2 * len(items))
	order := make([]int, len(items))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		c, _ := r.order("<", keys[i], keys[j])
		if reverse {
			c = -c
		}
		return c
	})
	out := make([]Value, len(items))
	for i, at := range order {
		out[i] = items[at]
	}
	return out
}

func (r *renderer) extreme(v Value, a []Value, op string) Value {
	items := r.iterate(v)
	if len(items) == 0 {
		return &undefined{"there is no aggregated item, the sequence is empty"}
	}
	best, key := items[0], r.attrKey(items[0], a[1], flag(a[0]))
	for _, item := range items[1:] {
		if k := r.attrKey(item, a[1], flag(a[0])); r.compare(op, k, key) {
			best, key = item, k
		}
	}
	return best
}
