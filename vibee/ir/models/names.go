package models

import (
	"fmt"
	"slices"

	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

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
	unknown // an error has been said about it
)

// describe names a value's type for messages.
func (v *value) describe() string {
	switch v.kind {
	case tensor:
		return v.elem + shapeText(v.shape)
	case weight:
		return "a weight " + v.elem + shapeText(v.shape)
	case state:
		return "a state " + v.page.Name
	case place:
		return "place" + shapeText(v.shape)
	}
	return "a single value"
}

func shapeText(shape []plan.Expr) string {
	s := "["
	for i, d := range shape {
		if i > 0 {
			s += ", "
		}
		s += poly(d).String()
	}
	return s + "]"
}

// scope is the names of a layer, of forward, of a loop or of a model.
type scope struct {
	outer *scope
	vals  map[string]*value
	used  map[string]bool
	defs  []definition
	outs  []string // results; nil in loops
	lost  bool     // a name that is none of them was given a value
}

// definition is a name that has to be used.
type definition struct {
	name *grammar.Name
	what string // "let", "parameter", …
}

func newScope(outer *scope) *scope {
	return &scope{outer: outer, vals: map[string]*value{}, used: map[string]bool{}}
}

// flags are what the one who runs a model says.
var flags = map[string]plan.Name{"exact": plan.Exact, "fast": plan.Fast}

// define adds a name that must be new here; _ names nothing.
func (b *builder) define(what string, n *grammar.Name, v *value) {
	if n.Text == "_" {
		return
	}
	switch {
	case flags[n.Text] != "":
		b.failf(n.Pos, "%s says how a model is run: a %s needs another name", n.Text, what)
	case b.scope.vals[n.Text] != nil:
		b.failf(n.Pos, "%s is defined twice", n.Text)
	}
	b.scope.vals[n.Text] = v
	b.scope.defs = append(b.scope.defs, definition{n, what})
}

// unused says which names of the scope nothing uses.
func (b *builder) unused() {
	for _, d := range b.scope.defs {
		if !b.scope.used[d.name.Text] {
			b.errorf(d.name.Pos, "%s %s is not used", d.what, d.name.Text)
		}
	}
}

func (b *builder) lookup(pos grammar.Pos, name string) *value {
	var names []string
	for s := b.scope; s != nil; s = s.outer {
		if v := s.vals[name]; v != nil {
			s.used[name] = true
			if v.kind == unknown {
				panic(failure{})
			}
			return v
		}
		for n := range s.vals {
			names = append(names, n)
		}
	}
	if flag, ok := flags[name]; ok {
		return &value{kind: scalar, expr: flag}
	}
	slices.Sort(names)
	panic(failure{&grammar.Error{Pos: pos, Message: "unknown name " + name, Suggest: grammar.Nearest(name, names)}})
}

// assign changes a variable where it is, or gives a result its value.
func (b *builder) assign(pos grammar.Pos, name string, v *value) {
	var outs []string
	var home *scope
	for s := b.scope; s != nil; s = s.outer {
		if old := s.vals[name]; old != nil {
			if old.kind != tensor && old.kind != unknown {
				b.failf(pos, "%s is %s: only a variable of a tensor changes", name, old.describe())
			}
			s.vals[name] = v
			return
		}
		if s.outs != nil {
			outs, home = s.outs, s
			if slices.Contains(outs, name) {
				s.vals[name] = v
				return
			}
			break
		}
	}
	if home != nil {
		home.lost = true
	}
	panic(failure{&grammar.Error{Pos: pos, Message: fmt.Sprintf("%s is no result and no variable: write `let %s = …`", name, name),
		Suggest: grammar.Nearest(name, outs)}})
}

func (b *builder) unique(name string) string {
	n := b.names[name]
	b.names[name] = n + 1
	if n == 0 {
		return name
	}
	return b.unique(fmt.Sprintf("%s_%d", name, n+1))
}
