package jinja

// is makes a test of the value alone.
func is(name string, holds func(v Value) bool) *native {
	return &native{name: name, fn: func(_ *renderer, v Value, _ []Value) Value { return Bool(holds(v)) }}
}

// compares makes a test of the value against another.
func compares(name, op string) *native {
	return &native{name: name, params: "other", fn: func(r *renderer, v Value, a []Value) Value {
		return Bool(r.compare(op, v, a[0]))
	}}
}

var kindTests = []*native{
	is("defined", func(v Value) bool { return !isUndefined(v) }),
	is("undefined", isUndefined),
	is("none", func(v Value) bool { return v == None }),
	is("boolean", func(v Value) bool { _, ok := v.(Bool); return ok }),
	is("true", func(v Value) bool { return v == Bool(true) }),
	is("false", func(v Value) bool { return v == Bool(false) }),
	is("string", func(v Value) bool { _, ok := v.(Str); return ok }),
	is("number", isNumber),
	is("float", func(v Value) bool { _, ok := v.(Float); return ok }),
	is("integer", func(v Value) bool {
		_, bool := v.(Bool)
		_, ok := whole(v)
		return ok && !bool
	}),
	is("mapping", func(v Value) bool { _, ok := v.(*Dict); return ok }),
	is("iterable", func(v Value) bool {
		_, once := v.(*generator)
		_, ok := size(v)
		return ok || once
	}),
	is("sequence", func(v Value) bool {
		_, view := v.(*view)
		_, ok := size(v)
		return ok && !view
	}),
	is("callable", func(v Value) bool {
		switch v.(type) {
		case *native, *bound, *macro, *loop, *joiner, *undefined:
			return true
		}
		return false
	}),
	is("escaped", func(Value) bool { return false }),
}

var valueTests = []*native{
	compares("eq equalto ==", "=="),
	compares("ne !=", "!="),
	compares("lt lessthan <", "<"),
	compares("le <=", "<="),
	compares("gt greaterthan >", ">"),
	compares("ge >=", ">="),
	{name: "in", params: "seq", fn: func(r *renderer, v Value, a []Value) Value {
		return Bool(r.contains(a[0], v))
	}},
	{name: "sameas", params: "other", fn: func(r *renderer, v Value, a []Value) Value {
		return Bool(v == a[0])
	}},
	{name: "odd", fn: func(r *renderer, v Value, _ []Value) Value {
		return Bool(r.compare("==", r.binary("%", v, Int(2)), Int(1)))
	}},
	{name: "even", fn: func(r *renderer, v Value, _ []Value) Value {
		return Bool(r.compare("==", r.binary("%", v, Int(2)), Int(0)))
	}},
	{name: "divisibleby", params: "num", fn: func(r *renderer, v Value, a []Value) Value {
		return Bool(r.compare("==", r.binary("%", v, a[0]), Int(0)))
	}},
	{name: "lower", fn: func(r *renderer, v Value, _ []Value) Value { return Bool(isLower(r.str(v))) }},
	{name: "upper", fn: func(r *renderer, v Value, _ []Value) Value { return Bool(isUpper(r.str(v))) }},
	{name: "filter", fn: func(r *renderer, v Value, _ []Value) Value { return named(filters, v) }},
	{name: "test", fn: func(r *renderer, v Value, _ []Value) Value { return named(tests, v) }},
}

func named(table map[string]*native, v Value) Value {
	name, ok := v.(Str)
	return Bool(ok && table[string(name)] != nil)
}
