package jinja

// scope holds the names of a template, a loop's turn, a macro's call or a block.
// Reading goes outwards, setting stays inside.
type scope struct {
	vars  map[string]Value
	outer *scope
}

func (s *scope) set(name string, v Value) {
	if s.vars == nil {
		s.vars = map[string]Value{}
	}
	s.vars[name] = v
}

func (r *renderer) lookup(name string) Value {
	for s := r.scope; s != nil; s = s.outer {
		if v, ok := s.vars[name]; ok {
			return v
		}
	}
	if v, ok := r.vars.Get(name); ok {
		return v
	}
	if v, ok := globals[name]; ok {
		return v
	}
	return &undefined{quote(name) + " is undefined"}
}

// within runs in a new scope inside outer.
func (r *renderer) within(outer *scope, run func()) {
	back := r.scope
	r.scope = &scope{outer: outer}
	run()
	r.scope = back
}

// assign gives target a value: a name, an attribute of a namespace, a tuple.
func (r *renderer) assign(target expr, v Value) {
	r.at = target.pos()
	switch t := target.(type) {
	case *nameExpr:
		r.scope.set(t.name, v)
	case *attrExpr:
		ns, ok := r.eval(t.x).(*namespace)
		if !ok {
			r.at = t.pos()
			r.fail("only a namespace's attributes can be set")
		}
		ns.attrs.Set(t.name, v)
	case *seqExpr:
		items := r.iterate(v)
		if len(items) != len(t.items) {
			r.fail("%d values for %d names", len(items), len(t.items))
		}
		for i, item := range items {
			r.assign(t.items[i], item)
		}
	}
}
