package jinja

import "slices"

// macro is a macro with the scope that it was written in.
type macro struct {
	code  *macroCode
	outer *scope
}

func (*macro) pyType() string { return "Macro" }

// callMacro gives what m writes for the arguments.
func (r *renderer) callMacro(m *macro, a args) Value {
	at := r.at
	vars := r.macroArgs(m.code, a)
	return r.capture(func() {
		r.within(m.outer, func() {
			r.scope.vars = vars
			r.defaults(m.code)
			r.at = at
			r.exec(m.code.body)
		})
	})
}

// macroArgs names the arguments; a parameter without one has no name yet.
func (r *renderer) macroArgs(m *macroCode, a args) map[string]Value {
	vars := map[string]Value{}
	n := min(len(a.pos), len(m.params))
	for i, v := range a.pos[:n] {
		vars[m.params[i]] = v
	}
	if rest := a.pos[n:]; m.varargs {
		vars["varargs"] = &tuple{items: rest}
	} else if len(rest) > 0 {
		r.fail("macro '%s' takes at most %d arguments, not %d", m.name, n, len(a.pos))
	}
	if m.caller && !slices.Contains(m.params, "caller") {
		vars["caller"] = &undefined{"there is no caller: the macro wasn't called by a 'call' block"}
	}
	extra := NewDict()
	for i, name := range a.names {
		switch {
		case slices.Contains(m.params[n:], name), name == "caller" && m.caller:
			vars[name] = a.named[i]
		case m.kwargs:
			extra.Set(name, a.named[i])
		default:
			r.fail("macro '%s' takes no argument '%s'", m.name, name)
		}
	}
	if m.kwargs {
		vars["kwargs"] = extra
	}
	return vars
}

// defaults gives the parameters left out their values, which may use those before.
func (r *renderer) defaults(m *macroCode) {
	for i, name := range m.params {
		if _, ok := r.scope.vars[name]; ok {
			continue
		}
		if d := i - len(m.params) + len(m.defaults); d >= 0 {
			r.scope.set(name, r.eval(m.defaults[d]))
		} else {
			r.scope.set(name, &undefined{"parameter " + quote(name) + " was not provided"})
		}
	}
}

// attr is macro.name, nil where there is none.
func (m *macro) attr(name string) Value {
	switch name {
	case "name":
		return Str(m.code.name)
	case "arguments":
		names := make([]Value, len(m.code.params))
		for i, p := range m.code.params {
			names[i] = Str(p)
		}
		return &tuple{items: names}
	case "catch_kwargs":
		return Bool(m.code.kwargs)
	case "catch_varargs":
		return Bool(m.code.varargs)
	case "caller":
		return Bool(m.code.caller)
	}
	return nil
}
