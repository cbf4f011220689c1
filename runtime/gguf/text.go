package gguf

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

const (
	textShown  = 80 // characters of a string that String shows
	elemsShown = 6  // elements of an array
)

// String shows the value on one line, abridged: strings are quoted, long ones and
// long arrays end in "…".
func (v Value) String() string {
	var b strings.Builder
	v.write(&b, textShown)
	return b.String()
}

func (v Value) write(b *strings.Builder, shown int) {
	switch v.kind {
	case String:
		b.WriteString(quote(v.raw, shown))
	case Array:
		b.WriteString(v.elem.String() + "[" + strconv.Itoa(v.n) + "] {")
		for i, e := range v.Elements() {
			if i > 0 {
				b.WriteString(", ")
			}
			if i == elemsShown {
				b.WriteString("…")
				break
			}
			e.write(b, shown/4)
		}
		b.WriteString("}")
	case Bool:
		x, _ := v.Bool()
		b.WriteString(strconv.FormatBool(x))
	case Float32:
		x, _ := v.Float()
		b.WriteString(strconv.FormatFloat(x, 'g', -1, 32))
	case Float64:
		x, _ := v.Float()
		b.WriteString(strconv.FormatFloat(x, 'g', -1, 64))
	default:
		if x, ok := v.Uint(); ok {
			b.WriteString(strconv.FormatUint(x, 10))
		} else if x, ok := v.Int(); ok {
			b.WriteString(strconv.FormatInt(x, 10))
		} else {
			b.WriteString("none")
		}
	}
}

// quote quotes at most shown characters of a text.
func quote(text []byte, shown int) string {
	end := 0
	for n := 0; n < shown && end < len(text); n++ {
		_, size := utf8.DecodeRune(text[end:])
		end += size
	}
	q := strconv.Quote(string(text[:end]))
	if end < len(text) {
		q += "…"
	}
	return q
}
