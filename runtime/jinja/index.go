package jinja

import (
	"slices"
	"strings"
)

// immutable are methods that Python has and a template may not call.
var immutable = map[string][]string{
	"list": {"append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort"},
	"dict": {"clear", "pop", "popitem", "setdefault", "update"},
}

// attr is x.name: an attribute or, failing that, an item.
func (r *renderer) attr(x Value, name string) Value {
	r.defined(x)
	if v := r.own(x, name); v != nil {
		return v
	}
	if d, ok := x.(*Dict); ok {
		if v, ok := d.Get(name); ok {
			return v
		}
	}
	return missing(x, Str(name))
}

// own is an attribute that x has of itself, else nil.
func (r *renderer) own(x Value, name string) Value {
	if strings.HasPrefix(name, "__") || slices.Contains(immutable[x.pyType()], name) {
		if d, ok := x.(*Dict); ok && strings.HasPrefix(name, "__") {
			if v, ok := d.Get(name); ok {
				return v
			}
		}
		return &undefined{"access to attribute " + quote(name) + " of '" + x.pyType() + "' object is unsafe"}
	}
	switch x := x.(type) {
	case *namespace:
		if v, ok := x.attrs.Get(name); ok {
			return v
		}
	case *loop:
		return x.attr(name)
	case *macro:
		return x.attr(name)
	case *cycler:
		if name == "current" {
			return x.current()
		}
	case *tuple:
		if i := slices.Index(x.names, name); i >= 0 {
			return x.items[i]
		}
	}
	if m := methods[x.pyType()][name]; m != nil {
		return &bound{x, m}
	}
	return nil
}

// item is x[key]: an item or, failing that, an attribute.
func (r *renderer) item(x, key Value) Value {
	r.defined(x)
	if d, ok := x.(*Dict); ok {
		if hash, ok := r.hash(key); ok {
			if v, ok := d.at(hash); ok {
				return v
			}
		}
	} else if n, ok := whole(key); ok {
		if v := r.nth(x, clamp(n)); v != nil {
			return v
		}
	}
	if name, ok := key.(Str); ok {
		if v := r.own(x, string(name)); v != nil {
			return v
		}
	}
	return missing(x, key)
}

// nth is the item at i, from the end where i is negative; nil where there is none.
func (r *renderer) nth(x Value, i int64) Value {
	var items []Value
	switch x := x.(type) {
	case *List:
		items = x.items
	case *tuple:
		items = x.items
	case Str:
		r.read(len(x))
		return nthRune(string(x), i)
	case *rangeValue:
		if i < 0 {
			i += x.n
		}
		if i < 0 || i >= x.n {
			return nil
		}
		return x.at(i)
	}
	if i < 0 {
		i += int64(len(items))
	}
	if i < 0 || i >= int64(len(items)) {
		return nil
	}
	return items[i]
}

func nthRune(s string, i int64) Value {
	if i < 0 {
		n, _ := size(Str(s))
		i += int64(n)
	}
	for _, c := range s {
		if i == 0 {
			return Str(c)
		}
		i--
	}
	return nil
}

func missing(x, key Value) Value {
	what := x.pyType() + " object"
	switch x.(type) {
	case noneValue:
		what = "None"
	case *namespace, *macro, *loop, *cycler, *joiner:
		what = "jinja2 " + what
	}
	if name, ok := key.(Str); ok {
		return &undefined{"'" + what + "' has no attribute " + quote(string(name))}
	}
	return &undefined{what + " has no such element"}
}
