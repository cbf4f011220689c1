package jinja

import (
	"strings"
	"unicode/utf8"
)

// layoutFilters lay a text out in lines and columns.
var layoutFilters = []*native{
	{name: "center", params: "width?", fn: func(r *renderer, v Value, a []Value) Value {
		width := Value(Int(80))
		if a[0] != nil {
			width = a[0]
		}
		return r.invoke(methods["str"]["center"], Str(r.str(v)), args{pos: []Value{width}})
	}},
	{name: "indent", params: "width? first? blank?", fn: indent},
	{name: "truncate", params: "length? killwords? end? leeway?", fn: truncate},
}

func indent(r *renderer, v Value, a []Value) Value {
	by := ""
	if s, ok := a[0].(Str); ok {
		by = string(s)
	} else {
		by = r.repeatText(" ", r.integerOr("indent", a[0], 4))
	}
	text := r.text("indent", v)
	lines := splitLines(text+"\n", false)
	r.made(len(text) + len(lines)*len(by))
	for i, line := range lines {
		if i > 0 && (line != "" || flag(a[2])) || i == 0 && flag(a[1]) {
			lines[i] = by + line
		}
	}
	return Str(strings.Join(lines, "\n"))
}

func truncate(r *renderer, v Value, a []Value) Value {
	end := r.textOr(a[2], "...")
	length := r.integerOr("truncate", a[0], 255)
	leeway := int64(5)
	if !isNone(a[3]) {
		leeway = r.integer("truncate", a[3])
	}
	room := length - int64(utf8.RuneCountInString(end))
	if room < 0 || leeway < 0 {
		r.fail("truncate's length is at least that of its end")
	}
	if n, ok := size(v); ok && int64(n) <= length+leeway {
		return v
	}
	text := r.text("truncate", v)
	r.made(4 * len(text))
	cut := string([]rune(text)[:room])
	if i := strings.LastIndex(cut, " "); i >= 0 && !flag(a[1]) {
		cut = cut[:i]
	}
	return Str(cut + end)
}
