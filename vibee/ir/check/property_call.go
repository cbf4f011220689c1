package check

import (
	"slices"

	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// isTensor reports whether an expression is whole tensors, not an equation over their elements.
func (p *claim) isTensor(e grammar.Expr) bool {
	switch e := e.(type) {
	case *grammar.Ident:
		q, ok := p.find(e.Text).(*spec.Param)
		return ok && q.Kind != spec.Value && q.Kind != spec.Dim
	case *grammar.Reshape:
		return true
	case *grammar.Call:
		d := p.callee(e)
		return d != nil && (d.op == nil || !d.op.Scalar())
	}
	return false
}

// callee finds what a call names, and says nothing where there is no such thing.
func (p *claim) callee(e *grammar.Call) *decl {
	path := pathOf(e.Fun)
	if path == nil {
		return nil
	}
	in := p.at.pkg
	if path.Package != "" {
		imported := slices.ContainsFunc(p.at.file.Imports, func(n *grammar.Name) bool { return n.Text == path.Package })
		if in = p.prog.packages[path.Package]; in == nil || !imported {
			return nil
		}
	}
	return in.decls[path.Text]
}

// tensor gives the value of an expression of whole tensors.
func (p *claim) tensor(e grammar.Expr) *spec.Param {
	switch e := e.(type) {
	case *grammar.Ident:
		switch q := p.find(e.Text).(type) {
		case *spec.Param:
			return q
		case nil:
			p.unknown(e.Pos, e.Text)
			return nil
		case bad:
			return nil
		}
	case *grammar.Call:
		call := p.invoke(e)
		if call == nil {
			return nil
		}
		if len(call.Outs) != 1 {
			p.errorf(e.Pos, "one value is needed, %s gives %d", call.Op.Name, len(call.Outs))
			return nil
		}
		return call.Outs[0]
	case *grammar.Reshape:
		return p.reshape(e)
	}
	p.errorf(e.At(), "a tensor is needed here: a name, a call of an op, or either `as` another shape")
	return nil
}

func (p *claim) reshape(e *grammar.Reshape) *spec.Param {
	of := p.tensor(e.X)
	if of == nil {
		return nil
	}
	if of.Kind != spec.Tensor {
		p.errorf(e.Pos, "only a tensor has another shape")
		return nil
	}
	shape, ok := p.integers(e.Dims)
	if !ok || !p.sameDim(e.Pos, "as […]", product(of.Shape), product(shape)) {
		return nil
	}
	as := &spec.Param{Pos: e.Pos, Name: of.Name, Kind: spec.Tensor, Elem: of.Elem, Shape: shape}
	p.out.Steps = append(p.out.Steps, &spec.View{Of: of, As: as})
	return as
}

func product(shape []spec.Expr) spec.Expr {
	var out spec.Expr = &spec.IntLit{V: 1}
	for _, d := range shape {
		out = &spec.Binary{Op: "*", A: out, B: d}
	}
	return out
}

// sameDim says so where two dims are not proved to be equal.
func (p *claim) sameDim(pos grammar.Pos, what string, have, want spec.Expr) (ok bool) {
	defer p.short(&ok, func() { p.errorf(pos, "%s: a dim is too long: multiply less", what) })
	x, xok := symbolic(have)
	y, yok := symbolic(want)
	if !xok || !yok {
		p.errorf(pos, "%s: a dim is made of dims and constants", what)
		return false
	}
	if p.facts.Equal(x, y) {
		return true
	}
	p.errorf(pos, "%s: %v is not known to be %v", what, x, y)
	return false
}

// called names the results of a call.
func (p *claim) called(a *grammar.Let) {
	var results []*spec.Param
	if call, ok := a.Value.(*grammar.Call); ok && len(a.Names) > 1 {
		if c := p.invoke(call); c != nil {
			results = c.Outs
		}
	} else if t := p.tensor(a.Value); t != nil {
		results = []*spec.Param{t}
	}
	switch {
	case results == nil:
		p.forget(a)
	case len(results) != len(a.Names):
		p.errorf(a.Pos, "%d names for %d values", len(a.Names), len(results))
		p.forget(a)
	default:
		for i, n := range a.Names {
			results[i].Name = n.Text
			p.add(n, results[i])
		}
	}
}

// invoke checks a call of an op on tensors. nil: there is an error.
func (p *claim) invoke(e *grammar.Call) *spec.Invoke {
	path := pathOf(e.Fun)
	if path == nil {
		p.errorf(e.Pos, "this is no op")
		return nil
	}
	d := p.lookup(p.at, path)
	if d == nil {
		return nil
	}
	switch {
	case d.broken:
		return nil
	case d.op == nil || d.op.Scalar():
		p.errorf(e.Pos, "%s is no op on tensors", path.Text)
		return nil
	}
	args := p.match(e, d.op)
	if args == nil {
		return nil
	}
	call := &spec.Invoke{Pos: e.Pos, Op: d.op}
	if !p.supply(call, args) {
		return nil
	}
	p.out.Steps = append(p.out.Steps, call)
	return call
}

// match orders arguments by the op's parameters.
func (p *claim) match(e *grammar.Call, o *spec.Op) []grammar.Expr {
	var names []string
	for _, q := range o.Params {
		names = append(names, q.Name)
	}
	out := make([]grammar.Expr, len(names))
	for k, a := range e.Args {
		if a.Name != nil {
			if k = slices.Index(names, a.Name.Text); k < 0 {
				p.suggest(a.Pos, a.Name.Text, names, "%s has no parameter %s", o.Name, a.Name.Text)
				return nil
			}
		}
		switch {
		case k >= len(names):
			p.errorf(a.Pos, "%s takes %d arguments, this is one more", o.Name, len(names))
			return nil
		case out[k] != nil:
			p.errorf(a.Pos, "%s is given twice", names[k])
			return nil
		}
		out[k] = a.Value
	}
	if k := slices.Index(out, nil); k >= 0 {
		p.errorf(e.Pos, "%s lacks its argument %s", o.Name, names[k])
		return nil
	}
	return out
}
