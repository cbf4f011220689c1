package jinja

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf16"
)

// jsonStyle is how Python's json.dumps writes.
type jsonStyle struct {
	indent     string
	lines      bool // each item on its own
	comma, col string
	ascii      bool
	sort       bool
}

var tojson = &native{
	name:   "tojson",
	params: "ensure_ascii? indent? separators? sort_keys?",
	fn: func(r *renderer, v Value, a []Value) Value {
		s := jsonStyle{comma: ", ", col: ": ", ascii: flag(a[0]), sort: flag(a[3])}
		if !isNone(a[1]) {
			s.lines, s.comma = true, ","
			if text, ok := a[1].(Str); ok {
				s.indent = string(text)
			} else {
				s.indent = r.repeatText(" ", r.integer("tojson", a[1]))
			}
		}
		if !isNone(a[2]) {
			seps := r.iterate(a[2])
			if len(seps) != 2 {
				r.fail("separators are two texts")
			}
			s.comma, s.col = r.text("tojson", seps[0]), r.text("tojson", seps[1])
		}
		var b strings.Builder
		r.writeJSON(&b, v, s, 0)
		return Str(b.String())
	},
}

func (r *renderer) writeJSON(b *strings.Builder, v Value, s jsonStyle, depth int) {
	r.enter()
	defer r.leave()
	switch v := v.(type) {
	case noneValue:
		b.WriteString("null")
	case Bool:
		fmt.Fprint(b, bool(v))
	case Int, bigInt:
		b.WriteString(scalar(v))
	case Float:
		b.WriteString(jsonFloat(v))
	case Str:
		r.jsonText(b, string(v), s.ascii)
	case *List:
		r.jsonItems(b, v.items, s, depth)
	case *tuple:
		r.jsonItems(b, v.items, s, depth)
	case *Dict:
		r.jsonDict(b, v, s, depth)
	default:
		r.defined(v)
		r.fail("a '%s' can't be written as JSON", v.pyType())
	}
}

func jsonFloat(f Float) string {
	switch {
	case math.IsNaN(float64(f)):
		return "NaN"
	case math.IsInf(float64(f), 1):
		return "Infinity"
	case math.IsInf(float64(f), -1):
		return "-Infinity"
	}
	return floatRepr(float64(f))
}

func (r *renderer) jsonItems(b *strings.Builder, items []Value, s jsonStyle, depth int) {
	b.WriteByte('[')
	for i, item := range items {
		r.jsonBreak(b, i > 0, s, depth+1)
		r.writeJSON(b, item, s, depth+1)
	}
	r.jsonEnd(b, ']', len(items), s, depth)
}

func (r *renderer) jsonDict(b *strings.Builder, d *Dict, s jsonStyle, depth int) {
	order := make([]int, len(d.keys))
	for i := range order {
		order[i] = i
	}
	if s.sort {
		slices.SortStableFunc(order, func(i, j int) int {
			c, _ := r.order("<", d.keys[i], d.keys[j])
			return c
		})
	}
	b.WriteByte('{')
	for n, i := range order {
		r.jsonBreak(b, n > 0, s, depth+1)
		r.jsonKey(b, d.keys[i], s.ascii)
		b.WriteString(s.col)
		r.writeJSON(b, d.values[i], s, depth+1)
	}
	r.jsonEnd(b, '}', len(order), s, depth)
}

// jsonBreak is what stands before an item.
func (r *renderer) jsonBreak(b *strings.Builder, more bool, s jsonStyle, depth int) {
	r.made(len(s.comma) + len(s.col))
	if more {
		b.WriteString(s.comma)
	}
	if s.lines {
		b.WriteByte('\n')
		b.WriteString(r.repeatText(s.indent, int64(depth)))
	}
}

func (r *renderer) jsonEnd(b *strings.Builder, end byte, n int, s jsonStyle, depth int) {
	if n > 0 && s.lines {
		b.WriteByte('\n')
		b.WriteString(r.repeatText(s.indent, int64(depth)))
	}
	b.WriteByte(end)
}

func (r *renderer) jsonKey(b *strings.Builder, key Value, ascii bool) {
	switch k := key.(type) {
	case Str:
		r.jsonText(b, string(k), ascii)
	case noneValue:
		b.WriteString(`"null"`)
	case Bool:
		fmt.Fprintf(b, `"%v"`, bool(k))
	case Int, bigInt:
		b.WriteString(`"` + scalar(k) + `"`)
	case Float:
		b.WriteString(`"` + jsonFloat(k) + `"`)
	default:
		r.fail("a key of JSON can't be a '%s'", key.pyType())
	}
}

func (r *renderer) jsonText(b *strings.Builder, s string, ascii bool) {
	r.made(len(s))
	b.WriteByte('"')
	for _, c := range s {
		if i := strings.IndexRune("\"\\\n\r\t\f\b", c); i >= 0 {
			b.WriteByte('\\')
			b.WriteByte(`"\nrtfb`[i])
		} else if c < ' ' || ascii && 0x7e < c && c <= 0xffff {
			fmt.Fprintf(b, `\u%04x`, c)
		} else if ascii && c > 0xffff {
			hi, lo := utf16.EncodeRune(c)
			fmt.Fprintf(b, `\u%04x\u%04x`, hi, lo)
		} else {
			b.WriteRune(c)
		}
	}
	b.WriteByte('"')
}
