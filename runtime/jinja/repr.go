package jinja

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// str is Python's str(v): the text that {{ v }} writes.
func (r *renderer) str(v Value) string {
	switch v := v.(type) {
	case Str:
		return string(v)
	case *undefined:
		return ""
	}
	return r.repr(v)
}

// repr is Python's repr(v).
func (r *renderer) repr(v Value) string {
	var b strings.Builder
	r.writeRepr(&b, v)
	return b.String()
}

func (r *renderer) writeRepr(b *strings.Builder, v Value) {
	r.enter()
	defer r.leave()
	switch v := v.(type) {
	case Str:
		r.made(len(v))
		quoted(b, string(v))
	case *List:
		r.writeItems(b, "[", v.items, "]")
	case *tuple:
		if len(v.items) == 1 {
			r.writeItems(b, "(", v.items, ",)")
		} else {
			r.writeItems(b, "(", v.items, ")")
		}
	case *view:
		r.writeItems(b, v.name+"([", v.items, "])")
	case *Dict:
		r.writeDict(b, v)
	case *namespace:
		b.WriteString("<Namespace ")
		r.writeDict(b, v.attrs)
		b.WriteByte('>')
	case *undefined:
		b.WriteString("Undefined")
	default:
		b.WriteString(scalar(v))
	}
}

func (r *renderer) writeItems(b *strings.Builder, open string, items []Value, end string) {
	b.WriteString(open)
	for i, item := range items {
		if i > 0 {
			b.WriteString(", ")
		}
		r.writeRepr(b, item)
	}
	b.WriteString(end)
}

func (r *renderer) writeDict(b *strings.Builder, d *Dict) {
	b.WriteByte('{')
	for i, k := range d.keys {
		if i > 0 {
			b.WriteString(", ")
		}
		r.writeRepr(b, k)
		b.WriteString(": ")
		r.writeRepr(b, d.values[i])
	}
	b.WriteByte('}')
}

// scalar is the repr of what has no parts.
func scalar(v Value) string {
	switch v := v.(type) {
	case noneValue:
		return "None"
	case Bool:
		if v {
			return "True"
		}
		return "False"
	case Int:
		return strconv.FormatInt(int64(v), 10)
	case bigInt:
		return v.String()
	case Float:
		return floatRepr(float64(v))
	case *rangeValue:
		if v.step == 1 {
			return fmt.Sprintf("range(%d, %d)", v.start, v.stop)
		}
		return fmt.Sprintf("range(%d, %d, %d)", v.start, v.stop, v.step)
	case *macro:
		return fmt.Sprintf("<Macro %s>", quote(v.code.name))
	case *loop:
		return fmt.Sprintf("<LoopContext %d/%d>", v.i+1, len(v.items))
	}
	return fmt.Sprintf("<%s object>", v.pyType())
}

// floatRepr is the shortest decimal that reads back as f, in Python's dress.
func floatRepr(f float64) string {
	switch {
	case math.IsNaN(f):
		return "nan"
	case math.IsInf(f, 1):
		return "inf"
	case math.IsInf(f, -1):
		return "-inf"
	case f != 0 && (math.Abs(f) < 1e-4 || math.Abs(f) >= 1e16):
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	s := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

func quote(s string) string {
	var b strings.Builder
	quoted(&b, s)
	return b.String()
}

// quoted writes s as Python's repr does: in single quotes unless only those occur.
func quoted(b *strings.Builder, s string) {
	q := '\''
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		q = '"'
	}
	b.WriteRune(q)
	for _, c := range s {
		switch {
		case c == q || c == '\\':
			b.WriteByte('\\')
			b.WriteRune(c)
		case c == '\n':
			b.WriteString(`\n`)
		case c == '\r':
			b.WriteString(`\r`)
		case c == '\t':
			b.WriteString(`\t`)
		case unicode.IsPrint(c):
			b.WriteRune(c)
		case c < 0x100:
			fmt.Fprintf(b, `\x%02x`, c)
		case c <= 0xffff && utf8.ValidRune(c):
			fmt.Fprintf(b, `\u%04x`, c)
		default:
			fmt.Fprintf(b, `\U%08x`, c)
		}
	}
	b.WriteRune(q)
}
