package jinja

import (
	"strings"
	"unicode/utf8"
)

// searchMethods look for a text within a text.
var searchMethods = []*native{
	{name: "startswith", params: "prefix start? end?", fn: func(r *renderer, v Value, a []Value) Value {
		return Bool(r.affix(v, a, strings.HasPrefix))
	}},
	{name: "endswith", params: "suffix start? end?", fn: func(r *renderer, v Value, a []Value) Value {
		return Bool(r.affix(v, a, strings.HasSuffix))
	}},
	{name: "find", params: "sub start? end?", fn: func(r *renderer, v Value, a []Value) Value {
		return r.find("find", v, a, strings.Index)
	}},
	{name: "rfind", params: "sub start? end?", fn: func(r *renderer, v Value, a []Value) Value {
		return r.find("rfind", v, a, strings.LastIndex)
	}},
	{name: "index", params: "sub start? end?", fn: func(r *renderer, v Value, a []Value) Value {
		return r.found(r.find("index", v, a, strings.Index))
	}},
	{name: "rindex", params: "sub start? end?", fn: func(r *renderer, v Value, a []Value) Value {
		return r.found(r.find("rindex", v, a, strings.LastIndex))
	}},
	{name: "count", params: "sub start? end?", fn: func(r *renderer, v Value, a []Value) Value {
		s, _, ok := r.window(string(v.(Str)), a[1], a[2])
		if !ok {
			return Int(0)
		}
		return Int(strings.Count(s, r.text("count", a[0])))
	}},
	{name: "replace", params: "old new count?", fn: func(r *renderer, v Value, a []Value) Value {
		return Str(r.replace(string(v.(Str)), r.text("replace", a[0]), r.text("replace", a[1]), a[2]))
	}},
	{name: "removeprefix", params: "prefix", fn: func(r *renderer, v Value, a []Value) Value {
		return Str(strings.TrimPrefix(string(v.(Str)), r.text("removeprefix", a[0])))
	}},
	{name: "removesuffix", params: "suffix", fn: func(r *renderer, v Value, a []Value) Value {
		return Str(strings.TrimSuffix(string(v.(Str)), r.text("removesuffix", a[0])))
	}},
}

func (r *renderer) found(i Value) Value {
	if i == Int(-1) {
		r.fail("the text isn't there: find gives -1 instead")
	}
	return i
}

// window is s[start:end] and the characters before it; false where start lies
// past the end of s.
func (r *renderer) window(s string, start, end Value) (string, int, bool) {
	r.read(len(s))
	if isNone(start) && isNone(end) {
		return s, 0, true
	}
	bounds := [3]Value{None, None, None}
	if start != nil {
		bounds[0] = start
	}
	if end != nil {
		bounds[1] = end
	}
	size, _ := size(Str(s))
	from, _, _ := r.span(int64(size), bounds)
	if past := r.bound(bounds[0], 0); past > int64(size) {
		return "", 0, false
	}
	return string(r.slice(Str(s), bounds).(Str)), int(from), true
}

func (r *renderer) find(name string, v Value, a []Value, index func(s, sub string) int) Value {
	s, before, ok := r.window(string(v.(Str)), a[1], a[2])
	i := index(s, r.text(name, a[0]))
	if !ok || i < 0 {
		return Int(-1)
	}
	return Int(before + utf8.RuneCountInString(s[:i]))
}

// affix tries a text, or each of a tuple of them.
func (r *renderer) affix(v Value, a []Value, has func(s, affix string) bool) bool {
	s, _, ok := r.window(string(v.(Str)), a[1], a[2])
	options := []Value{a[0]}
	if t, ok := a[0].(*tuple); ok {
		options = t.items
	}
	for _, option := range options {
		r.step(1)
		if has(s, r.text("this", option)) && ok {
			return true
		}
	}
	return false
}

// replace puts new in old's place, count times at most where there is a count.
func (r *renderer) replace(s, old, new string, count Value) string {
	n := len(s) + 1
	if !isNone(count) {
		if c := r.integer("replace", count); c >= 0 {
			n = int(min(c, int64(n)))
		}
	}
	r.read(len(s))
	if more := len(new) - len(old); more > 0 {
		r.made(min(n, strings.Count(s, old)) * more)
	}
	r.made(len(s))
	return strings.Replace(s, old, new, n)
}
