package jinja

import (
	"slices"
	"strings"
)

// sequenceFilters take sequences apart and make them.
var sequenceFilters = []*native{
	{name: "list", fn: func(r *renderer, v Value, _ []Value) Value { return &List{r.iterate(v)} }},
	{name: "length count", fn: func(r *renderer, v Value, _ []Value) Value {
		n, ok := size(v)
		if !ok {
			r.fail("a '%s' has no length", v.pyType())
		}
		return Int(n)
	}},
	{name: "first", fn: func(r *renderer, v Value, _ []Value) Value {
		items := r.iterate(v)
		if len(items) == 0 {
			return &undefined{"there is no first item, the sequence is empty"}
		}
		if g, ok := v.(*generator); ok {
			g.items = items[1:]
		}
		return items[0]
	}},
	{name: "last", fn: func(r *renderer, v Value, _ []Value) Value {
		items := r.reversible(v)
		if len(items) == 0 {
			return &undefined{"there is no last item, the sequence is empty"}
		}
		return items[len(items)-1]
	}},
	{name: "reverse", fn: func(r *renderer, v Value, _ []Value) Value {
		items := slices.Clone(r.iterate(v))
		r.step(len(items))
		slices.Reverse(items)
		switch v.(type) {
		case Str:
			return r.joined(items, "")
		case *generator:
			return &List{items}
		}
		return &generator{items: items}
	}},
	{name: "join", params: "d? attribute?", fn: func(r *renderer, v Value, a []Value) Value {
		items := r.iterate(v)
		if !isNone(a[1]) {
			items = r.attributes(items, a[1])
		}
		return r.joined(items, r.textOr(a[0], ""))
	}},
	{name: "items", lazy: true, fn: func(r *renderer, v Value, _ []Value) Value {
		switch v := v.(type) {
		case *Dict:
			r.step(v.Len())
			return &List{v.items()}
		case *undefined:
			return &List{}
		}
		r.fail("items takes a mapping, not '%s'", v.pyType())
		return nil
	}},
	{name: "batch", lazy: true, params: "linecount fill_with?", fn: func(r *renderer, v Value, a []Value) Value {
		n := max(int(r.integer("batch", a[0])), 1)
		var out []Value
		for part := range slices.Chunk(r.iterate(v), n) {
			r.step(len(part))
			out = append(out, NewList(r.filled(part, n, a[1])...))
		}
		return NewList(out...)
	}},
	{name: "slice", lazy: true, params: "slices fill_with?", fn: sliceFilter},
}

// filled is part with fill after it up to n items, if there is a fill.
func (r *renderer) filled(part []Value, n int, fill Value) []Value {
	if isNone(fill) || len(part) >= n {
		return part
	}
	r.step(n)
	return append(slices.Clip(part), slices.Repeat([]Value{fill}, n-len(part))...)
}

// sliceFilter cuts a sequence into so many columns of nearly equal length.
func sliceFilter(r *renderer, v Value, a []Value) Value {
	items, n := r.iterate(v), int(r.integer("slice", a[0]))
	if n <= 0 {
		r.fail("slice takes a count of 1 or more")
	}
	r.step(n)
	least, more := len(items)/n, len(items)%n
	out := make([]Value, n)
	for i := range out {
		end := least
		if i < more {
			end++
		}
		part := items[:end]
		items = items[end:]
		if i >= more {
			part = r.filled(part, least+1, a[1])
		}
		out[i] = NewList(part...)
	}
	return NewList(out...)
}

// reversible is iterate for what Python can walk backwards.
func (r *renderer) reversible(v Value) []Value {
	if _, once := v.(*generator); once {
		r.fail("a 'generator' has no last item: use |list before")
	}
	return r.iterate(v)
}

func (r *renderer) attributes(items []Value, attr Value) []Value {
	out := make([]Value, len(items))
	for i, item := range items {
		r.step(1)
		out[i] = r.path(item, attr)
	}
	return out
}

func (r *renderer) joined(items []Value, sep string) Value {
	var b strings.Builder
	for i, item := range items {
		if i > 0 {
			b.WriteString(sep)
		}
		s := r.str(item)
		r.made(len(s) + len(sep))
		b.WriteString(s)
	}
	return Str(b.String())
}
