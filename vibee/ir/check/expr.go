package check

import (
	"strconv"

	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// expr gives an expression its meaning. Literals stay untyped until they meet a type.
func (s *scope) expr(e grammar.Expr) spec.Expr {
	switch e := e.(type) {
	case *grammar.Number:
		return s.number(e)
	case *grammar.Ident:
		return s.ident(e)
	case *grammar.Member:
		return s.member(e)
	case *grammar.Subscript:
		return s.subscript(e)
	case *grammar.Call:
		return s.call(e)
	case *grammar.Unary:
		return s.unary(e)
	case *grammar.Binary:
		return s.binary(e)
	case *grammar.If:
		cond := s.expr(e.Cond)
		a, b := s.unify(e.Pos, s.where(cond, true).expr(e.Then), s.where(cond, false).expr(e.Else))
		if isBad(cond) || isBad(a) || isBad(b) {
			return bad{}
		}
		if cond.Type() != spec.Bool || isUntyped(cond) {
			s.errorf(e.Cond.At(), "the condition is %s, not a comparison", typeName(cond))
			return bad{}
		}
		if isUntyped(a) {
			return &openCond{cond, a, b}
		}
		return &spec.Cond{If: cond, Then: a, Else: b}
	case *grammar.Reduce:
		return s.reduce(e)
	case *grammar.Text:
		s.errorf(e.Pos, "a string has no meaning in an equation")
		return bad{}
	case *grammar.Reshape:
		s.errorf(e.Pos, "`as` is for layers: an equation indexes what it reads")
		return bad{}
	}
	s.errorf(e.At(), "this has no meaning in an equation")
	return bad{}
}

func (s *scope) number(e *grammar.Number) spec.Expr {
	if i, err := strconv.ParseInt(e.Text, 0, 64); err == nil {
		return untyped{f: float64(i), i: i, whole: true}
	}
	f, err := strconv.ParseFloat(e.Text, 64)
	if err != nil {
		s.errorf(e.Pos, "number %s is out of range", e.Text)
		return bad{}
	}
	return untyped{f: f}
}

func (s *scope) ident(e *grammar.Ident) spec.Expr {
	switch e.Text {
	case "true", "false":
		return &spec.BoolLit{V: e.Text == "true"}
	}
	switch v := s.use(e.Text).(type) {
	case *spec.Index:
		return &spec.IndexRef{Index: v}
	case dim:
		return &spec.DimRef{Name: string(v)}
	case *spec.Let:
		if len(v.Index) > 0 {
			s.errorf(e.Pos, "%s is a tensor: it needs %d indices", e.Text, len(v.Index))
			return bad{}
		}
		return &spec.LetRef{Let: v}
	case *spec.Field:
		if !v.Scalar {
			s.errorf(e.Pos, "field %s holds %d values: it needs an index", e.Text, v.Len)
			return bad{}
		}
		return s.narrow(fieldRef(v, s.tail[v], nil), v)
	case *spec.Param:
		if !s.readable(e.Pos, v) {
			return bad{}
		}
		switch v.Kind {
		case spec.Dim:
			return &spec.DimRef{Name: v.Name}
		case spec.Value:
			return &spec.ValueRef{Param: v}
		}
		if v.Kind == spec.Tensor && len(v.Shape) == 0 {
			return &spec.TensorRef{Param: v}
		}
		s.needsIndex(e.Pos, v)
		return bad{}
	case *spec.Table:
		s.errorf(e.Pos, "table %s needs an index", e.Text)
		return bad{}
	case nil:
		return s.unknown(e.Pos, e.Text)
	}
	return bad{}
}

// readable refuses a result, but in tolerate: nothing says that it has been computed.
func (s *scope) readable(pos grammar.Pos, p *spec.Param) bool {
	if p.Out && !s.slack && !s.steps {
		s.errorf(pos, "%s is a result: only tolerate reads results; name the value with a let", p.Name)
		return false
	}
	return true
}

// needsIndex says how a parameter that is no single value is read.
func (s *scope) needsIndex(pos grammar.Pos, p *spec.Param) {
	switch p.Kind {
	case spec.Place:
		s.errorf(pos, "%s is a place: write %s[t].seq or %s[t].pos", p.Name, p.Name, p.Name)
	case spec.State:
		s.errorf(pos, "%s is a state: write %s.%s[…]", p.Name, p.Name, p.Format.Fields[0].Name)
	default:
		s.errorf(pos, "%s has %d dims: it needs as many indices", p.Name, len(p.Shape))
	}
}

// member reads at[t].seq or at[t].pos.
func (s *scope) member(e *grammar.Member) spec.Expr {
	sub, ok := e.X.(*grammar.Subscript)
	if !ok {
		s.errorf(e.Pos, "only a place has parts: write at[t].seq or at[t].pos")
		return bad{}
	}
	id, ok := sub.X.(*grammar.Ident)
	if !ok || len(sub.Index) != 1 {
		s.errorf(e.Pos, "only a place has parts: write at[t].seq or at[t].pos")
		return bad{}
	}
	v := s.use(id.Text)
	p, ok := v.(*spec.Param)
	switch {
	case v == nil:
		return s.unknown(id.Pos, id.Text)
	case v == bad{}:
		return bad{}
	case !ok || p.Kind != spec.Place:
		s.errorf(id.Pos, "%s is no place, so it has no part %s", id.Text, e.Name.Text)
		return bad{}
	}
	if e.Name.Text != "seq" && e.Name.Text != "pos" {
		s.suggest(e.Name.Pos, e.Name.Text, []string{"seq", "pos"}, "a place has the parts seq and pos, not %s", e.Name.Text)
		return bad{}
	}
	at := s.integer(sub.Index[0])
	if isBad(at) {
		return bad{}
	}
	return &spec.PlaceRef{Param: p, At: at, Part: e.Name.Text}
}

func (s *scope) subscript(e *grammar.Subscript) spec.Expr {
	if m, ok := e.X.(*grammar.Member); ok {
		if id, ok := m.X.(*grammar.Ident); ok {
			if rows, ok := s.find(id.Text).(*rowsOf); ok {
				return s.inRow(e, m, rows)
			}
		}
		return s.stateRef(e, m)
	}
	id, ok := e.X.(*grammar.Ident)
	if !ok {
		s.errorf(e.Pos, "only a name takes indices")
		return bad{}
	}
	at, ok := s.integers(e.Index)
	if !ok {
		return bad{}
	}
	rank := func(want int) bool {
		if len(at) == want {
			return true
		}
		s.errorf(e.Pos, "%s has %d %s, %d %s given", id.Text, want, plural(want, "dim"), len(at), plural(len(at), "index is"))
		return false
	}
	switch v := s.use(id.Text).(type) {
	case bad:
	case *spec.Param:
		switch {
		case !s.readable(id.Pos, v):
		case v.Kind == spec.Place || v.Kind == spec.State:
			s.needsIndex(id.Pos, v)
		case v.Kind != spec.Tensor && v.Kind != spec.Weight:
			s.errorf(id.Pos, "%s is one value: it takes no index", id.Text)
		case !rank(len(v.Shape)) || !s.allWithin(e, at):
		case v.Kind == spec.Weight:
			return &spec.WeightRef{Param: v, At: at}
		default:
			return &spec.TensorRef{Param: v, At: at}
		}
	case *spec.Let:
		if rank(len(v.Index)) && s.allWithin(e, at) {
			return &spec.LetRef{Let: v, At: at}
		}
	case *spec.Table:
		if rank(1) && s.allWithin(e, at) {
			return &spec.TableRef{Table: v, At: at[0]}
		}
	case *spec.Field:
		if v.Scalar {
			s.errorf(id.Pos, "field %s is one value: it takes no index", id.Text)
		} else if rank(len(v.Shape)) && s.allWithin(e, at) {
			return s.narrow(fieldRef(v, s.tail[v], at), v)
		}
	case nil:
		return s.unknown(id.Pos, id.Text)
	default:
		s.errorf(id.Pos, "%s is one value: it takes no index", id.Text)
	}
	return bad{}
}

func (s *scope) stateRef(e *grammar.Subscript, m *grammar.Member) spec.Expr {
	p, f := s.stateField(m)
	if f == nil {
		return bad{}
	}
	at, ok := s.integers(e.Index)
	if !ok {
		return bad{}
	}
	if want := len(f.Dims) + 1; len(at) != want {
		s.errorf(e.Pos, "%s.%s takes %d indices (sequence, position, then its dims but the slot), %d are given", p.Name, f.Name, want, len(at))
		return bad{}
	}
	if !s.allWithin(e, at) {
		return bad{}
	}
	return s.narrow(&spec.StateRef{Param: p, Field: f, At: at}, f)
}

func (s *scope) stateField(m *grammar.Member) (*spec.Param, *spec.Field) {
	id, ok := m.X.(*grammar.Ident)
	if !ok {
		s.errorf(m.Pos, "only a state has fields")
		return nil, nil
	}
	v := s.use(id.Text)
	p, ok := v.(*spec.Param)
	switch {
	case v == nil:
		s.unknown(id.Pos, id.Text)
		return nil, nil
	case v == bad{}:
		return nil, nil
	case !ok || p.Kind != spec.State:
		s.errorf(id.Pos, "%s is no state, so it has no field %s", id.Text, m.Name.Text)
		return nil, nil
	}
	var names []string
	for _, f := range p.Format.Fields {
		if f.Name == m.Name.Text {
			return p, f
		}
		names = append(names, f.Name)
	}
	s.suggest(m.Name.Pos, m.Name.Text, names, "%s has no field %s", p.Format.Name, m.Name.Text)
	return nil, nil
}

// narrow marks a read of f16 or bf16, which only a conversion may take.
func (s *scope) narrow(read spec.Expr, f *spec.Field) spec.Expr {
	if f.Elem.Narrow {
		return stored{read, f}
	}
	return read
}

// stored is an f16 or bf16 in memory.
type stored struct {
	spec.Expr
	field *spec.Field
}

// plural is a noun, or "index is", for n things.
func plural(n int, one string) string {
	switch {
	case n == 1:
		return one
	case one == "index is":
		return "indices are"
	case one == "argument is":
		return "arguments are"
	}
	return one + "s"
}

func (s *scope) integer(e grammar.Expr) spec.Expr {
	v := s.typed(s.expr(e), spec.Int, e.At())
	if isBad(v) {
		return v
	}
	if v.Type() != spec.Int {
		s.errorf(e.At(), "an index must be an integer, this is %s", typeName(v))
		return bad{}
	}
	return v
}

func (s *scope) integers(list []grammar.Expr) ([]spec.Expr, bool) {
	out, ok := make([]spec.Expr, len(list)), true
	for i, e := range list {
		out[i] = s.integer(e)
		ok = ok && !isBad(out[i])
	}
	return out, ok
}
