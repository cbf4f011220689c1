package jinja

import (
	"math"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"
)

// spec is how a value is written: [[fill]align][sign][#][0][width][,][.precision][type].
type spec struct {
	fill      string
	align     byte // < > ^ =, 0: the type's own
	sign      byte // + or space, 0: only minus
	alternate bool
	group     string // between thousands
	width     int64
	precision int64 // -1: none
	verb      byte
}

// parseSpec reads what stands after ":" in a field of format.
func (r *renderer) parseSpec(s string) spec {
	p := spec{fill: " ", precision: -1}
	if _, n := utf8.DecodeRuneInString(s); n > 0 && len(s) > n && strings.IndexByte("<>^=", s[n]) >= 0 {
		p.fill, p.align, s = s[:n], s[n], s[n+1:]
	} else if s != "" && strings.IndexByte("<>^=", s[0]) >= 0 {
		p.align, s = s[0], s[1:]
	}
	take := func(set string) byte {
		if s == "" || strings.IndexByte(set, s[0]) < 0 {
			return 0
		}
		c := s[0]
		s = s[1:]
		return c
	}
	p.sign = take("+- ")
	p.alternate = take("#") != 0
	if take("0") != 0 && p.align == 0 {
		p.fill, p.align = "0", '='
	}
	p.width, s = r.count(s)
	if c := take(",_"); c != 0 {
		p.group = string(c)
	}
	if take(".") != 0 {
		p.precision, s = r.count(s)
	}
	p.verb = take("bcdeEfFgGnosxX%")
	if s != "" {
		r.fail("bad format '%s'", s)
	}
	return p
}

// count reads the digits at the front of s.
func (r *renderer) count(s string) (int64, string) {
	n := digitsLen(s, "0123456789")
	if n == 0 {
		return 0, s
	}
	v, err := strconv.ParseInt(s[:n], 10, 32)
	if err != nil {
		r.fail("%s is too large for a format", s[:n])
	}
	return v, s[n:]
}

// pad brings a sign and the digits or text after it to the spec's width.
func (r *renderer) pad(p spec, sign, s string, align byte) string {
	if p.align != 0 {
		align = p.align
	}
	n := p.width - int64(utf8.RuneCountInString(sign)+utf8.RuneCountInString(s))
	switch align {
	case '<':
		return sign + s + r.repeatText(p.fill, n)
	case '^':
		return r.repeatText(p.fill, n/2) + sign + s + r.repeatText(p.fill, n-n/2)
	case '=':
		return sign + r.repeatText(p.fill, n) + s
	}
	return r.repeatText(p.fill, n) + sign + s
}

func (p spec) signOf(negative bool) string {
	switch {
	case negative:
		return "-"
	case p.sign == '+' || p.sign == ' ':
		return string(p.sign)
	}
	return ""
}

// formatText writes a text, cut to the precision.
func (r *renderer) formatText(p spec, s string) string {
	if p.precision >= 0 && int64(utf8.RuneCountInString(s)) > p.precision {
		s = string([]rune(s)[:p.precision])
	}
	return r.pad(p, "", s, '<')
}

// formatInt writes an integer in the base of the verb.
func (r *renderer) formatInt(p spec, n *big.Int) string {
	base := map[byte]int{'b': 2, 'o': 8, 'x': 16, 'X': 16}[p.verb]
	if base == 0 {
		base = 10
	}
	r.made(n.BitLen())
	digits := new(big.Int).Abs(n).Text(base)
	if p.group != "" {
		digits = grouped(digits, p.group, map[bool]int{true: 3, false: 4}[base == 10])
	}
	sign := p.signOf(n.Sign() < 0)
	if p.alternate && base != 10 {
		sign += "0" + string(p.verb)
	}
	if p.verb == 'X' {
		digits = strings.ToUpper(digits)
	}
	return r.pad(p, sign, digits, '>')
}

// formatFloat writes a float as verb (e f g %) has it.
func (r *renderer) formatFloat(p spec, f float64) string {
	verb, tail := p.verb, ""
	if verb == '%' {
		verb, tail, f = 'f', "%", f*100
	}
	precision := p.precision
	if precision < 0 {
		precision = 6
	}
	r.made(int(precision) + 310)
	var s string
	switch {
	case math.IsInf(f, 0):
		s = "inf"
	case math.IsNaN(f):
		s = "nan"
	case verb == 0 && p.precision < 0:
		s = floatRepr(math.Abs(f))
	case verb == 0 || verb|0x20 == 'g' || verb == 'n':
		s = strconv.FormatFloat(math.Abs(f), 'g', int(max(precision, 1)), 64)
	default:
		s = strconv.FormatFloat(math.Abs(f), verb|0x20, int(precision), 64)
	}
	if whole, rest, _ := strings.Cut(s, "."); p.group != "" {
		s = grouped(whole, p.group, 3) + s[len(s)-len(rest)-min(len(s)-len(whole), 1):]
	}
	if verb == 'E' || verb == 'G' || verb == 'F' {
		s = strings.ToUpper(s)
	}
	return r.pad(p, p.signOf(math.Signbit(f) && !math.IsNaN(f)), s+tail, '>')
}

// grouped puts sep between every n digits from the right.
func grouped(digits, sep string, n int) string {
	var parts []string
	for len(digits) > n {
		parts = append([]string{digits[len(digits)-n:]}, parts...)
		digits = digits[:len(digits)-n]
	}
	return strings.Join(append([]string{digits}, parts...), sep)
}
