package models

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/check"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// Build makes the plans of all models. ops gives the plan.Op of each op. The error is
// grammar.Errors.
func Build(prog *check.Program, ops map[*spec.Op]*plan.Op) ([]*plan.Model, error) {
	var out []*plan.Model
	var errs grammar.Errors
	for _, m := range prog.Models {
		b := &builder{prog: prog, ops: ops, home: prog.Owner[m], names: map[string]int{}, used: map[string]bool{}}
		model, err := b.model(m)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		out = append(out, model)
	}
	if len(errs) > 0 {
		return nil, errs.Sorted()
	}
	return out, nil
}

type builder struct {
	prog   *check.Program
	ops    map[*spec.Op]*plan.Op
	home   string // the package whose names need no prefix
	plan   *plan.Model
	nodes  *[]plan.Node
	names  map[string]int
	used   map[string]bool // weights
	scope  *scope
	inputs map[string]*plan.Input
	layers []string // that are being put in place
}

// value is what a name of a layer or model stands for.
type value struct {
	kind  kind
	name  string      // in the plan
	elem  string      // of tensors
	shape []plan.Expr // of tensors and weights
	expr  plan.Expr   // of scalars
	array bool        // a config array
	page  *spec.Format
	opt   bool // an optional weight
}

type kind uint8

const (
	scalar kind = iota
	tensor
	weight
	state
	place
)

type scope struct {
	outer *scope
	vals  map[string]*value
}

type failure struct{ *grammar.Error }

func (b *builder) failf(pos grammar.Pos, format string, args ...any) {
	panic(failure{&grammar.Error{Pos: pos, Message: fmt.Sprintf(format, args...)}})
}

func (b *builder) lookup(pos grammar.Pos, name string) *value {
	var names []string
	for s := b.scope; s != nil; s = s.outer {
		if v := s.vals[name]; v != nil {
			return v
		}
		for n := range s.vals {
			names = append(names, n)
		}
	}
	panic(failure{&grammar.Error{Pos: pos, Message: "unknown name " + name, Suggest: grammar.Nearest(name, names)}})
}

func (b *builder) unique(name string) string {
	n := b.names[name]
	b.names[name] = n + 1
	if n == 0 {
		return name
	}
	return b.unique(fmt.Sprintf("%s_%d", name, n+1))
}

func (b *builder) add(n plan.Node) { *b.nodes = append(*b.nodes, n) }

func where(p grammar.Pos) string {
	file := p.File
	if i := strings.LastIndex(file, "specs/"); i >= 0 {
		file = file[i:]
	}
	return fmt.Sprintf("%s:%d", file, p.Line)
}

func (b *builder) model(m *grammar.Model) (out *plan.Model, err *grammar.Error) {
	defer func() {
		switch r := recover().(type) {
		case nil:
		case failure:
			err = r.Error
		default:
			panic(r)
		}
	}()
	b.plan = &plan.Model{Name: m.Named(), Arch: m.Arch.Value}
	b.nodes = &b.plan.Body
	b.scope = &scope{vals: map[string]*value{}}
	b.inputs = map[string]*plan.Input{}
	for _, item := range m.Body { // config names may be used before they are written
		if c, ok := item.(*grammar.Config); ok {
			b.scope.vals[c.Name.Text] = &value{kind: scalar, expr: plan.Name(c.Name.Text), array: c.Array != nil, name: c.Name.Text}
			b.names[c.Name.Text] = 1
		}
		if w, ok := item.(*grammar.Weight); ok {
			name := b.unique(w.Name.Text)
			b.scope.vals[w.Name.Text] = &value{kind: weight, name: name, opt: w.Optional, elem: w.Type.Path.Text}
		}
	}
	for _, item := range m.Body {
		b.modelItem(item)
	}
	b.forward(m)
	for _, item := range m.Body {
		if w, ok := item.(*grammar.Weight); ok && !b.used[b.scope.vals[w.Name.Text].name] {
			b.failf(w.Pos, "weight %s is used by nothing", w.Name.Text)
		}
	}
	return b.plan, nil
}

func (b *builder) modelItem(item grammar.Item) {
	switch item := item.(type) {
	case *grammar.Config:
		c := plan.Config{Name: item.Name.Text, Type: item.Type.Text, Where: where(item.Pos)}
		switch c.Type {
		case "dim", "f32", "bool", "text":
		default:
			b.failf(item.Type.Pos, "a config value is dim, f32, bool or text, not %s", c.Type)
		}
		if item.Array != nil {
			c.Array = b.scalar(item.Array)
		}
		if item.Key != nil {
			c.Key = item.Key.Value
		}
		if item.Value != nil {
			if item.Array != nil { // an element's default may use its index
				b.scope = &scope{outer: b.scope, vals: map[string]*value{"i": {kind: scalar, expr: plan.Name("i")}}}
			}
			c.Default = b.scalar(item.Value)
			if item.Array != nil {
				b.scope = b.scope.outer
			}
		}
		if item.Key == nil && item.Value == nil {
			b.failf(item.Pos, "config %s has neither a key nor a value", c.Name)
		}
		b.plan.Config = append(b.plan.Config, c)
	case *grammar.Ignore:
		for _, n := range item.Names {
			b.plan.Ignore = append(b.plan.Ignore, n.Value)
		}
	case *grammar.Require:
		b.plan.Require = append(b.plan.Require, b.require(item))
	case *grammar.Weight:
		b.weight(item, b.scope.vals[item.Name.Text])
	}
}

