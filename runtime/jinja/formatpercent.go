package jinja

import (
	"strings"
)

// percent is Python's format % values: a tuple, a dict for %(name)s, or one value.
func (r *renderer) percent(format string, values Value) string {
	p := &percentFormat{r: r, rest: format, values: []Value{values}}
	all := true // values have to find a place
	switch v := values.(type) {
	case *tuple:
		p.values = v.items
	case *Dict:
		p.dict, all = v, false
	case *List, *rangeValue, *undefined:
		all = false
	}
	var b strings.Builder
	for {
		text, rest, found := strings.Cut(p.rest, "%")
		r.made(len(text))
		b.WriteString(text)
		if !found {
			break
		}
		p.rest = rest
		s := p.field()
		r.made(len(s))
		b.WriteString(s)
	}
	if all && p.used < len(p.values) {
		r.fail("the format has no place for all its values")
	}
	return b.String()
}

type percentFormat struct {
	r      *renderer
	rest   string
	values []Value
	used   int
	dict   *Dict
}

// field writes one %[(name)][flags][width][.precision]verb.
func (p *percentFormat) field() string {
	s, named := spec{fill: " ", precision: -1}, Value(nil)
	if rest, ok := strings.CutPrefix(p.rest, "("); ok {
		name, rest, ok := strings.Cut(rest, ")")
		if !ok || p.dict == nil {
			p.r.fail("%%(name) takes a name and a dict of values")
		}
		v, ok := p.dict.Get(name)
		if !ok {
			p.r.fail("the format's values have no '%s'", name)
		}
		named, p.rest = v, rest
	}
	for {
		switch p.verb() {
		case '-':
			s.align = '<'
		case '0':
			if s.align == 0 {
				s.align, s.fill = '=', "0"
			}
		case '+':
			s.sign = '+'
		case ' ':
			if s.sign == 0 {
				s.sign = ' '
			}
		case '#':
			s.alternate = true
		default:
			s.width = p.count(&s)
			if p.rest != "" && p.rest[0] == '.' {
				p.rest = p.rest[1:]
				s.precision = max(p.count(&s), 0)
			}
			return p.value(s, named)
		}
		p.rest = p.rest[1:]
	}
}

func (p *percentFormat) verb() byte {
	if p.rest == "" {
		p.r.fail("the format ends within a %%")
	}
	return p.rest[0]
}

// count is a number in the format, or for "*" one of the values.
func (p *percentFormat) count(s *spec) (n int64) {
	if rest, ok := strings.CutPrefix(p.rest, "*"); ok {
		p.rest = rest
		n = p.r.integer("a width", p.next())
		if n < 0 {
			s.align, s.fill, n = '<', " ", -n
		}
		return n
	}
	n, p.rest = p.r.count(p.rest)
	return n
}

func (p *percentFormat) next() Value {
	if p.used == len(p.values) {
		p.r.fail("the format has more places than values")
	}
	p.used++
	return p.values[p.used-1]
}

func (p *percentFormat) value(s spec, v Value) string {
	r := p.r
	s.verb = p.verb()
	p.rest = p.rest[1:]
	if s.verb == '%' {
		return "%"
	}
	if v == nil {
		v = p.next()
	}
	if s.align == '<' {
		s.fill = " "
	}
	text := func(t string) string {
		s.fill = " "
		if s.align != '<' {
			s.align = '>'
		}
		return r.formatText(s, t)
	}
	switch s.verb {
	case 's':
		return text(r.str(v))
	case 'r', 'a':
		return text(r.repr(v))
	case 'c':
		if n, ok := whole(v); ok {
			return text(string(rune(clamp(n))))
		}
		return text(r.text("%c", v))
	case 'd', 'i', 'u', 'x', 'X', 'o':
		r.defined(v)
		n, ok := whole(v)
		if f, isFloat := v.(Float); isFloat && strings.IndexByte("diu", s.verb) >= 0 {
			if t, good := r.toInt(f, 10); good {
				n, ok = whole(t)
			}
		}
		if !ok {
			r.fail("%%%c takes a number, not '%s'", s.verb, v.pyType())
		}
		if s.precision >= 0 {
			digits := r.formatInt(spec{fill: "0", align: '=', width: s.precision, verb: s.verb}, n)
			return r.pad(s, s.signOf(false), digits, '>')
		}
		return r.formatInt(s, n)
	case 'e', 'E', 'f', 'F', 'g', 'G':
		r.defined(v)
		f, ok := float(v)
		if !ok {
			r.fail("%%%c takes a number, not '%s'", s.verb, v.pyType())
		}
		return r.formatFloat(s, f)
	}
	r.fail("unknown format %%%c", s.verb)
	return ""
}
