package jinja

import (
	"strings"
	"unicode/utf8"
)

// padMethods strip and pad a text.
var padMethods = []*native{
	{name: "strip", params: "chars?", fn: func(r *renderer, v Value, a []Value) Value {
		return r.strip(string(v.(Str)), a[0], true, true)
	}},
	{name: "lstrip", params: "chars?", fn: func(r *renderer, v Value, a []Value) Value {
		return r.strip(string(v.(Str)), a[0], true, false)
	}},
	{name: "rstrip", params: "chars?", fn: func(r *renderer, v Value, a []Value) Value {
		return r.strip(string(v.(Str)), a[0], false, true)
	}},
	{name: "center", params: "width fillchar?", fn: func(r *renderer, v Value, a []Value) Value {
		return r.padded(v, a, func(n, width int) int { return n/2 + n&width&1 })
	}},
	{name: "ljust", params: "width fillchar?", fn: func(r *renderer, v Value, a []Value) Value {
		return r.padded(v, a, func(int, int) int { return 0 })
	}},
	{name: "rjust", params: "width fillchar?", fn: func(r *renderer, v Value, a []Value) Value {
		return r.padded(v, a, func(n, _ int) int { return n })
	}},
	{name: "zfill", params: "width", fn: func(r *renderer, v Value, a []Value) Value {
		s := string(v.(Str))
		sign := ""
		if strings.HasPrefix(s, "-") || strings.HasPrefix(s, "+") {
			sign, s = s[:1], s[1:]
		}
		n := r.integer("zfill", a[0]) - int64(utf8.RuneCountInString(s)+len(sign))
		return Str(sign + r.repeatText("0", n) + s)
	}},
	{name: "expandtabs", params: "tabsize?", fn: expandTabs},
	{name: "format", raw: func(r *renderer, v Value, a args) Value {
		return Str(r.format(string(v.(Str)), a))
	}},
}

func (r *renderer) strip(s string, chars Value, left, right bool) Value {
	r.read(len(s))
	cut := isSpace
	if !isNone(chars) {
		set := r.text("strip", chars)
		cut = func(c rune) bool { return strings.ContainsRune(set, c) }
		r.read(len(set) * min(len(s), 1<<20))
	}
	if left {
		s = strings.TrimLeftFunc(s, cut)
	}
	if right {
		s = strings.TrimRightFunc(s, cut)
	}
	return Str(s)
}

// padded fills v up to a width; left says how much of the fill goes before it.
func (r *renderer) padded(v Value, a []Value, left func(n, width int) int) Value {
	s, fill := string(v.(Str)), " "
	if a[1] != nil {
		fill = r.text("fillchar", a[1])
	}
	if utf8.RuneCountInString(fill) != 1 {
		r.fail("a fill is one character")
	}
	width := r.integer("a width", a[0])
	n := width - int64(utf8.RuneCountInString(s))
	if n <= 0 {
		return v
	}
	before := int64(left(int(n), int(width)))
	return Str(r.repeatText(fill, before) + s + r.repeatText(fill, n-before))
}

func expandTabs(r *renderer, v Value, a []Value) Value {
	size := r.integerOr("expandtabs", a[0], 8)
	var b strings.Builder
	col := int64(0)
	r.made(len(v.(Str)))
	for _, c := range string(v.(Str)) {
		switch c {
		case '\t':
			if size > 0 {
				b.WriteString(r.repeatText(" ", size-col%size))
				col += size - col%size
			}
		case '\n', '\r':
			b.WriteRune(c)
			col = 0
		default:
			b.WriteRune(c)
			col++
		}
	}
	return Str(b.String())
}
