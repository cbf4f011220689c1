package check

import (
	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// packs finds the format whose blocks f holds side by side; ok is false where what it packs is not known.
func (c *checker) packs(d *decl, f *spec.Format, a *grammar.Format) (ok bool) {
	if a.Packs == nil {
		if f.Rows > 1 {
			c.errorf(a.Pos, "a block of %d rows says what it packs: packs NAME", f.Rows)
		}
		return f.Rows == 1
	}
	of := c.lookup(d, a.Packs)
	if of == nil {
		return false
	}
	c.resolve(of, a.Packs.Pos)
	switch p := of.fmt; {
	case of.broken:
		d.broken = true
	case p == nil || p.Page || p.Rows > 1:
		c.errorf(a.Packs.Pos, "%s is no format of rows of blocks", a.Packs.Text)
	case f.Count%p.Count != 0:
		c.errorf(a.Packs.Pos, "a block of %s has %d values, of which %d are no multiple", p.Name, p.Count, f.Count)
	default:
		f.Packs = p
	}
	return f.Packs != nil
}

// rowsOf stands for the blocks that a block of rows packs: of Format, as many for each row as are side by side.
type rowsOf struct {
	*spec.Format
	rows, beside int
}

// extent is that of an index of a let: of a code it counts on through the blocks of a row.
func (f *rowsOf) extent(l *spec.Let, k int) (lo, hi spec.Expr) {
	if l.Code && f.beside > 1 {
		return nil, &spec.IntLit{V: int64(f.beside * f.Count)}
	}
	return l.Index[k].Lo, l.Index[k].Hi
}

// pack checks the equations that give a block's fields from w, the blocks of its rows.
func (c *checker) pack(s *scope, f *spec.Format, a *grammar.Pack) *spec.Pack {
	if f.Packs == nil {
		c.errorf(a.Pos, "format %s does not say what it packs", f.Name)
		return nil
	}
	p := &spec.Pack{}
	in := newScope(c, s.at)
	in.define(a.Param, &rowsOf{f.Packs, f.Rows, f.Count / f.Packs.Count})
	before := len(c.errs)
	in.later(a.Body)
	for _, item := range a.Body {
		switch item := item.(type) {
		case *grammar.Let:
			if l := in.let(item); l != nil {
				p.Lets = append(p.Lets, l)
			}
		case *grammar.Assign:
			if t := tailField(f, item); t != nil {
				p.Once = c.once(f, t, a.Param.Text, item, p.Once)
				continue
			}
			p.Sets = c.setField(in, f, item, p.Sets)
		}
	}
	if len(c.errs) > before {
		return p
	}
	c.allSet(a.Pos, "pack", f, p.Sets)
	c.allOnce(a.Pos, f, p.Once)
	in.unused()
	return p
}

// inRow reads w.d[r], w.qs[r, j] or w.c[r, i]: a field, a let or a code of the block of row r.
func (s *scope) inRow(e *grammar.Subscript, m *grammar.Member, f *rowsOf) spec.Expr {
	at, ok := s.integers(e.Index)
	if !ok {
		return bad{}
	}
	wants := func(n int) bool {
		if len(at) != n+1 {
			s.errorf(e.Pos, "%s takes %d indices, the row first; %d %s given", m.Name.Text, n+1, len(at), plural(len(at), "index is"))
		}
		return len(at) == n+1 && s.allWithin(e, at)
	}
	var names []string
	for _, field := range f.Fields {
		if field.Name == m.Name.Text && f.beside > 1 {
			if len(at) != len(field.Shape)+2 {
				s.errorf(e.Pos, "%s is a field of each of %d blocks of a row: it takes %d indices, the row and the block first", field.Name, f.beside, len(field.Shape)+2)
				return bad{}
			}
			if !s.allWithin(e, at) {
				return bad{}
			}
			return s.narrow(&spec.InRow{Row: at[0], Block: at[1], A: fieldRef(field, false, at[2:])}, field)
		}
		if field.Name == m.Name.Text {
			if !wants(len(field.Shape)) {
				return bad{}
			}
			return s.narrow(&spec.InRow{Row: at[0], A: fieldRef(field, false, at[1:])}, field)
		}
		names = append(names, field.Name)
	}
	for _, l := range f.Lets {
		if l.Name == m.Name.Text {
			if !wants(len(l.Index)) {
				return bad{}
			}
			if l.Code && f.beside > 1 {
				count := &spec.IntLit{V: int64(f.Count)}
				within := &spec.Binary{Op: "%", A: at[1], B: count}
				return &spec.InRow{Row: at[0], Block: &spec.Binary{Op: "/", A: at[1], B: count}, A: &spec.LetRef{Let: l, At: []spec.Expr{within}}}
			}
			return &spec.InRow{Row: at[0], A: &spec.LetRef{Let: l, At: at[1:]}}
		}
		names = append(names, l.Name)
	}
	s.suggest(m.Name.Pos, m.Name.Text, names, "format %s has no field and no let %s", f.Name, m.Name.Text)
	return bad{}
}

// extentIndices are index variables that run over extents.
func extentIndices(list []*grammar.Index, extents []int) []*spec.Index {
	out := make([]*spec.Index, len(list))
	for i, v := range list {
		out[i] = &spec.Index{Name: v.Name.Text, Lo: &spec.IntLit{}, Hi: &spec.IntLit{V: int64(extents[i])}}
	}
	return out
}

// fieldRef reads an element of a field; several indices are one, the last counting fastest.
func fieldRef(f *spec.Field, tail bool, at []spec.Expr) *spec.FieldRef {
	out := &spec.FieldRef{Field: f, Tail: tail}
	for i, x := range at {
		if i == 0 {
			out.At = x
			continue
		}
		row := &spec.Binary{Op: "*", A: out.At, B: &spec.IntLit{V: int64(f.Shape[i])}}
		out.At = &spec.Binary{Op: "+", A: row, B: x}
	}
	return out
}

// folded are the indices that an encode's equations fold over.
func folded(e *spec.Encode) (names []string) {
	look := func(x spec.Expr) bool {
		if r, ok := x.(*spec.Reduce); ok {
			names = append(names, r.Index[len(r.Index)-1].Name)
		}
		return true
	}
	for _, l := range e.Lets {
		spec.Walk(l.Value, look)
	}
	for _, s := range e.Sets {
		spec.Walk(s.Value, look)
	}
	return names
}
