package jinja

import "math/big"

// Value is what a template computes with: None, Bool, Int, Float, Str, *List and
// *Dict from outside, and what the language makes itself. Values don't change once
// a template can see them.
type Value interface {
	pyType() string // as Python's error messages name it
}

type (
	noneValue struct{}
	// Bool is true or false; in arithmetic 1 or 0.
	Bool bool
	// Int is an integer that fits 64 bits.
	Int int64
	// bigInt is an integer that doesn't.
	bigInt struct{ *big.Int }
	// Float is a double.
	Float float64
	// Str is text; its length and indices count characters.
	Str string
	// List is a sequence.
	List struct{ items []Value }
	// tuple is a list that can be a key; its items may have names.
	tuple struct {
		items []Value
		names []string
	}
	// rangeValue is range(start, stop, step) of n values.
	rangeValue struct{ start, stop, step, n int64 }
	// view is what a dict's keys(), values() and items() give.
	view struct {
		name  string
		items []Value
	}
	// generator gives its items once, as filters like map do, and asks for them late.
	generator struct {
		fill  func() []Value // nil: items are there
		items []Value
	}
	// undefined stands for what isn't there: message says what.
	undefined struct{ message string }
	// namespace is the one value whose attributes a template may set.
	namespace struct{ attrs *Dict }
)

// None is Python's None, JSON's null.
var None Value = noneValue{}

// NewList is a list of items.
func NewList(items ...Value) *List { return &List{items} }

func (noneValue) pyType() string   { return "NoneType" }
func (Bool) pyType() string        { return "bool" }
func (Int) pyType() string         { return "int" }
func (bigInt) pyType() string      { return "int" }
func (Float) pyType() string       { return "float" }
func (Str) pyType() string         { return "str" }
func (*List) pyType() string       { return "list" }
func (*tuple) pyType() string      { return "tuple" }
func (*Dict) pyType() string       { return "dict" }
func (*rangeValue) pyType() string { return "range" }
func (v *view) pyType() string     { return v.name }
func (*generator) pyType() string  { return "generator" }
func (*undefined) pyType() string  { return "Undefined" }
func (*namespace) pyType() string  { return "Namespace" }

// drain gives what is left of g, which is empty afterwards.
func (g *generator) drain() []Value {
	if fill := g.fill; fill != nil {
		g.fill = nil
		return fill()
	}
	items := g.items
	g.items = nil
	return items
}

// truth is Python's bool(v).
func truth(v Value) bool {
	switch v := v.(type) {
	case noneValue, *undefined:
		return false
	case Bool:
		return bool(v)
	case Int:
		return v != 0
	case Float:
		return v != 0
	case Str:
		return v != ""
	}
	if n, ok := size(v); ok {
		return n > 0
	}
	return true
}

// isUndefined reports whether v stands for what isn't there.
func isUndefined(v Value) bool {
	_, ok := v.(*undefined)
	return ok
}
