package models

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/check"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

// Build makes the plans of all models, in their order. ops gives the plan.Op of each op. Layers that
// no model calls are checked alone. The error is grammar.Errors.
func Build(prog *check.Program, ops map[*spec.Op]*plan.Op) ([]*plan.Model, error) {
	var out []*plan.Model
	var errs grammar.Errors
	called := map[string]bool{}
	said := map[grammar.Pos]bool{} // a layer's errors are those of each call
	build := func(owner grammar.Decl, f func(*builder)) *plan.Model {
		b := newBuilder(prog, ops, prog.Owner[owner], called)
		b.root = owner.At()
		b.guard(func() { f(b) })
		for _, e := range b.errs {
			if !said[e.Pos] {
				errs, said[e.Pos] = append(errs, e), true
			}
		}
		return b.plan
	}
	for _, m := range prog.Models {
		out = append(out, build(m, func(b *builder) { b.model(m) }))
	}
	for _, name := range layersFromBelow(prog) {
		if l := prog.Layers[name]; !called[name] {
			build(l, func(b *builder) { b.alone(l, name) })
		}
	}
	if len(errs) > 0 {
		return nil, errs.Sorted()
	}
	return out, nil
}

// layersFromBelow names the layers, callers mostly before what they call.
func layersFromBelow(prog *check.Program) []string {
	names := slices.Collect(maps.Keys(prog.Layers))
	slices.SortFunc(names, func(a, b string) int {
		x, y := prog.Layers[a].Pos, prog.Layers[b].Pos
		return cmp.Or(cmp.Compare(y.File, x.File), cmp.Compare(y.Line, x.Line), cmp.Compare(y.Col, x.Col))
	})
	return names
}

type builder struct {
	prog   *check.Program
	ops    map[*spec.Op]*plan.Op
	home   string // the package whose names need no prefix
	plan   *plan.Model
	nodes  *[]plan.Node
	names  map[string]int
	used   map[string]bool   // weights
	types  map[string]string // of names in plan expressions
	scope  *scope
	inputs map[string]*plan.Input
	layers []string        // that are being put in place
	called map[string]bool // layers, by any model
	root   grammar.Pos     // the model or layer that is being built
	size   int             // towards maxNodes
	sides  int             // of choices that we are in
	pass   *pass           // that we are in; nil: none
	errs   grammar.Errors
	failed int // items that could not be built
}

func newBuilder(prog *check.Program, ops map[*spec.Op]*plan.Op, home string, called map[string]bool) *builder {
	b := &builder{prog: prog, ops: ops, home: home, called: called, plan: &plan.Model{}, names: map[string]int{}, used: map[string]bool{},
		types: map[string]string{"T": "dim", "R": "dim", "i": "dim"}, inputs: map[string]*plan.Input{}}
	b.nodes = &b.plan.Body
	return b
}

// failure is what an item that can't be built panics with: an error, or nil where it has been said.
type failure struct{ *grammar.Error }

func (b *builder) failf(pos grammar.Pos, format string, args ...any) {
	panic(failure{&grammar.Error{Pos: pos, Message: fmt.Sprintf(format, args...)}})
}

func (b *builder) errorf(pos grammar.Pos, format string, args ...any) {
	b.errs = append(b.errs, &grammar.Error{Pos: pos, Message: fmt.Sprintf(format, args...)})
}

// guard runs f, and notes its error and goes back to where it was if it fails.
func (b *builder) guard(f func()) (ok bool) {
	nodes, scope, home, layers, sides, pass := b.nodes, b.scope, b.home, b.layers, b.sides, b.pass
	defer func() {
		switch r := recover().(type) {
		case nil:
		case failure:
			b.failed++
			b.nodes, b.scope, b.home, b.layers, b.sides, b.pass = nodes, scope, home, layers, sides, pass
			if r.Error != nil {
				b.errs = append(b.errs, r.Error)
			}
		case sym.TooLong:
			b.failed++
			b.nodes, b.scope, b.home, b.layers, b.sides, b.pass = nodes, scope, home, layers, sides, pass
			b.errorf(b.root, "a dim is too long: multiply less")
		default:
			panic(r)
		}
	}()
	f()
	return true
}

// maxNodes bounds a plan: layers that hold layers grow without a limit.
const maxNodes = 1 << 16

func (b *builder) add(n plan.Node) {
	if b.size++; b.size == maxNodes {
		b.failf(b.root, "the plan has more than %d steps, as layers hold layers", maxNodes)
	}
	if b.size > maxNodes {
		panic(failure{})
	}
	*b.nodes = append(*b.nodes, n)
}

func where(p grammar.Pos) string {
	file := p.File
	if i := strings.LastIndex(file, "specs/"); i >= 0 {
		file = file[i:]
	}
	return fmt.Sprintf("%s:%d", file, p.Line)
}

func (b *builder) model(m *grammar.Model) {
	b.plan.Name, b.plan.Arch = m.Named(), m.Arch.Value
	b.scope = newScope(nil)
	for _, item := range m.Body { // names may be used before they are written
		b.guard(func() { b.declare(item) })
	}
	for _, item := range m.Body {
		if w, ok := item.(*grammar.Weight); ok && !b.guard(func() { b.weightType(w.Type) }) {
			b.giveUp(w.Name)
		}
	}
	for _, item := range m.Body {
		b.guard(func() { b.modelItem(item) })
	}
	b.cycles(m.Body)
	b.forward(m.Forward)
	if b.failed == 0 { // else a use may be among what was not understood
		b.unused()
		b.unusedWeights(m.Body)
	}
}

