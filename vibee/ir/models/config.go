package models

import (
	"slices"
	"strings"

	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/grammar"
)

var configTypes = []string{"dim", "f32", "bool", "text"}

// config reads a value of the file's metadata, or one that is derived.
func (b *builder) config(item *grammar.Config) {
	c := plan.Config{Name: item.Name.Text, Type: item.Type.Text, Where: where(item.Pos)}
	if !slices.Contains(configTypes, c.Type) {
		b.scope.vals[c.Name] = &value{kind: unknown}
		panic(failure{&grammar.Error{Pos: item.Type.Pos, Message: "a config value is dim, f32, bool or text, not " + c.Type,
			Suggest: grammar.Nearest(c.Type, configTypes)}})
	}
	if item.Key == nil && item.Value == nil {
		b.failf(item.Pos, "config %s has neither a key nor a value", c.Name)
	}
	if item.Array != nil {
		c.Array = b.typed(item.Array, "dim", "the length of an array")
	}
	if item.Key != nil {
		c.Key = item.Key.Value
	}
	if item.Value != nil {
		if item.Array != nil { // an element's default may use its index
			b.scope = newScope(b.scope)
			b.scope.vals["i"] = &value{kind: scalar, expr: plan.Name("i")}
		}
		c.Default = b.typed(item.Value, c.Type, "config "+c.Name)
		if item.Array != nil {
			b.scope = b.scope.outer
		}
	}
	b.plan.Config = append(b.plan.Config, c)
}

// cycles finds configs whose values need each other.
func (b *builder) cycles(items []grammar.Item) {
	needs := map[string][]string{}
	for _, c := range b.plan.Config {
		names(c.Default, func(n string) { needs[c.Name] = append(needs[c.Name], n) })
		names(c.Array, func(n string) { needs[c.Name] = append(needs[c.Name], n) })
	}
	at := map[string]grammar.Pos{}
	var all []string
	for _, item := range items {
		if c, ok := item.(*grammar.Config); ok {
			at[c.Name.Text], all = c.Pos, append(all, c.Name.Text)
		}
	}
	done := map[string]bool{}
	var follow func(name string, way []string)
	follow = func(name string, way []string) {
		if i := slices.Index(way, name); i >= 0 {
			way = append(slices.Clone(way[i:]), name)
			b.errorf(at[name], "%s is defined by itself: %s", name, strings.Join(way, " → "))
			return
		}
		if done[name] {
			return
		}
		for _, n := range needs[name] {
			follow(n, append(slices.Clone(way), name))
		}
		done[name] = true
	}
	for _, name := range all {
		follow(name, nil)
	}
}

// names calls f for the names of config values in e.
func names(e plan.Expr, f func(string)) {
	switch e := e.(type) {
	case plan.Name:
		f(string(e))
	case plan.Index:
		f(e.Array)
		names(e.I, f)
	case plan.Unary:
		names(e.A, f)
	case plan.Binary:
		names(e.A, f)
		names(e.B, f)
	case plan.Cond:
		names(e.If, f)
		names(e.Then, f)
		names(e.Else, f)
	}
}
