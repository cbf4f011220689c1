package jinja

import "strings"

// choiceFilters pick or map items.
var choiceFilters = []*native{
	{name: "default d", params: "default_value? boolean?", fn: func(r *renderer, v Value, a []Value) Value {
		if isUndefined(v) || flag(a[1]) && !truth(v) {
			if a[0] == nil {
				return Str("")
			}
			return a[0]
		}
		return v
	}},
	{name: "map", lazy: true, raw: mapItems},
	{name: "select", lazy: true, raw: func(r *renderer, v Value, a args) Value { return r.choose(v, a, false, true) }},
	{name: "reject", lazy: true, raw: func(r *renderer, v Value, a args) Value { return r.choose(v, a, false, false) }},
	{name: "selectattr", lazy: true, raw: func(r *renderer, v Value, a args) Value { return r.choose(v, a, true, true) }},
	{name: "rejectattr", lazy: true, raw: func(r *renderer, v Value, a args) Value { return r.choose(v, a, true, false) }},
	{name: "attr", params: "name", fn: func(r *renderer, v Value, a []Value) Value {
		r.defined(v)
		name := r.text("attr", a[0])
		if own := r.own(v, name); own != nil {
			return own
		}
		return missing(v, Str(name))
	}},
	tojson,
}

// mapItems is map(attribute=…, default=…) or map(filter, arguments…).
func mapItems(r *renderer, v Value, a args) Value {
	if !truth(v) {
		return NewList()
	}
	var each func(item Value) Value
	if len(a.pos) == 0 {
		b := r.bind("map", args{names: a.names, named: a.named}, []string{"attribute", "default?"})
		each = func(item Value) Value {
			got := r.path(item, b[0])
			if isUndefined(got) && b[1] != nil {
				return b[1]
			}
			return got
		}
	} else {
		name := r.text("map", a.pos[0])
		a.pos = a.pos[1:]
		each = func(item Value) Value { return r.filter(name, item, a) }
	}
	var out []Value
	for _, item := range r.iterate(v) {
		r.step(1)
		out = append(out, each(item))
	}
	return NewList(out...)
}

// choose keeps the items (or those whose attribute) a test holds for; without a
// test, those that are true.
func (r *renderer) choose(v Value, a args, byAttr, keep bool) Value {
	if !truth(v) {
		return NewList()
	}
	get := func(item Value) Value { return item }
	if byAttr {
		if len(a.pos) == 0 {
			r.fail("the name of an attribute is missing")
		}
		attr := a.pos[0]
		a.pos = a.pos[1:]
		get = func(item Value) Value { return r.path(item, attr) }
	}
	test := truth
	if len(a.pos) > 0 {
		name := r.text("a test's name", a.pos[0])
		a.pos = a.pos[1:]
		test = func(v Value) bool { return r.test(name, v, a) }
	}
	var out []Value
	for _, item := range r.iterate(v) {
		r.step(1)
		if test(get(item)) == keep {
			out = append(out, item)
		}
	}
	return NewList(out...)
}

// path is the item at "a.b.0" in v.
func (r *renderer) path(v, attr Value) Value {
	name, ok := attr.(Str)
	if !ok {
		return r.item(v, attr)
	}
	for part := range strings.SplitSeq(string(name), ".") {
		r.step(1)
		var key Value = Str(part)
		if n := digitsLen(part, "0123456789"); n > 0 && n == len(part) && n <= maxDigits {
			key, _ = number(part)
		}
		v = r.item(v, key)
	}
	return v
}
