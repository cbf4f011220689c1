package check

import (
	"slices"
	"strings"

	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// claim is a property that is being checked.
type claim struct {
	*scope
	out    *spec.Property
	values []*spec.Param // inputs and results, as they come to be
	used   map[string]bool
}

// declareProperty refuses a name that another property of the package has.
func (c *checker) declareProperty(p *pkg, a *grammar.Property) {
	if old := p.claims[a.Named()]; old != nil {
		c.errorf(a.Pos, "property %s is declared twice: first at %s:%d", a.Named(), old.File, old.Line)
		return
	}
	p.claims[a.Named()] = a
}

// property checks a property, once all ops are known.
func (c *checker) property(d *decl, a *grammar.Property) {
	if of, _, dotted := strings.Cut(a.Named(), "."); dotted && d.pkg.decls[of] == nil {
		c.suggest(a.Name.Pos, of, keys(d.pkg.decls), "property %s is named after %s, which package %s does not declare", a.Named(), of, d.pkg.name)
	}
	head := &spec.Op{}
	s := newScope(c, d)
	s.steps = true
	c.params(s, head, &grammar.Op{Head: a.Head, Params: a.Params})
	p := &claim{scope: s, out: &spec.Property{Pos: a.Pos, Package: d.pkg.name, Name: a.Named(), Dims: head.Dims}, used: map[string]bool{}}
	for _, q := range head.Params {
		i := slices.IndexFunc(a.Params, func(x *grammar.Param) bool { return x.Name.Text == q.Name })
		p.input(a.Params[i], q)
	}
	for _, w := range a.Where {
		if f, ok := s.fact(w); ok {
			p.out.Facts = append(p.out.Facts, f)
		}
		p.note(w)
	}
	expects := 0
	for _, item := range a.Body {
		if _, ok := item.(*grammar.Expect); ok {
			expects++
		}
		p.item(item)
	}
	if expects == 0 {
		c.errorf(a.Pos, "property %s claims nothing: it lacks expect", a.Named())
	}
	p.unused(a)
	c.prog.Properties = append(c.prog.Properties, p.out)
}

func (p *claim) item(item grammar.Item) {
	switch item := item.(type) {
	case *grammar.Let:
		p.note(item.Value)
		switch called := p.isTensor(item.Value); {
		case item.Indexed && called:
			p.errorf(item.Pos, "a call's results have the shapes that the op gives: leave the indices out")
			p.forget(item)
		case item.Indexed:
			p.equation(item)
		case called:
			p.called(item)
		default:
			p.errorf(item.Pos, "a let is a call of an op, or an equation with indices: let %s[i] = …", item.Names[0].Text)
			p.forget(item)
		}
	case *grammar.Do:
		p.note(item.Call)
		call := p.invoke(item.Call)
		if call != nil && !slices.ContainsFunc(call.Op.Params, func(q *spec.Param) bool { return q.InOut }) {
			p.errorf(item.Pos, "%s changes no state, and its result is dropped: write let", call.Op.Name)
		}
	case *grammar.Expect:
		p.note(item.Value)
		p.expect(item)
	default:
		p.errorf(item.At(), "a property sets nothing: there are let, a call that changes a state, and expect")
	}
}

// input adds a parameter and its domain.
func (p *claim) input(a *grammar.Param, q *spec.Param) {
	for _, e := range append(slices.Clone(a.Type.Dims), a.Type.Args...) {
		if _, alone := e.(*grammar.Ident); !alone || q.Kind == spec.State {
			p.note(e)
		}
	}
	switch {
	case q.InOut:
		p.errorf(a.Pos, "a property may change its states: leave inout out")
	case q.Kind == spec.Value && q.Elem.Type == spec.F64:
		p.errorf(a.Type.Pos, "a single value is f32 or an integer here: write f64[N]")
	}
	in := &spec.Input{Param: q}
	if a.Domain != nil {
		in.Domain = p.domain(a, q)
	}
	p.values = append(p.values, q)
	p.out.Inputs = append(p.out.Inputs, in)
}

// note marks the names in an expression as used.
func (p *claim) note(e grammar.Expr) {
	visit(e, func(e grammar.Expr) bool {
		if id, ok := e.(*grammar.Ident); ok {
			p.used[id.Text] = true
		}
		return true
	})
}

func (p *claim) unused(a *grammar.Property) {
	for _, q := range a.Params {
		if !p.used[q.Name.Text] {
			p.errorf(q.Pos, "parameter %s is used by nothing", q.Name.Text)
		}
	}
	for _, item := range a.Body {
		if l, ok := item.(*grammar.Let); ok {
			for _, n := range l.Names {
				if !p.used[n.Text] {
					p.errorf(n.Pos, "%s is used by nothing", n.Text)
				}
			}
		}
	}
}

// forget lets the names of a faulty let be used without another error.
func (p *claim) forget(a *grammar.Let) {
	for _, n := range a.Names {
		if p.find(n.Text) == nil {
			p.names[n.Text] = bad{}
		}
	}
}

// add makes the result of a step known by name.
func (p *claim) add(n *grammar.Name, q *spec.Param) {
	p.define(n, q)
	p.values = append(p.values, q)
}
