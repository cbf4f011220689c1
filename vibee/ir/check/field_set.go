package check

import (
	"slices"

	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// setField adds a field's equation to those before it, of which none may set the same field.
func (c *checker) setField(in *scope, f *spec.Format, a *grammar.Assign, sets []*spec.FieldSet) []*spec.FieldSet {
	fs := c.fieldSet(in, f, a)
	if fs == nil {
		return sets
	}
	if sets = append(sets, fs); slices.ContainsFunc(sets[:len(sets)-1], func(x *spec.FieldSet) bool { return x.Field == fs.Field }) {
		c.errorf(a.Pos, "field %s is set twice", fs.Field.Name)
	}
	return sets
}

// allSet refuses what leaves a field of the format as it is.
func (c *checker) allSet(pos grammar.Pos, what string, f *spec.Format, sets []*spec.FieldSet) {
	for _, field := range f.Fields {
		if !slices.ContainsFunc(sets, func(fs *spec.FieldSet) bool { return fs.Field == field }) {
			c.errorf(pos, "%s does not set field %s", what, field.Name)
		}
	}
}

func (c *checker) fieldSet(in *scope, f *spec.Format, a *grammar.Assign) *spec.FieldSet {
	name, index := a.Target, []grammar.Expr(nil)
	if sub, ok := a.Target.(*grammar.Subscript); ok {
		name, index = sub.X, sub.Index
	}
	id, ok := name.(*grammar.Ident)
	if !ok {
		c.errorf(a.Pos, "encode sets fields")
		return nil
	}
	var field *spec.Field
	var names []string
	for _, x := range f.Fields {
		names = append(names, x.Name)
		if x.Name == id.Text {
			field = x
		}
	}
	if field == nil {
		c.suggest(id.Pos, id.Text, names, "format %s has no field %s", f.Name, id.Text)
		return nil
	}
	out := &spec.FieldSet{Pos: a.Pos, Field: field}
	if !field.Scalar {
		var list []*grammar.Index
		for _, x := range index {
			if v, ok := x.(*grammar.Ident); ok {
				list = append(list, &grammar.Index{Pos: v.Pos, Name: &grammar.Name{Pos: v.Pos, Text: v.Text}})
			}
		}
		if len(list) != len(field.Shape) || len(list) != len(index) {
			c.errorf(a.Pos, "all of field %s is set at once, by an index for each of its %d dims: %s[j] = …", id.Text, len(field.Shape), id.Text)
			return nil
		}
		out.Index = extentIndices(list, field.Shape)
		in = in.inside(out.Index)
	}
	value := in.expr(a.Value)
	if st, ok := value.(stored); ok && st.field.Elem == field.Elem {
		out.Value, out.Raw = st.Expr, true
		return out
	}
	value = in.typed(value, field.Elem.Type, a.Pos)
	if isBad(value) {
		return nil
	}
	if value.Type() != field.Elem.Type {
		c.errorf(a.Value.At(), "field %s is %s, this is %s", id.Text, field.Elem.Name, value.Type())
		return nil
	}
	if field.Elem.Type == spec.Int {
		if value = in.toInteger(a.Value.At(), field.Elem.Name, field.Elem.Range, value); isBad(value) {
			return nil
		}
	}
	if _, rounded := value.(*spec.Round); field.Elem.Narrow && !rounded {
		c.errorf(a.Value.At(), "field %s is %s: round to it with %s(…)", id.Text, field.Elem.Name, field.Elem.Name)
		return nil
	}
	out.Value = value
	return out
}
