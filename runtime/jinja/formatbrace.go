package jinja

import "strings"

// format is Python's str.format.
func (r *renderer) format(format string, a args) string {
	f := &braceFormat{r: r, args: a}
	return f.expand(format, 0)
}

type braceFormat struct {
	r    *renderer
	args args
	auto int // the next field without a number
}

// expand writes a format's text and fields; depth 1 is inside a field's spec.
func (f *braceFormat) expand(format string, depth int) string {
	var b strings.Builder
	for format != "" {
		i := strings.IndexAny(format, "{}")
		if i < 0 {
			i = len(format)
		}
		f.r.made(i)
		b.WriteString(format[:i])
		format = format[i:]
		switch {
		case format == "":
		case strings.HasPrefix(format, "{{"), strings.HasPrefix(format, "}}"):
			b.WriteByte(format[0])
			format = format[2:]
		case format[0] == '}':
			f.r.fail("a single '}' in a format")
		default:
			end := fieldEnd(format)
			if end < 0 || depth > 1 {
				f.r.fail("a single '{' in a format")
			}
			s := f.field(format[1:end], depth)
			f.r.made(len(s))
			b.WriteString(s)
			format = format[end+1:]
		}
	}
	return b.String()
}

// fieldEnd is where the brace that s begins with closes, or -1.
func fieldEnd(s string) int {
	open := 0
	for i, c := range s {
		switch c {
		case '{':
			open++
		case '}':
			if open--; open == 0 {
				return i
			}
		}
	}
	return -1
}

// field writes name!conversion:spec.
func (f *braceFormat) field(field string, depth int) string {
	r := f.r
	name, format, _ := strings.Cut(field, ":")
	name, conversion, converted := strings.Cut(name, "!")
	v := f.value(name)
	switch {
	case converted && conversion == "s":
		v = Str(r.str(v))
	case converted && (conversion == "r" || conversion == "a"):
		v = Str(r.repr(v))
	case converted:
		r.fail("unknown conversion !%s", conversion)
	}
	if format != "" {
		format = f.expand(format, depth+1)
	}
	return r.formatValue(v, format)
}

// value is what a field's name means: 0, name, and .attribute or [key] after it.
func (f *braceFormat) value(path string) Value {
	r := f.r
	first := strings.IndexAny(path, ".[")
	if first < 0 {
		first = len(path)
	}
	v := f.argument(path[:first])
	for path = path[first:]; path != ""; {
		r.step(1)
		if rest, ok := strings.CutPrefix(path, "["); ok {
			key, rest, ok := strings.Cut(rest, "]")
			if !ok {
				r.fail("a '[' in a format is never closed")
			}
			v, path = r.item(v, fieldKey(key)), rest
			continue
		}
		end := strings.IndexAny(path[1:], ".[") + 1
		if end == 0 {
			end = len(path)
		}
		v, path = r.attr(v, path[1:end]), path[end:]
	}
	return v
}

func fieldKey(s string) Value {
	if n := digitsLen(s, "0123456789"); n > 0 && n == len(s) && n < 18 {
		v, _ := number(s)
		return v
	}
	return Str(s)
}

func (f *braceFormat) argument(name string) Value {
	if i, ok := fieldKey(name).(Int); ok || name == "" {
		if name == "" {
			i = Int(f.auto)
			f.auto++
		}
		if i >= Int(len(f.args.pos)) {
			f.r.fail("the format has no value %d", i)
		}
		return f.args.pos[i]
	}
	for i, key := range f.args.names {
		if key == name {
			return f.args.named[i]
		}
	}
	f.r.fail("the format's values have no '%s'", name)
	return nil
}

// formatValue is Python's format(v, format).
func (r *renderer) formatValue(v Value, format string) string {
	if format == "" {
		return r.str(v)
	}
	p := r.parseSpec(format)
	among := func(verbs string) bool { return p.verb == 0 || strings.IndexByte(verbs, p.verb) >= 0 }
	n, integer := whole(v)
	f, number := float(v)
	s, text := v.(Str)
	switch {
	case integer && p.precision < 0 && among("bdnoxX"):
		return r.formatInt(p, n)
	case number && (!integer || p.verb != 0) && among("eEfFgGn%"):
		return r.formatFloat(p, f)
	case text && among("s") && p.sign == 0 && (p.align != '=' || p.fill == "0"):
		if p.align == '=' {
			p.align = '<'
		}
		return r.formatText(p, string(s))
	}
	r.fail("format '%s' isn't for a '%s'", format, v.pyType())
	return ""
}