// declare makes the names of configs and weights known.
func (b *builder) declare(item grammar.Item) {
	switch item := item.(type) {
	case *grammar.Config:
		name := item.Name.Text
		b.define("config", item.Name, &value{kind: scalar, expr: plan.Name(name), array: item.Array != nil, name: name})
		b.names[name], b.types[name] = 1, item.Type.Text
	case *grammar.Weight:
		b.define("weight", item.Name, &value{kind: weight, name: b.unique(item.Name.Text), opt: item.Optional, elem: item.Type.Path.Text})
		b.scope.defs = b.scope.defs[:len(b.scope.defs)-1] // unusedWeights has more to say
	}
}

func (b *builder) modelItem(item grammar.Item) {
	switch item := item.(type) {
	case *grammar.Config:
		b.config(item)
	case *grammar.Ignore:
		for _, n := range item.Names {
			b.plan.Ignore = append(b.plan.Ignore, n.Value)
		}
	case *grammar.Assume:
		for _, n := range item.Names {
			b.plan.Assume = append(b.plan.Assume, n.Value)
		}
	case *grammar.Require:
		b.plan.Require = append(b.plan.Require, b.require(item))
	case *grammar.Weight:
		if v := b.scope.vals[item.Name.Text]; v.kind == weight { // else it is defined twice
			b.weight(item, v)
		}
	}
}

func (b *builder) require(item *grammar.Require) plan.Require {
	r := plan.Require{Cond: b.typed(item.Cond, "bool", "a requirement"), Message: "a requirement of " + where(item.Pos) + " does not hold"}
	if item.Message != nil {
		r.Message = item.Message.Value
	}
	return r
}

func (b *builder) forward(f *grammar.Forward) {
	b.scope = newScope(b.scope)
	defer func() { b.scope = b.scope.outer }()
	for _, p := range f.Params {
		b.guard(func() { b.input(p) })
	}
	for i := range b.plan.Inputs {
		b.inputs[b.plan.Inputs[i].Name] = &b.plan.Inputs[i]
	}
	for _, n := range []string{"T", "R"} {
		b.scope.vals[n] = &value{kind: scalar, expr: plan.Name(n)}
	}
	b.results(f.Outs)
	before := b.failed
	b.items(f.Body)
	for _, o := range f.Outs {
		b.guard(func() { b.output(o) })
	}
	if b.failed == before {
		b.unusedHere(f.Body)
	}
}

func (b *builder) input(p *grammar.Param) {
	rows, ok := (*grammar.Ident)(nil), false
	if len(p.Type.Dims) == 1 {
		rows, ok = p.Type.Dims[0].(*grammar.Ident)
	}
	if !ok || rows.Text != "T" && rows.Text != "R" {
		b.failf(p.Type.Pos, "an input of forward has one dim: T, or R for the rows that reach the outputs")
	}
	v := &value{kind: tensor, name: b.unique(p.Name.Text), elem: p.Type.Path.Text, shape: []plan.Expr{plan.Name(rows.Text)}}
	switch {
	case v.elem == "place":
		v.kind = place
	case v.elem != "i32":
		b.failf(p.Type.Pos, "an input of forward is i32 (tokens, rows) or a place, not %s", v.elem)
	}
	b.define("input", p.Name, v)
	b.plan.Inputs = append(b.plan.Inputs, plan.Input{Name: v.name, Type: v.elem, Rows: rows.Text})
}

// results notes the names that may be given a value without a let.
func (b *builder) results(outs []*grammar.Param) {
	b.scope.outs = []string{}
	for _, o := range outs {
		if slices.Contains(b.scope.outs, o.Name.Text) {
			b.errorf(o.Name.Pos, "%s is defined twice", o.Name.Text)
		}
		b.scope.outs = append(b.scope.outs, o.Name.Text)
	}
}

// result is the value that a result was given, which is what its type says.
func (b *builder) result(o *grammar.Param) *value {
	v := b.scope.vals[o.Name.Text]
	switch {
	case v == nil && b.scope.lost || v != nil && v.kind == unknown:
		panic(failure{}) // said already
	case v == nil:
		b.failf(o.Pos, "result %s is given no value", o.Name.Text)
	case v.kind != tensor || v.elem != o.Type.Path.Text:
		b.failf(o.Type.Pos, "result %s is %s, not %s", o.Name.Text, v.describe(), o.Type.Path.Text)
	}
	b.scope.used[o.Name.Text] = true
	return v
}

func (b *builder) output(o *grammar.Param) {
	v := b.result(o)
	out := plan.Output{Name: o.Name.Text, Value: v.name}
	for _, d := range o.Type.Dims {
		out.Shape = append(out.Shape, b.typed(d, "dim", "a dim"))
	}
	b.sameShape(o.Pos, "output "+o.Name.Text, v.shape, out.Shape)
	b.plan.Outputs = append(b.plan.Outputs, out)
}
