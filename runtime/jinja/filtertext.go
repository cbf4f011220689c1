package jinja

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
)

// onText makes a filter that gives another text.
func onText(name string, f func(string) string) *native {
	return &native{name: name, fn: func(r *renderer, v Value, _ []Value) Value {
		s := r.str(v)
		r.made(2 * len(s))
		return Str(f(s))
	}}
}

var textFilters = []*native{
	onText("string", func(s string) string { return s }),
	onText("safe", func(s string) string { return s }),
	onText("upper", upper),
	onText("lower", lower),
	onText("capitalize", capitalize),
	onText("title", titleWords),
	onText("escape e forceescape", htmlEscaper.Replace),
	onText("striptags", stripTags),
	{name: "urlencode", fn: urlencode},
	{name: "wordcount", fn: func(r *renderer, v Value, _ []Value) Value {
		s := r.str(v)
		r.made(len(s))
		return Int(len(strings.FieldsFunc(s, func(c rune) bool { return c != '_' && !isAlnum(c) })))
	}},
	{name: "trim", params: "chars?", fn: func(r *renderer, v Value, a []Value) Value {
		return r.strip(r.str(v), a[0], true, true)
	}},
	{name: "replace", params: "old new count?", fn: func(r *renderer, v Value, a []Value) Value {
		return Str(r.replace(r.str(v), r.str(a[0]), r.str(a[1]), a[2]))
	}},
	{name: "format", raw: func(r *renderer, v Value, a args) Value {
		if len(a.pos) > 0 && len(a.names) > 0 {
			r.fail("format takes values with names or without, not both")
		}
		if len(a.names) > 0 {
			d := NewDict()
			for i, k := range a.names {
				d.Set(k, a.named[i])
			}
			return Str(r.percent(r.str(v), d))
		}
		return Str(r.percent(r.str(v), &tuple{items: a.pos}))
	}},
}

var pathEscaper = strings.NewReplacer("+", "%20", "%2F", "/")

// urlencode escapes a text, or joins the pairs of a mapping or a list as a query.
func urlencode(r *renderer, v Value, _ []Value) Value {
	_, text := v.(Str)
	pairs, ok := r.items(v)
	if text || !ok {
		s := r.str(v)
		r.made(3 * len(s))
		return Str(pathEscaper.Replace(url.QueryEscape(s)))
	}
	if d, ok := v.(*Dict); ok {
		pairs = d.items()
	}
	var parts []Value
	for _, pair := range pairs {
		kv := r.iterate(pair)
		if len(kv) != 2 {
			r.fail("urlencode takes pairs, not %d values", len(kv))
		}
		key, value := r.str(kv[0]), r.str(kv[1])
		r.made(3 * (len(key) + len(value)))
		parts = append(parts, Str(url.QueryEscape(key)+"="+url.QueryEscape(value)))
	}
	return r.joined(parts, "&")
}

var htmlEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "'", "&#39;", `"`, "&#34;")

var tagPattern = regexp.MustCompile(`(?s)<!--.*?-->|<[^>]*>`)

func stripTags(s string) string {
	return strings.Join(splitSpace(tagPattern.ReplaceAllString(s, ""), len(s)), " ")
}

// titleWords has each word begin with a capital: after space, a dash or an opening
// bracket, and there alone.
func titleWords(s string) string {
	var b strings.Builder
	start := true
	for _, c := range s {
		switch {
		case isSpace(c) || strings.ContainsRune("-({[<", c):
			start = true
			b.WriteRune(c)
		case start:
			start = false
			b.WriteString(upper(string(c)))
		default:
			b.WriteRune(unicode.ToLower(c))
		}
	}
	return b.String()
}
