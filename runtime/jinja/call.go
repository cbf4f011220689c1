package jinja

import (
	"slices"
	"strings"
)

// args are the values of a call.
type args struct {
	pos   []Value
	names []string
	named []Value
}

// native is a filter, a test, a method or a function that Go implements. Its
// params are names, with "?" where one may be left out; raw takes what it gets.
type native struct {
	name   string
	params string
	fn     func(r *renderer, self Value, a []Value) Value // absent ones are nil
	raw    func(r *renderer, self Value, a args) Value
	lazy   bool // the items of what it gives are asked for when they are used
}

// bound is a method of a value.
type bound struct {
	self Value
	fn   *native
}

func (*native) pyType() string { return "function" }
func (*bound) pyType() string  { return "builtin_function_or_method" }

func table(natives ...[]*native) map[string]*native {
	t := map[string]*native{}
	for _, n := range slices.Concat(natives...) {
		for name := range strings.FieldsSeq(n.name) {
			t[name] = n
		}
	}
	return t
}

func (r *renderer) invoke(n *native, self Value, a args) Value {
	r.step(1)
	run := func() Value { return n.raw(r, self, a) }
	if n.raw == nil {
		name, _, _ := strings.Cut(n.name, " ")
		values := r.bind(name, a, strings.Fields(n.params))
		run = func() Value { return n.fn(r, self, values) }
	}
	if n.lazy {
		return &generator{fill: func() []Value { return r.iterate(run()) }}
	}
	return run()
}

// bind lays a call's values out by params.
func (r *renderer) bind(name string, a args, params []string) []Value {
	if len(a.pos) > len(params) {
		r.fail("%s takes at most %d arguments, not %d", name, len(params), len(a.pos))
	}
	values := make([]Value, len(params))
	copy(values, a.pos)
	for i, key := range a.names {
		at := slices.IndexFunc(params, func(p string) bool { return strings.TrimSuffix(p, "?") == key })
		if at < 0 {
			r.fail("%s takes no argument '%s'", name, key)
		}
		if values[at] != nil {
			r.fail("%s gets its argument '%s' twice", name, key)
		}
		values[at] = a.named[i]
	}
	for i, p := range params {
		if values[i] == nil && !strings.HasSuffix(p, "?") {
			r.fail("%s needs its argument '%s'", name, p)
		}
	}
	return values
}

func (r *renderer) call(fn Value, a args) Value {
	r.enter()
	defer r.leave()
	switch fn := fn.(type) {
	case *native:
		return r.invoke(fn, nil, a)
	case *bound:
		return r.invoke(fn.fn, fn.self, a)
	case *macro:
		return r.callMacro(fn, a)
	case *loop:
		return r.recurse(fn, a)
	case *joiner:
		return fn.next()
	}
	r.defined(fn)
	r.fail("a '%s' can't be called", fn.pyType())
	return nil
}

// defined fails where v stands for what isn't there.
func (r *renderer) defined(v Value) {
	if u, ok := v.(*undefined); ok {
		r.fail("%s", u.message)
	}
}

// callArgs evaluates the arguments of a call.
func (r *renderer) callArgs(c callArgs) (a args) {
	for _, e := range c.pos {
		a.pos = append(a.pos, r.eval(e))
	}
	for i, e := range c.values {
		a = r.withNamed(a, c.names[i], r.eval(e))
	}
	if c.list != nil {
		items := r.iterate(r.eval(c.list))
		r.step(len(items))
		a.pos = append(a.pos, items...)
	}
	if c.dict != nil {
		d, ok := r.eval(c.dict).(*Dict)
		if !ok {
			r.fail("'**' takes a dict")
		}
		for i, k := range d.keys {
			name, ok := k.(Str)
			if !ok {
				r.fail("'**' takes a dict of texts, not of '%s'", k.pyType())
			}
			a = r.withNamed(a, string(name), d.values[i])
		}
	}
	return a
}

func (r *renderer) withNamed(a args, name string, v Value) args {
	r.step(1 + len(a.names)/readPerStep)
	if slices.Contains(a.names, name) {
		r.fail("argument '%s' stands twice", name)
	}
	a.names = append(a.names, name)
	a.named = append(a.named, v)
	return a
}
