package check

import (
	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// indices gives index variables their ranges: as written, or the extent of a dim where
// the variable stands alone as an index in one of the bodies.
func (s *scope) indices(list []*grammar.Index, bodies ...grammar.Expr) ([]*spec.Index, *scope, bool) {
	in, ok := s, true
	var out []*spec.Index
	for _, i := range list {
		if in.find(i.Name.Text) != nil {
			s.errorf(i.Pos, "%s is defined twice: an index needs a name of its own", i.Name.Text)
			return nil, nil, false
		}
		v := &spec.Index{Name: i.Name.Text}
		if i.Lo != nil {
			v.Lo, v.Hi = in.integer(i.Lo), in.integer(i.Hi)
			ok = ok && !isBad(v.Lo) && !isBad(v.Hi)
		} else if v.Lo, v.Hi = s.extent(i.Name.Text, bodies); v.Hi == nil {
			ok = false
			switch n := s.indexed(i.Name.Text, bodies); {
			case n != nil && s.find(n.Text) == nil:
				s.unknown(n.Pos, n.Text)
			case n == nil:
				s.errorf(i.Pos, "the range of %s is not known: it stands alone as no index; write %s in 0 .. n", i.Name.Text, i.Name.Text)
			}
		}
		if !ok {
			return nil, nil, false
		}
		out = append(out, v)
		in = in.inside([]*spec.Index{v})
	}
	return out, in, true
}

// extent finds the dim that a variable runs over.
func (s *scope) extent(name string, bodies []grammar.Expr) (lo, hi spec.Expr) {
	zero := &spec.IntLit{V: 0}
	for _, b := range bodies {
		visit(b, func(e grammar.Expr) bool {
			sub, ok := e.(*grammar.Subscript)
			if !ok || hi != nil {
				return hi == nil
			}
			for k, x := range sub.Index {
				id, ok := x.(*grammar.Ident)
				if !ok || id.Text != name {
					continue
				}
				if l, h := s.dimOf(sub.X, k); h != nil {
					if l == nil {
						l = zero
					}
					lo, hi = l, h
				}
			}
			return true
		})
		if hi != nil {
			break
		}
	}
	return lo, hi
}

// indexed is an unknown name that a variable is an index of, or one about which an error has been said.
func (s *scope) indexed(name string, bodies []grammar.Expr) (found *grammar.Ident) {
	for _, b := range bodies {
		visit(b, func(e grammar.Expr) bool {
			sub, ok := e.(*grammar.Subscript)
			if !ok || found != nil {
				return found == nil
			}
			for _, x := range sub.Index {
				id, ok := x.(*grammar.Ident)
				of, named := sub.X.(*grammar.Ident)
				if !ok || !named || id.Text != name {
					continue
				}
				if v := s.find(of.Text); v == nil || v == any(bad{}) {
					found = of
				}
			}
			return true
		})
	}
	return found
}

// dimOf is the extent of dim k of what x names.
func (s *scope) dimOf(x grammar.Expr, k int) (lo, hi spec.Expr) {
	if m, ok := x.(*grammar.Member); ok {
		id, ok := m.X.(*grammar.Ident)
		if !ok {
			return nil, nil
		}
		if f, ok := s.find(id.Text).(*rowsOf); ok {
			return f.dim(m.Name.Text, k)
		}
		p, ok := s.find(id.Text).(*spec.Param)
		if !ok || p.Kind != spec.State || k < 2 {
			return nil, nil
		}
		for _, f := range p.Format.Fields {
			if f.Name != m.Name.Text {
				continue
			}
			dims := without(f.Dims, f.Slot)
			if k-2 < len(dims) {
				return nil, bind(dims[k-2], p)
			}
		}
		return nil, nil
	}
	id, ok := x.(*grammar.Ident)
	if !ok {
		return nil, nil
	}
	switch v := s.find(id.Text).(type) {
	case *spec.Param:
		if v.Kind != spec.State && k < len(v.Shape) {
			return nil, v.Shape[k]
		}
	case *spec.Let:
		if k < len(v.Index) {
			if closed(v.Index[k].Lo) && closed(v.Index[k].Hi) {
				return v.Index[k].Lo, v.Index[k].Hi
			}
		}
	case *spec.Table:
		return nil, &spec.IntLit{V: int64(max(len(v.Ints), len(v.Floats)))}
	case *spec.Field:
		if k < len(v.Shape) {
			return nil, &spec.IntLit{V: int64(v.Shape[k])}
		}
	}
	return nil, nil
}

// dim is the extent of dim k of a field or let of the packed blocks: the rows, then its own.
func (f *rowsOf) dim(name string, k int) (lo, hi spec.Expr) {
	if k == 0 {
		return nil, &spec.IntLit{V: int64(f.rows)}
	}
	k--
	for _, field := range f.Fields {
		shape := field.Shape
		if f.beside > 1 {
			shape = append([]int{f.beside}, shape...)
		}
		if field.Name == name && k < len(shape) {
			return nil, &spec.IntLit{V: int64(shape[k])}
		}
	}
	for _, l := range f.Lets {
		if l.Name == name && k < len(l.Index) {
			return f.extent(l, k)
		}
	}
	return nil, nil
}

// closed reports whether e holds no index variable.
func closed(e spec.Expr) bool {
	ok := true
	spec.Walk(e, func(e spec.Expr) bool {
		if _, is := e.(*spec.IndexRef); is {
			ok = false
		}
		return ok
	})
	return ok
}

func without[E any](list []E, i int) []E {
	out := append([]E{}, list[:i]...)
	return append(out, list[i+1:]...)
}

// bind puts a state's arguments in the place of its page's params.
func bind(e spec.Expr, p *spec.Param) spec.Expr {
	switch e := e.(type) {
	case *spec.DimRef:
		for i, name := range p.Format.Params {
			if name == e.Name {
				return p.Shape[i]
			}
		}
	case *spec.Binary:
		return &spec.Binary{Op: e.Op, A: bind(e.A, p), B: bind(e.B, p)}
	}
	return e
}

// visit walks an expression as written.
func visit(e grammar.Expr, f func(grammar.Expr) bool) {
	if e == nil || !f(e) {
		return
	}
	switch e := e.(type) {
	case *grammar.Member:
		visit(e.X, f)
	case *grammar.Subscript:
		visit(e.X, f)
		for _, i := range e.Index {
			visit(i, f)
		}
	case *grammar.Call:
		visit(e.Fun, f)
		for _, a := range e.Args {
			visit(a.Value, f)
		}
	case *grammar.Unary:
		visit(e.X, f)
	case *grammar.Binary:
		visit(e.X, f)
		visit(e.Y, f)
	case *grammar.If:
		visit(e.Cond, f)
		visit(e.Then, f)
		visit(e.Else, f)
	case *grammar.Reduce:
		for _, i := range e.Index {
			if i.Lo != nil {
				visit(i.Lo, f)
				visit(i.Hi, f)
			}
		}
		visit(e.Body, f)
	case *grammar.Reshape:
		visit(e.X, f)
		for _, d := range e.Dims {
			visit(d, f)
		}
	}
}

func (s *scope) reduce(e *grammar.Reduce) spec.Expr {
	index, in, ok := s.indices(e.Index, e.Body)
	if !ok {
		return bad{}
	}
	body := in.expr(e.Body)
	want := spec.F64
	if e.As == nil && wholeConstant(body) {
		want = spec.Int
	}
	body = in.typed(body, want, e.Pos)
	if isBad(body) {
		return body
	}
	if _, is := body.(stored); is {
		return in.typed(body, spec.F32, e.Pos)
	}
	t := body.Type()
	switch e.Kind {
	case "any", "all":
		if t != spec.Bool {
			s.errorf(e.Pos, "%s takes a condition, this is %s", e.Kind, t)
			return bad{}
		}
	default:
		if t == spec.Bool {
			s.errorf(e.Pos, "%s takes numbers, this is a condition", e.Kind)
			return bad{}
		}
	}
	if e.As != nil && e.As.Text != t.String() {
		s.errorf(e.As.Pos, "the body is %s, not %s: convert it", t, e.As.Text)
		return bad{}
	}
	return &spec.Reduce{Pos: e.Pos, Kind: e.Kind, Index: index, Body: body}
}
