package jinja

import "slices"

var dictMethods = []*native{
	{name: "get", params: "key default?", fn: func(r *renderer, v Value, a []Value) Value {
		hash, ok := r.hash(a[0])
		if !ok {
			r.fail("a '%s' can't be a key", a[0].pyType())
		}
		if got, ok := v.(*Dict).at(hash); ok {
			return got
		}
		if a[1] == nil {
			return None
		}
		return a[1]
	}},
	{name: "keys", fn: func(r *renderer, v Value, _ []Value) Value {
		return &view{"dict_keys", v.(*Dict).keys}
	}},
	{name: "values", fn: func(r *renderer, v Value, _ []Value) Value {
		return &view{"dict_values", v.(*Dict).values}
	}},
	{name: "items", fn: func(r *renderer, v Value, _ []Value) Value {
		r.step(v.(*Dict).Len())
		return &view{"dict_items", v.(*Dict).items()}
	}},
	{name: "copy", fn: func(_ *renderer, v Value, _ []Value) Value { return v }},
}

var listMethods = []*native{
	{name: "copy", fn: func(_ *renderer, v Value, _ []Value) Value { return v }},
}

// sequenceMethods are those of lists, tuples and ranges.
var sequenceMethods = []*native{
	{name: "index", params: "value", fn: func(r *renderer, v Value, a []Value) Value {
		i := slices.IndexFunc(r.iterate(v), func(item Value) bool { return r.equal(item, a[0]) })
		if i < 0 {
			r.fail("the value isn't in the %s", v.pyType())
		}
		return Int(i)
	}},
	{name: "count", params: "value", fn: func(r *renderer, v Value, a []Value) Value {
		n := 0
		for _, item := range r.iterate(v) {
			if r.equal(item, a[0]) {
				n++
			}
		}
		return Int(n)
	}},
}
