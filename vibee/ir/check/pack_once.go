package check

import (
	"slices"

	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// tailField is the field of the tail that an equation of a pack sets; nil where it sets none.
func tailField(f *spec.Format, a *grammar.Assign) *spec.Field {
	if id, ok := a.Target.(*grammar.Ident); ok {
		for _, t := range f.Tail {
			if t.Name == id.Text {
				return t
			}
		}
	}
	return nil
}

// once adds d = w.d: what all packed blocks have in common, the tensor has once.
func (c *checker) once(f *spec.Format, t *spec.Field, w string, a *grammar.Assign, list []spec.Once) []spec.Once {
	m, ok := a.Value.(*grammar.Member)
	if ok {
		id, is := m.X.(*grammar.Ident)
		ok = is && id.Text == w
	}
	if !ok {
		c.errorf(a.Value.At(), "a field of the tail is a field that all packed blocks have in common: %s = %s.d", t.Name, w)
		return list
	}
	i := slices.IndexFunc(f.Packs.Fields, func(x *spec.Field) bool { return x.Name == m.Name.Text })
	switch {
	case i < 0:
		c.errorf(m.Name.Pos, "format %s has no field %s", f.Packs.Name, m.Name.Text)
	case f.Packs.Fields[i].Elem != t.Elem || f.Packs.Fields[i].Len != t.Len:
		c.errorf(m.Name.Pos, "field %s of %s is %s[%d], %s is %s[%d]", m.Name.Text, f.Packs.Name, f.Packs.Fields[i].Elem.Name, f.Packs.Fields[i].Len, t.Name, t.Elem.Name, t.Len)
	case slices.ContainsFunc(list, func(x spec.Once) bool { return x.Tail == t }):
		c.errorf(a.Pos, "field %s is set twice", t.Name)
	default:
		return append(list, spec.Once{Tail: t, Of: f.Packs.Fields[i]})
	}
	return list
}

// allOnce refuses a tail that is neither set nor the packed format's own.
func (c *checker) allOnce(pos grammar.Pos, f *spec.Format, list []spec.Once) {
	if len(list) == 0 && f.TailBytes == f.Packs.TailBytes && slices.EqualFunc(f.Tail, f.Packs.Tail, sameField) {
		return
	}
	for _, t := range f.Tail {
		if !slices.ContainsFunc(list, func(x spec.Once) bool { return x.Tail == t }) {
			c.errorf(pos, "pack does not set field %s of the tail", t.Name)
		}
	}
}

func sameField(a, b *spec.Field) bool {
	return a.Name == b.Name && a.Elem == b.Elem && a.Len == b.Len && a.Offset == b.Offset
}

// uniform reports whether a format decodes its codes by what a tensor has once.
func uniform(f *spec.Format) bool {
	ok := f.Packs != nil && f.Decode != nil
	var look func(spec.Expr) bool
	look = func(e spec.Expr) bool {
		switch e := e.(type) {
		case *spec.FieldRef:
			ok = ok && e.Tail
		case *spec.LetRef:
			if !e.Let.Code {
				spec.Walk(e.Let.Value, look)
			}
		}
		return ok
	}
	if ok {
		spec.Walk(f.Decode, look)
	}
	return ok
}

// paired reports whether a format packs another, and a value is a bf16 of the block and nothing else.
func paired(f *spec.Format) bool { return f.Packs != nil && f.Brains() != nil }
