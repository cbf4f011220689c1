package jinja

import (
	"slices"
	"strings"
)

// texts makes a list of what pieces are.
func (r *renderer) texts(pieces []string) *List {
	r.step(len(pieces))
	items := make([]Value, len(pieces))
	for i, s := range pieces {
		items[i] = Str(s)
	}
	return &List{items}
}

// splitMethods take a text apart and put it together.
var splitMethods = []*native{
	{name: "split", params: "sep? maxsplit?", fn: func(r *renderer, v Value, a []Value) Value {
		return r.texts(r.split(string(v.(Str)), a, false))
	}},
	{name: "rsplit", params: "sep? maxsplit?", fn: func(r *renderer, v Value, a []Value) Value {
		return r.texts(r.split(string(v.(Str)), a, true))
	}},
	{name: "splitlines", params: "keepends?", fn: func(r *renderer, v Value, a []Value) Value {
		r.made(len(v.(Str)))
		return r.texts(splitLines(string(v.(Str)), flag(a[0])))
	}},
	{name: "partition", params: "sep", fn: func(r *renderer, v Value, a []Value) Value {
		return r.partition(string(v.(Str)), r.separator(a[0]), false)
	}},
	{name: "rpartition", params: "sep", fn: func(r *renderer, v Value, a []Value) Value {
		return r.partition(string(v.(Str)), r.separator(a[0]), true)
	}},
	{name: "join", params: "iterable", fn: func(r *renderer, v Value, a []Value) Value {
		items := r.iterate(a[0])
		for _, item := range items {
			r.text("join", item)
		}
		return r.joined(items, string(v.(Str)))
	}},
}

func (r *renderer) separator(v Value) string {
	sep := r.text("a separator", v)
	if sep == "" {
		r.fail("a separator can't be empty")
	}
	return sep
}

func (r *renderer) split(s string, a []Value, fromRight bool) []string {
	r.made(len(s))
	n := int(r.integerOr("split", a[1], -1))
	if n < 0 {
		n = len(s)
	}
	switch {
	case isNone(a[0]) && fromRight:
		return splitSpaceRight(s, n)
	case isNone(a[0]):
		return splitSpace(s, n)
	case fromRight:
		return splitRight(s, r.separator(a[0]), n)
	}
	return strings.SplitN(s, r.separator(a[0]), min(n, len(s))+1)
}

// splitSpace cuts at runs of space, n times at most.
func splitSpace(s string, n int) (out []string) {
	for s = strings.TrimLeftFunc(s, isSpace); s != ""; s = strings.TrimLeftFunc(s, isSpace) {
		end := strings.IndexFunc(s, isSpace)
		if end < 0 || len(out) == n {
			return append(out, s)
		}
		out = append(out, s[:end])
		s = s[end:]
	}
	return out
}

func splitSpaceRight(s string, n int) (out []string) {
	for s = strings.TrimRightFunc(s, isSpace); s != ""; s = strings.TrimRightFunc(s, isSpace) {
		i := strings.LastIndexFunc(s, isSpace)
		if i < 0 || len(out) == n {
			out = append(out, s)
			break
		}
		word := strings.TrimLeftFunc(s[i:], isSpace)
		out = append(out, word)
		s = s[:i]
	}
	slices.Reverse(out)
	return out
}

func splitRight(s, sep string, n int) (out []string) {
	for len(out) < n {
		i := strings.LastIndex(s, sep)
		if i < 0 {
			break
		}
		out = append(out, s[i+len(sep):])
		s = s[:i]
	}
	out = append(out, s)
	slices.Reverse(out)
	return out
}

// partition is (before, sep, after); without a sep all of s is before (or after).
func (r *renderer) partition(s, sep string, last bool) Value {
	r.made(len(s))
	i := strings.Index(s, sep)
	if last {
		i = strings.LastIndex(s, sep)
	}
	parts := []Value{Str(s), Str(""), Str("")}
	switch {
	case i >= 0:
		parts = []Value{Str(s[:i]), Str(sep), Str(s[i+len(sep):])}
	case last:
		slices.Reverse(parts)
	}
	return &tuple{items: parts}
}
