package check

import (
	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// supply types the arguments of a call, binds the op's dims, and gives its results their shapes.
func (p *claim) supply(call *spec.Invoke, args []grammar.Expr) bool {
	o, ok := call.Op, true
	dims := map[string]spec.Expr{}
	var later []func()
	for i, q := range o.Params {
		pos := args[i].At()
		if q.Kind == spec.Dim || q.Kind == spec.Value {
			v := p.single(q, args[i])
			ok = ok && v != nil
			if v != nil && q.Kind == spec.Dim {
				dims[q.Name] = v
			}
			call.Args = append(call.Args, operand(v))
			continue
		}
		have := p.tensor(args[i])
		if have == nil || !p.accepts(pos, o, q, have) {
			ok = false
			continue
		}
		call.Args = append(call.Args, spec.Operand{Param: have})
		for k, want := range q.Shape {
			if ref, is := want.(*spec.DimRef); is && dims[ref.Name] == nil {
				dims[ref.Name] = have.Shape[k]
				continue
			}
			later = append(later, func() {
				ok = p.sameDim(pos, o.Name+": "+q.Name, have.Shape[k], put(want, dims)) && ok
			})
		}
	}
	if !ok {
		return false
	}
	for _, f := range later {
		f()
	}
	for _, f := range o.Facts {
		ok = p.proved(call.Pos, o, spec.Fact{X: put(f.X, dims), Y: put(f.Y, dims), AtMost: f.AtMost}) && ok
	}
	for _, d := range o.Dims {
		call.Dims = append(call.Dims, dims[d])
	}
	for _, q := range o.Outs {
		if q.Kind == spec.Weight {
			p.errorf(call.Pos, "%s writes a weight, which a property can't hold", o.Name)
			return false
		}
		out := &spec.Param{Pos: call.Pos, Name: q.Name, Kind: spec.Tensor, Elem: q.Elem}
		for _, d := range q.Shape {
			out.Shape = append(out.Shape, put(d, dims))
		}
		call.Outs = append(call.Outs, out)
	}
	return ok
}

func operand(v spec.Expr) spec.Operand {
	if ref, ok := v.(*spec.ValueRef); ok {
		return spec.Operand{Param: ref.Param}
	}
	return spec.Operand{Value: v}
}

// single types an argument that is one value: nil where there is an error.
func (p *claim) single(q *spec.Param, e grammar.Expr) spec.Expr {
	want := spec.Int
	if q.Kind == spec.Value {
		want = q.Elem.Type
	}
	v := p.typed(p.expr(e), want, e.At())
	if isBad(v) {
		return nil
	}
	if v.Type() != want {
		p.errorf(e.At(), "%s is %s, this is %s", q.Name, want, v.Type())
		return nil
	}
	if _, parameter := v.(*spec.ValueRef); !parameter && !p.fixed(v, want == spec.Int) {
		p.errorf(e.At(), "a single value is passed as it is: a parameter, a constant, or an integer made of dims")
		return nil
	}
	return v
}

func (p *claim) accepts(pos grammar.Pos, o *spec.Op, q, have *spec.Param) bool {
	ok := q.Kind == have.Kind
	switch q.Kind {
	case spec.Tensor:
		ok = ok && q.Elem == have.Elem
	case spec.Weight:
		ok = ok && (q.Format == nil || q.Format == have.Format)
	case spec.State:
		ok = ok && q.Format == have.Format
	}
	if !ok {
		p.errorf(pos, "%s takes %s for %s, this is %s", o.Name, kindOf(q), q.Name, kindOf(have))
		return false
	}
	if len(q.Shape) != len(have.Shape) {
		p.errorf(pos, "%s takes %d dims for %s, %d are given", o.Name, len(q.Shape), q.Name, len(have.Shape))
		return false
	}
	return true
}

func kindOf(q *spec.Param) string {
	switch q.Kind {
	case spec.Tensor:
		return "a tensor of " + q.Elem.Name
	case spec.Weight, spec.State:
		if q.Format == nil {
			return "a weight of any format"
		}
		return "one of format " + q.Format.Name
	case spec.Place:
		return "a place"
	}
	return "a single value"
}

// proved reports whether a fact that an op asks for follows from the property's.
func (p *claim) proved(pos grammar.Pos, o *spec.Op, f spec.Fact) (ok bool) {
	defer p.short(&ok, func() { p.errorf(pos, "a fact that %s asks for is too long: multiply less", o.Name) })
	if p.follows(f) {
		return true
	}
	p.errorf(pos, "%s asks for a fact that is not known: where %s", o.Name, shownFact(f))
	return false
}

// put is an expression over an op's dims with their values put in.
func put(e spec.Expr, dims map[string]spec.Expr) spec.Expr {
	switch e := e.(type) {
	case *spec.DimRef:
		if v := dims[e.Name]; v != nil {
			return v
		}
	case *spec.Binary:
		return &spec.Binary{Op: e.Op, A: put(e.A, dims), B: put(e.B, dims)}
	}
	return e
}