func (b *builder) require(item *grammar.Require) plan.Require {
	r := plan.Require{Cond: b.scalar(item.Cond), Message: "a requirement of " + where(item.Pos) + " does not hold"}
	if item.Message != nil {
		r.Message = item.Message.Value
	}
	return r
}

func (b *builder) weight(w *grammar.Weight, v *value) {
	n := &plan.Weight{Name: v.name, Formats: w.Type.Path.Text, Optional: w.Optional, Where: where(w.Pos)}
	n.Tensor, n.Given = b.tensorName(w.Tensor)
	for _, d := range w.Type.Dims {
		n.Shape = append(n.Shape, b.scalar(d))
	}
	v.shape = n.Shape
	switch e := w.Else.(type) {
	case nil:
	case *grammar.Ident:
		n.Else = &plan.Alias{Weight: b.weightNamed(e.Pos, e.Text).name}
	case *grammar.Call:
		f, ok := e.Fun.(*grammar.Ident)
		if !ok || f.Text != "slice" || len(e.Args) != 3 {
			b.failf(e.Pos, "the alternative of a weight is another weight or slice(weight, lo, hi)")
		}
		of, ok := e.Args[0].Value.(*grammar.Ident)
		if !ok {
			b.failf(e.Pos, "slice takes a weight")
		}
		n.Else = &plan.Alias{Weight: b.weightNamed(of.Pos, of.Text).name, Lo: b.scalar(e.Args[1].Value), Hi: b.scalar(e.Args[2].Value)}
	default:
		b.failf(w.Else.At(), "the alternative of a weight is another weight or slice(weight, lo, hi)")
	}
	b.add(n)
}

func (b *builder) weightNamed(pos grammar.Pos, name string) *value {
	v := b.lookup(pos, name)
	if v.kind != weight {
		b.failf(pos, "%s is no weight", name)
	}
	b.used[v.name] = true
	return v
}

// tensorName finds what the names in braces stand for: loop variables and numbers are put in their
// place, what is more than that is given beside.
func (b *builder) tensorName(t *grammar.Text) (string, []plan.Given) {
	var out strings.Builder
	var given []plan.Given
	for rest := t.Value; ; {
		before, after, ok := strings.Cut(rest, "{")
		out.WriteString(before)
		if !ok {
			return out.String(), given
		}
		name, after, ok := strings.Cut(after, "}")
		if !ok {
			b.failf(t.Pos, "{ without }")
		}
		v := b.lookup(t.Pos, name)
		if v.kind != scalar || v.array {
			b.failf(t.Pos, "%s is no integer to stand in a name", name)
		}
		switch x := v.expr.(type) {
		case plan.Int:
			out.WriteString(strconv.FormatInt(int64(x), 10))
		case plan.Name:
			out.WriteString("{" + string(x) + "}")
		default:
			out.WriteString("{" + name + "}")
			given = append(given, plan.Given{Name: name, Value: x})
		}
		rest = after
	}
}

func (b *builder) forward(m *grammar.Model) {
	f := m.Forward
	b.scope = &scope{outer: b.scope, vals: map[string]*value{}}
	defer func() { b.scope = b.scope.outer }()
	for _, p := range f.Params {
		if len(p.Type.Dims) != 1 {
			b.failf(p.Pos, "%s has one dim: T, or R for the rows that reach the outputs", p.Name.Text)
		}
		rows, ok := p.Type.Dims[0].(*grammar.Ident)
		if !ok || rows.Text != "T" && rows.Text != "R" {
			b.failf(p.Pos, "%s has one dim: T, or R for the rows that reach the outputs", p.Name.Text)
		}
		v := &value{kind: tensor, name: b.unique(p.Name.Text), elem: p.Type.Path.Text, shape: []plan.Expr{plan.Name(rows.Text)}}
		if v.elem == "place" {
			v.kind = place
		}
		b.scope.vals[p.Name.Text] = v
		b.plan.Inputs = append(b.plan.Inputs, plan.Input{Name: v.name, Type: v.elem, Rows: rows.Text})
	}
	for i := range b.plan.Inputs {
		b.inputs[b.plan.Inputs[i].Name] = &b.plan.Inputs[i]
	}
	for _, n := range []string{"T", "R"} {
		b.scope.vals[n] = &value{kind: scalar, expr: plan.Name(n)}
	}
	b.items(f.Body)
	for _, o := range f.Outs {
		v := b.lookup(o.Pos, o.Name.Text)
		if v.kind != tensor {
			b.failf(o.Pos, "output %s is given no value", o.Name.Text)
		}
		out := plan.Output{Name: o.Name.Text, Value: v.name}
		for _, d := range o.Type.Dims {
			out.Shape = append(out.Shape, b.scalar(d))
		}
		b.sameShape(o.Pos, "output "+o.Name.Text, v.shape, out.Shape)
		b.plan.Outputs = append(b.plan.Outputs, out)
	}
}
