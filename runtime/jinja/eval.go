package jinja

import "strings"

func (r *renderer) eval(e expr) Value {
	r.enter()
	defer r.leave()
	r.at = e.pos()
	switch e := e.(type) {
	case *constExpr:
		return e.value
	case *nameExpr:
		return r.lookup(e.name)
	case *seqExpr:
		items := r.evalAll(e.items)
		if e.tuple {
			return &tuple{items: items}
		}
		return &List{items}
	case *dictExpr:
		return r.evalDict(e)
	case *unaryExpr:
		x := r.eval(e.x)
		r.at = e.pos()
		return r.unary(e.op, x)
	case *binaryExpr:
		return r.evalBinary(e)
	case *concatExpr:
		return r.evalConcat(e)
	case *compareExpr:
		return r.evalCompare(e)
	case *condExpr:
		switch {
		case truth(r.eval(e.test)):
			return r.eval(e.yes)
		case e.no != nil:
			return r.eval(e.no)
		}
		return &undefined{"the inline 'if' was false and has no 'else'"}
	case *attrExpr:
		x := r.eval(e.x)
		r.at = e.pos()
		return r.attr(x, e.name)
	case *itemExpr:
		return r.evalItem(e)
	case *callExpr:
		return r.evalCall(e, nil)
	case *filterExpr:
		return r.filtered(e, nil)
	case *testExpr:
		x, a := r.eval(e.x), r.callArgs(e.args)
		r.at = e.pos()
		return Bool(r.test(e.name, x, a))
	}
	r.fail("a slice stands only alone, inside [ ]")
	return nil
}

func (r *renderer) evalAll(list []expr) []Value {
	items := make([]Value, len(list))
	for i, e := range list {
		items[i] = r.eval(e)
	}
	return items
}

func (r *renderer) evalDict(e *dictExpr) Value {
	d := NewDict()
	for i, k := range e.keys {
		key, value := r.eval(k), r.eval(e.values[i])
		r.at = e.pos()
		r.put(d, key, value)
	}
	return d
}

// put gives key a value in a dict that is being built.
func (r *renderer) put(d *Dict, key, value Value) {
	hash, ok := r.hash(key)
	if !ok {
		r.fail("a '%s' can't be a key", key.pyType())
	}
	r.step(1)
	d.put(hash, key, value)
}

func (r *renderer) evalBinary(e *binaryExpr) Value {
	x := r.eval(e.x)
	if (e.op == "and" && !truth(x)) || (e.op == "or" && truth(x)) {
		return x
	}
	y := r.eval(e.y)
	if e.op == "and" || e.op == "or" {
		return y
	}
	r.at = e.pos()
	return r.binary(e.op, x, y)
}

func (r *renderer) evalConcat(e *concatExpr) Value {
	var b strings.Builder
	for _, item := range e.items {
		s := r.str(r.eval(item))
		r.made(len(s))
		b.WriteString(s)
	}
	return Str(b.String())
}

// evalCompare is a < b < c as Python has it: and, each operand once.
func (r *renderer) evalCompare(e *compareExpr) Value {
	x := r.eval(e.first)
	for i, op := range e.ops {
		y := r.eval(e.rest[i])
		r.at = e.pos()
		if !r.compare(op, x, y) {
			return Bool(false)
		}
		x = y
	}
	return Bool(true)
}

func (r *renderer) evalItem(e *itemExpr) Value {
	x := r.eval(e.x)
	if s, ok := e.key.(*sliceExpr); ok {
		var bounds [3]Value
		for i, b := range s.bounds {
			bounds[i] = None
			if b != nil {
				bounds[i] = r.eval(b)
			}
		}
		r.at = e.pos()
		return r.slice(x, bounds)
	}
	key := r.eval(e.key)
	r.at = e.pos()
	return r.item(x, key)
}

// evalCall calls; caller, where there is one, is the block of a 'call'.
func (r *renderer) evalCall(e *callExpr, caller *macro) Value {
	fn := r.eval(e.fn)
	a := r.callArgs(e.args)
	if caller != nil {
		a = r.withNamed(a, "caller", caller)
	}
	r.at = e.pos()
	return r.call(fn, a)
}

// filtered applies a chain of filters, to block where it begins with none.
func (r *renderer) filtered(e *filterExpr, block Value) Value {
	r.enter()
	defer r.leave()
	x := block
	if inner, ok := e.x.(*filterExpr); ok {
		x = r.filtered(inner, block)
	} else if e.x != nil {
		x = r.eval(e.x)
	}
	a := r.callArgs(e.args)
	r.at = e.pos()
	return r.filter(e.name, x, a)
}

func (r *renderer) filter(name string, x Value, a args) Value {
	f := filters[name]
	if f == nil {
		r.fail("there is no filter '%s'", name)
	}
	return r.invoke(f, x, a)
}

func (r *renderer) test(name string, x Value, a args) bool {
	t := tests[name]
	if t == nil {
		r.fail("there is no test '%s'", name)
	}
	return truth(r.invoke(t, x, a))
}
