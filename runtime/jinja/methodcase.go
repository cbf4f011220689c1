package jinja

import "unicode"

// asks makes a method that asks something of a text.
func asks(name string, is func(string) bool) *native {
	return &native{name: name, fn: func(r *renderer, v Value, _ []Value) Value {
		r.read(len(v.(Str)))
		return Bool(is(string(v.(Str))))
	}}
}

// makes makes a method that gives another text.
func makes(name string, f func(string) string) *native {
	return &native{name: name, fn: func(r *renderer, v Value, _ []Value) Value {
		r.made(2 * len(v.(Str)))
		return Str(f(string(v.(Str))))
	}}
}

var caseMethods = []*native{
	makes("upper", upper),
	makes("lower casefold", lower),
	makes("title", title),
	makes("capitalize", capitalize),
	makes("swapcase", swapCase),
	asks("islower", isLower),
	asks("isupper", isUpper),
	asks("istitle", isTitle),
	asks("isalpha", every(unicode.IsLetter)),
	asks("isalnum", every(isAlnum)),
	asks("isdigit", every(unicode.IsDigit)),
	asks("isdecimal", every(unicode.IsDigit)),
	asks("isnumeric", every(unicode.IsNumber)),
	asks("isspace", every(isSpace)),
	asks("isascii", func(s string) bool { return s == "" || every(func(c rune) bool { return c <= unicode.MaxASCII })(s) }),
	asks("isprintable", func(s string) bool { return s == "" || every(unicode.IsPrint)(s) }),
	asks("isidentifier", isIdentifier),
}
