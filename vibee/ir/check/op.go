package check

import (
	"slices"

	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

func (c *checker) op(d *decl, a *grammar.Op) *spec.Op {
	o := &spec.Op{Pos: a.Pos, Package: d.pkg.name, Name: a.Named(), Doc: a.Doc, Approx: map[*spec.Op]*spec.Op{}}
	s := newScope(c, d)
	before := len(c.errs)
	c.noDomains(append(slices.Clone(a.Params), a.Outs...))
	c.params(s, o, a)
	if !o.Scalar() {
		for _, p := range o.Params {
			if p.Kind == spec.Value && p.Elem.Name == "f64" {
				c.errorf(p.Pos, "a single value that a layer passes is f32 or dim, not f64")
			}
		}
	}
	for _, w := range a.Where {
		if f, ok := s.fact(w); ok {
			o.Facts = append(o.Facts, f)
		}
	}
	c.packed(o)
	d.broken = d.broken || len(c.errs) > before
	s.single = o.Scalar()
	o.Body = c.body(s, o, a.Pos, a.Body)
	if len(c.errs) > before {
		return o
	}
	c.licences(s, o, a.Body)
	if a.Host != nil {
		c.host(o, a.Host)
	}
	if len(c.errs) == before && !d.broken { // else a use may be among what was not understood
		c.unlicensed(o, a.Body)
		s.unused()
	}
	return o
}

// packed refuses a packed result where there is nothing that it could pack.
func (c *checker) packed(o *spec.Op) {
	for _, out := range o.Outs {
		if out.Packed && !slices.ContainsFunc(o.Params, func(p *spec.Param) bool { return p.Kind == spec.Weight && p.Format == nil && !p.Packed }) {
			c.errorf(out.Pos, "%s is packed, and no parameter is what it packs: W: any[M, K]", out.Name)
		}
	}
}

// noDomains refuses what only a property's inputs have.
func (c *checker) noDomains(list []*grammar.Param) {
	for _, p := range list {
		if p.Domain != nil {
			c.errorf(p.Pos, "only a property's inputs have a domain: nothing holds %s to it", p.Name.Text)
		}
	}
}

// maxRank is how many dims a tensor may have.
const maxRank = 16

// host gives an op the name by which the program around the models calls it.
func (c *checker) host(o *spec.Op, name *grammar.Text) {
	old := c.hosts[name.Value]
	switch {
	case name.Value == "":
		c.errorf(name.Pos, "the program calls an op by a name")
	case o.Scalar():
		c.errorf(name.Pos, "%s is for single values: the program calls ops on tensors", o.Name)
	case old != nil:
		c.errorf(name.Pos, "the program calls %s by the name %q already", old.FullName(), name.Value)
	}
	c.hosts[name.Value] = o
	o.Host = name.Value
}

func (c *checker) params(s *scope, o *spec.Op, a *grammar.Op) {
	for _, p := range append(append([]*grammar.Param{}, a.Params...), a.Outs...) {
		if p.Type.Path.Package == "" && p.Type.Path.Text == "dim" {
			s.define(p.Name, &spec.Param{Pos: p.Pos, Name: p.Name.Text, Kind: spec.Dim})
		}
	}
	bound := map[string]bool{}
	shape := func(list []grammar.Expr) (out []spec.Expr) {
		if len(list) > maxRank {
			c.errorf(list[maxRank].At(), "%d dims are too many: the limit is %d", len(list), maxRank)
			list = list[:maxRank]
		}
		for _, x := range list {
			visit(x, func(e grammar.Expr) bool {
				if id, ok := e.(*grammar.Ident); ok && s.find(id.Text) == nil {
					s.names[id.Text] = dim(id.Text)
					o.Dims = append(o.Dims, id.Text)
				}
				return true
			})
			if id, ok := x.(*grammar.Ident); ok {
				bound[id.Text] = true
			}
			d := s.integer(x)
			if !isBad(d) && !Arithmetic(d) {
				c.errorf(x.At(), "a dim of a shape is made of dims and numbers by + - * / %%")
				d = bad{}
			}
			out = append(out, d)
		}
		return out
	}
	read := func(p *grammar.Param, out bool) (found *spec.Param) {
		defer func() {
			if found == nil && s.find(p.Name.Text) == nil {
				s.names[p.Name.Text] = bad{} // said already
			}
		}()
		q := &spec.Param{Pos: p.Pos, Name: p.Name.Text, InOut: p.InOut, Out: out}
		t := p.Type
		if t.HasDims && t.Path.Text == "dim" {
			c.errorf(t.Pos, "a dim is one integer: it has no dims")
			return nil
		}
		switch name := t.Path.Text; {
		case t.Path.Package == "" && name == "dim":
			return s.names[p.Name.Text].(*spec.Param)
		case t.Path.Package == "" && name == "place":
			q.Kind, q.Shape = spec.Place, shape(t.Dims)
			if len(q.Shape) != 1 {
				c.errorf(t.Pos, "a place has one dim: place[T]")
				return nil
			}
		case t.Path.Package == "" && (name == "any" || name == "packed" || name == "uniform" || name == "paired" || name == "stored"):
			q.Kind, q.Shape = spec.Weight, shape(t.Dims)
			q.Packed, q.Stored = name != "any" && name != "stored", name == "stored"
			q.Uniform, q.Paired = name == "uniform", name == "paired"
			if (q.Stored || q.Uniform || q.Paired) && out {
				c.errorf(t.Pos, "a result is written in one form: any or packed")
				return nil
			}
		case t.Path.Package == "" && (spec.Elems[name] != nil || name == "int"):
			q.Elem = spec.Elems[name]
			if name == "int" {
				q.Elem = spec.Elems["i64"]
			}
			q.Kind = spec.Value
			if t.HasDims {
				q.Kind, q.Shape = spec.Tensor, shape(t.Dims)
			}
			if q.Elem.Narrow {
				c.errorf(t.Pos, "%s is a type in memory: a tensor here is f32", name)
				return nil
			}
		default:
			f := c.typeNamed(s, t)
			if f == nil {
				return nil
			}
			q.Format = f.fmt
			if f.fmt.Page {
				q.Kind, q.Shape = spec.State, shape(t.Args)
				if len(q.Shape) != len(f.fmt.Params) {
					c.errorf(t.Pos, "%s takes %d %s, %d given", name, len(f.fmt.Params), plural(len(f.fmt.Params), "dim"), len(q.Shape))
					return nil
				}
			} else {
				q.Kind, q.Shape = spec.Weight, shape(t.Dims)
			}
		}
		if f := q.Format; q.Kind == spec.Weight && f != nil && len(q.Shape) == 2 {
			if width, ok := q.Shape[1].(*spec.IntLit); ok && width.V%int64(f.Count) != 0 {
				c.errorf(t.Pos, "a row of %s is whole blocks of %d values, not %d", f.Name, f.Count, width.V)
				return nil
			}
		}
		if q.Kind == spec.Weight && len(q.Shape) != 2 {
			c.errorf(t.Pos, "a weight has two dims, rows and columns; %d given", len(q.Shape))
			return nil
		}
		if len(t.Args) > 0 && q.Kind != spec.State {
			c.errorf(t.Args[0].At(), "only a state's page takes dims in parentheses")
			return nil
		}
		if q.InOut && q.Kind != spec.State {
			c.errorf(p.Pos, "only a state is inout: results come after ->")
			return nil
		}
		s.define(p.Name, q)
		return q
	}
	for _, p := range a.Params {
		if q := read(p, false); q != nil {
			o.Params = append(o.Params, q)
		}
	}
	for _, p := range a.Outs {
		q := read(p, true)
		if q == nil {
			continue
		}
		if q.Kind != spec.Tensor && q.Kind != spec.Value && q.Kind != spec.Weight {
			c.errorf(p.Pos, "a result is a tensor, one in blocks of a format, or a value")
			continue
		}
		o.Outs = append(o.Outs, q)
	}
	for _, name := range o.Dims {
		if !bound[name] {
			c.errorf(a.Pos, "dim %s stands alone in no shape, so nothing gives its value: pass it as %s: dim", name, name)
		}
	}
}

// typeNamed is the format that a parameter's type names.
func (c *checker) typeNamed(s *scope, t *grammar.Type) *decl {
	if t.Path.Package == "" && s.at.pkg.decls[t.Path.Text] == nil {
		known := append(keys(spec.Elems), "any", "place", "dim", "int")
		for name, d := range s.at.pkg.decls {
			if _, ok := d.ast.(*grammar.Format); ok {
				known = append(known, name)
			}
		}
		c.suggest(t.Pos, t.Path.Text, known, "there is no type %s", t.Path.Text)
		return nil
	}
	f := c.lookup(s.at, t.Path)
	if f == nil {
		return nil
	}
	c.resolve(f, t.Pos)
	switch {
	case f.broken:
		s.at.broken = true
		return nil
	case f.fmt == nil:
		c.errorf(t.Pos, "%s is no format", t.Path.Text)
		return nil
	}
	return f
}

// body checks the equations of an op or a kernel, which begins at pos.
func (c *checker) body(s *scope, o *spec.Op, pos grammar.Pos, items []grammar.Item) *spec.Body {
	b := &spec.Body{Orders: map[string][]spec.Order{}}
	set := map[string]bool{}
	before := len(c.errs)
	s.later(items)
	for _, item := range items {
		switch item := item.(type) {
		case *grammar.Table:
			if t := c.table(s, item); t != nil {
				b.Tables = append(b.Tables, t)
			}
		case *grammar.Let:
			if l := s.let(item); l != nil {
				b.Lets = append(b.Lets, l)
			}
		case *grammar.Assign:
			set[target(item)] = true // even where its value is wrong
			if st := s.set(item, o.Outs); st != nil {
				key := st.Out.Name
				if st.Field != nil {
					key += "." + st.Field.Name
				}
				if slices.ContainsFunc(b.Sets, func(o *spec.Set) bool { return o.Out == st.Out && o.Field == st.Field }) {
					c.errorf(item.Pos, "%s is set twice", key)
				}
				b.Sets = append(b.Sets, st)
			}
		}
	}
	if len(c.errs) > before || s.at.broken { // else results and sums may be among what was not understood
		return b
	}
	for _, item := range items {
		if order, ok := item.(*grammar.Order); ok {
			for _, choice := range order.Items {
				c.order(s, b.Orders, b.Sums(), choice)
			}
		}
	}
	for _, out := range o.Outs {
		if !set[out.Name] {
			c.errorf(pos, "result %s has no equation", out.Name)
		}
	}
	return b
}

// target is the result that an equation names; "" for a state's field.
func target(a *grammar.Assign) string {
	name := a.Target
	if sub, ok := name.(*grammar.Subscript); ok {
		name = sub.X
	}
	if id, ok := name.(*grammar.Ident); ok {
		return id.Text
	}
	return ""
}
