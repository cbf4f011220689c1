package jinja

import (
	"time"
)

const maxRange = 100_000

var globals, filters, tests map[string]*native

// methods are those of a type, by Python's name of it.
var methods map[string]map[string]*native

// The tables are filled here, since what they hold looks names up in them.
func init() {
	globals = table(globalFunctions)
	filters = table(choiceFilters, sequenceFilters, orderFilters, groupFilters, numberFilters, textFilters, layoutFilters)
	tests = table(kindTests, valueTests)
	sequence := table(sequenceMethods)
	methods = map[string]map[string]*native{
		"str":    table(splitMethods, searchMethods, caseMethods, padMethods),
		"dict":   table(dictMethods),
		"list":   table(sequenceMethods, listMethods),
		"tuple":  sequence,
		"range":  sequence,
		"cycler": table(cyclerMethods),
	}
}

var globalFunctions = []*native{
	{name: "range", params: "start stop? step?", fn: newRange},
	{name: "dict", raw: func(r *renderer, _ Value, a args) Value { return r.newDict("dict", a) }},
	{name: "namespace", raw: func(r *renderer, _ Value, a args) Value {
		return &namespace{r.newDict("namespace", a)}
	}},
	{name: "cycler", raw: func(r *renderer, _ Value, a args) Value {
		if len(a.pos) == 0 {
			r.fail("cycler takes items")
		}
		return &cycler{items: a.pos}
	}},
	{name: "joiner", params: "sep?", fn: func(r *renderer, _ Value, a []Value) Value {
		if a[0] == nil {
			a[0] = Str(", ")
		}
		return &joiner{sep: a[0]}
	}},
	{name: "raise_exception", params: "message", fn: func(r *renderer, _ Value, a []Value) Value {
		panic(fault{at: r.at, message: r.str(a[0]), raised: true})
	}},
	{name: "strftime_now", params: "format", fn: func(r *renderer, _ Value, a []Value) Value {
		if r.now.IsZero() {
			r.now = time.Now()
		}
		return Str(r.strftime(r.text("strftime_now", a[0])))
	}},
}

func newRange(r *renderer, _ Value, a []Value) Value {
	start, stop, step := int64(0), r.integer("range", a[0]), int64(1)
	if a[1] != nil {
		start, stop = stop, r.integer("range", a[1])
	}
	if a[2] != nil {
		step = r.integer("range", a[2])
	}
	if step == 0 {
		r.fail("range's step can't be 0")
	}
	way := stop - start
	n := way/step + 1
	if way%step == 0 {
		n--
	}
	if way == 0 || (way < 0) != (step < 0) {
		n = 0
	}
	if n > maxRange {
		r.fail("range gives more than %d values", maxRange)
	}
	return &rangeValue{start, stop, step, n}
}

// newDict is dict(mapping or pairs, name=value…).
func (r *renderer) newDict(name string, a args) *Dict {
	d := NewDict()
	if len(a.pos) > 1 {
		r.fail("%s takes at most one argument without a name", name)
	}
	if len(a.pos) == 1 {
		if from, ok := a.pos[0].(*Dict); ok {
			for i, k := range from.keys {
				r.put(d, k, from.values[i])
			}
		} else {
			for _, pair := range r.iterate(a.pos[0]) {
				kv := r.iterate(pair)
				if len(kv) != 2 {
					r.fail("%s takes pairs, not %d values", name, len(kv))
				}
				r.put(d, kv[0], kv[1])
			}
		}
	}
	for i, k := range a.names {
		r.put(d, Str(k), a.named[i])
	}
	return d
}

// integer is the argument v as an integer, cut to what a length can be.
func (r *renderer) integer(what string, v Value) int64 {
	n, ok := whole(v)
	if !ok {
		r.defined(v)
		r.fail("%s takes an integer, not '%s'", what, v.pyType())
	}
	return clamp(n)
}

// integerOr is integer, or absent where v is nil.
func (r *renderer) integerOr(what string, v Value, absent int64) int64 {
	if v == nil {
		return absent
	}
	return r.integer(what, v)
}

// text is the argument v as a text.
func (r *renderer) text(what string, v Value) string {
	s, ok := v.(Str)
	if !ok {
		r.defined(v)
		r.fail("%s takes a text, not '%s'", what, v.pyType())
	}
	return string(s)
}

// textOr is v's text as str gives it, or absent where v is nil.
func (r *renderer) textOr(v Value, absent string) string {
	if v == nil {
		return absent
	}
	return r.str(v)
}

// flag is whether the argument v is there and true.
func flag(v Value) bool { return v != nil && truth(v) }

// isNone reports whether v is absent or None.
func isNone(v Value) bool { return v == nil || v == None }
