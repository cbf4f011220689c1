package check

import (
	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// let checks let s[t, h] = …; the name is visible from here on.
func (s *scope) let(a *grammar.Let) *spec.Let {
	if len(a.Names) != 1 {
		s.errorf(a.Pos, "an equation names one value")
		return nil
	}
	l := &spec.Let{Pos: a.Pos, Name: a.Names[0].Text}
	defer func() {
		if s.find(l.Name) == nil {
			s.names[l.Name] = bad{} // said already
		}
	}()
	index, in, ok := s.indices(a.Index, a.Value)
	if !ok {
		return nil
	}
	l.Index = index
	want := spec.F32
	if a.Type != nil {
		switch a.Type.Text {
		case "int", "trit", "u8", "i8", "u16", "i16", "u32", "i32":
			want = spec.Int
		case "f32":
		case "f64":
			want = spec.F64
		case "bool":
			want = spec.Bool
		default:
			s.suggest(a.Type.Pos, a.Type.Text, []string{"int", "trit", "f32", "f64", "bool"}, "a value is int (or a narrower integer), f32, f64 or bool, not %s", a.Type.Text)
			return nil
		}
	}
	value := in.expr(a.Value)
	if a.Type == nil && wholeConstant(value) {
		want = spec.Int
	}
	l.Value = in.typed(value, want, a.Pos)
	if isBad(l.Value) {
		return nil
	}
	if a.Type != nil && l.Value.Type() != want {
		s.errorf(a.Type.Pos, "the value of %s is %s, not %s: convert it", l.Name, l.Value.Type(), want)
		return nil
	}
	if want == spec.Int && a.Type != nil {
		limit, _ := spec.IntegerRange(a.Type.Text)
		if l.Value = in.toInteger(a.Value.At(), a.Type.Text, limit, l.Value); isBad(l.Value) {
			return nil
		}
	}
	if len(l.Index) > 0 && s.single {
		s.errorf(a.Names[0].Pos, "an op on single values has single values: it is put in the place of its calls")
		return nil
	}
	s.define(a.Names[0], prove(l))
	return l
}

func (c *checker) table(s *scope, a *grammar.Table) *spec.Table {
	elem := spec.Elems[a.Elem.Text]
	defer func() {
		if s.find(a.Name.Text) == nil {
			s.names[a.Name.Text] = bad{} // said already
		}
	}()
	n, ok := s.expr(a.Len).(untyped)
	if elem == nil || elem.Narrow {
		c.suggest(a.Elem.Pos, a.Elem.Text, keys(spec.Elems), "a table can't hold %s", a.Elem.Text)
		return nil
	}
	if !ok || !n.whole || int(n.i) != len(a.Values) {
		c.errorf(a.Len.At(), "table %s has %d values, its length says otherwise", a.Name.Text, len(a.Values))
		return nil
	}
	t := &spec.Table{Name: a.Name.Text, Elem: elem}
	for _, v := range a.Values {
		u, ok := s.expr(v).(untyped)
		switch {
		case !ok:
			c.errorf(v.At(), "a table holds constants")
			return nil
		case elem.Type.Float():
			t.Floats = append(t.Floats, u.f)
		case !u.whole || u.i < elem.Range.Lo || u.i > elem.Range.Hi:
			c.errorf(v.At(), "%v is no %s", u.f, elem.Name)
			return nil
		default:
			t.Ints = append(t.Ints, u.i)
		}
	}
	s.define(a.Name, t)
	return t
}

// whole refuses an equation that leaves out some of a result: what it doesn't set nobody does.
func (s *scope) whole(result string, index []grammar.Expr) bool {
	seen := map[string]bool{}
	for _, x := range index {
		id, ok := x.(*grammar.Ident)
		if !ok || seen[id.Text] || s.find(id.Text) != nil {
			s.errorf(x.At(), "an equation sets all of %s: each of its dims has an index variable of its own", result)
			return false
		}
		seen[id.Text] = true
	}
	return true
}

// set checks y[t, m] = … and kv.k[at[t].seq, at[t].pos, g, a] = ….
func (s *scope) set(a *grammar.Assign, outs []*spec.Param) *spec.Set {
	out := &spec.Set{Pos: a.Pos}
	name, index := a.Target, []grammar.Expr(nil)
	if sub, ok := a.Target.(*grammar.Subscript); ok {
		name, index = sub.X, sub.Index
	}
	switch n := name.(type) {
	case *grammar.Ident:
		var names []string
		for _, o := range outs {
			names = append(names, o.Name)
			if o.Name == n.Text {
				out.Out = o
			}
		}
		if out.Out == nil && s.find(n.Text) == any(bad{}) {
			return nil // said already
		}
		if out.Out == nil {
			s.suggest(n.Pos, n.Text, names, "%s is no result: an equation sets a result, let names a value", n.Text)
			return nil
		}
		if len(index) != len(out.Out.Shape) {
			s.errorf(a.Pos, "%s has %d %s, %d %s given", n.Text, len(out.Out.Shape), plural(len(out.Out.Shape), "dim"), len(index), plural(len(index), "index is"))
			return nil
		}
		if !s.whole(n.Text, index) {
			return nil
		}
	case *grammar.Member:
		p, f := s.stateField(n)
		if f == nil {
			return nil
		}
		if !p.InOut {
			s.errorf(n.Pos, "%s is read only: declare it inout", p.Name)
			return nil
		}
		if len(index) != len(f.Dims)+1 {
			s.errorf(a.Pos, "%s.%s takes %d indices, %d are given", p.Name, f.Name, len(f.Dims)+1, len(index))
			return nil
		}
		out.Out, out.Field = p, f
	default:
		s.errorf(a.Pos, "only results are set")
		return nil
	}
	// The target's own dims give the ranges, then the value's uses.
	var list []*grammar.Index
	seen := map[string]bool{}
	for _, x := range index {
		visit(x, func(e grammar.Expr) bool {
			if id, ok := e.(*grammar.Ident); ok && !seen[id.Text] && s.find(id.Text) == nil {
				seen[id.Text] = true
				list = append(list, &grammar.Index{Pos: id.Pos, Name: &grammar.Name{Pos: id.Pos, Text: id.Text}})
			}
			return true
		})
	}
	vars, in, ok := s.indices(list, append([]grammar.Expr{a.Target, a.Value}, index...)...)
	if !ok {
		return nil
	}
	out.Index = vars
	if out.At, ok = in.integers(index); !ok {
		return nil
	}
	if sub, is := a.Target.(*grammar.Subscript); is && !in.allWithin(sub, out.At) {
		return nil
	}
	elem := out.Out.Elem
	switch {
	case out.Field != nil:
		elem = out.Field.Elem
	case out.Out.Kind == spec.Weight:
		elem = spec.Elems["f32"]
		if !s.inBlocks(a, out) {
			return nil
		}
	}
	out.Value = in.typed(in.expr(a.Value), elem.Type, a.Pos)
	if isBad(out.Value) {
		return nil
	}
	if out.Value.Type() != elem.Type {
		s.errorf(a.Value.At(), "%s holds %s, this is %s: convert it", out.Out.Name, elem.Name, out.Value.Type())
		return nil
	}
	if _, rounded := out.Value.(*spec.Round); elem.Narrow && !rounded {
		s.errorf(a.Value.At(), "%s.%s is %s: round to it with %s(…)", out.Out.Name, out.Field.Name, elem.Name, elem.Name)
		return nil
	}
	if elem.Type == spec.Int {
		if out.Value = in.toInteger(a.Value.At(), elem.Name, elem.Range, out.Value); isBad(out.Value) {
			return nil
		}
	}
	return out
}

// inBlocks checks the equation of a tensor in blocks: all of it is set at once, y[t, k] = ….
func (s *scope) inBlocks(a *grammar.Assign, out *spec.Set) bool {
	for i, at := range out.At {
		if ref, ok := at.(*spec.IndexRef); !ok || len(out.Index) != len(out.At) || ref.Index != out.Index[i] {
			s.errorf(a.Pos, "a tensor in blocks is set by indices that run over all of it: %s[t, k] = …", out.Out.Name)
			return false
		}
	}
	if f := out.Out.Format; f != nil && f.Encode == nil {
		s.errorf(a.Pos, "format %s lacks encode(x) { … }, so nothing can be written in it", f.Name)
		return false
	}
	return true
}
