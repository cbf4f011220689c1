package check

import (
	"maps"
	"slices"

	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

// scope is the names that an expression may use: of an op or a format, and the
// index variables around it.
type scope struct {
	*checker
	*uses
	at    *decl
	outer *scope
	names map[string]any // *spec.Param, *spec.Let, *spec.Table, *spec.Field, *spec.Index, dim (a symbolic dim), bad
	tail  map[*spec.Field]bool
	given []sym.Poly // never negative, by the conditions around
	slack bool       // gamma, ulp and results mean something: in tolerate
	steps bool       // results are of earlier steps: in a property
}

// uses is what a declaration defines, and what of it is used.
type uses struct {
	defined   []*grammar.Name
	what      []any
	read      map[any]bool
	below     map[string]grammar.Pos // the lets that are still to come
	facts     *sym.Facts             // where H % G == 0
	limits    []sym.Poly             // where 2 * P <= A: never negative
	multiples [][2]sym.Poly          // where H * A % G == 0: X and Y
	single    bool                   // of an op on single values
}

type dim string

func newScope(c *checker, at *decl) *scope {
	return &scope{checker: c, at: at, names: map[string]any{}, tail: map[*spec.Field]bool{},
		uses: &uses{read: map[any]bool{}, below: map[string]grammar.Pos{}, facts: &sym.Facts{}}}
}

// inside opens a scope with index variables.
func (s *scope) inside(index []*spec.Index) *scope {
	in := &scope{checker: s.checker, uses: s.uses, at: s.at, outer: s, names: map[string]any{}, tail: s.tail, slack: s.slack, steps: s.steps}
	for _, i := range index {
		in.names[i.Name] = i
	}
	return in
}

func (s *scope) find(name string) any {
	for ; s != nil; s = s.outer {
		if v, ok := s.names[name]; ok {
			return v
		}
	}
	return nil
}

// use is find for an expression that reads the value.
func (s *scope) use(name string) any {
	v := s.find(name)
	if v != nil {
		s.read[v] = true
	}
	return v
}

func sortedNames(m map[string]any) []string { return slices.Sorted(maps.Keys(m)) }

func (s *scope) visible() []string {
	var names []string
	for ; s != nil; s = s.outer {
		for n := range s.names {
			names = append(names, n)
		}
	}
	return names
}

// define adds a name that must be new.
func (s *scope) define(name *grammar.Name, v any) {
	if s.find(name.Text) != nil {
		s.errorf(name.Pos, "%s is defined twice", name.Text)
		return
	}
	s.names[name.Text] = v
	s.defined, s.what = append(s.defined, name), append(s.what, v)
}

// later notes the lets of a body, for who uses them too early.
func (s *scope) later(items []grammar.Item) {
	for _, item := range items {
		if l, ok := item.(*grammar.Let); ok {
			s.below[l.Names[0].Text] = l.Pos
		}
	}
}

func (s *scope) unknown(pos grammar.Pos, name string) spec.Expr {
	if at, ok := s.below[name]; ok && at.Line >= pos.Line {
		if at.Line == pos.Line {
			s.errorf(pos, "%s is defined by itself", name)
		} else {
			s.errorf(pos, "%s is defined below, at line %d: an equation uses what stands above it", name, at.Line)
		}
		return bad{}
	}
	s.suggest(pos, name, s.visible(), "unknown name %s", name)
	return bad{}
}

// unused names what is defined for nobody.
func (s *scope) unused() {
	for i, name := range s.defined {
		v := s.what[i]
		if s.read[v] {
			continue
		}
		switch v := v.(type) {
		case *spec.Param:
			if !v.Out && !v.InOut {
				s.errorf(name.Pos, "parameter %s is not used", name.Text)
			}
		case *spec.Let:
			if v.Code {
				s.errorf(name.Pos, "code %s is not used", name.Text)
			} else {
				s.errorf(name.Pos, "let %s is not used", name.Text)
			}
		case *spec.Table:
			s.errorf(name.Pos, "table %s is not used", name.Text)
		case dim:
			s.errorf(name.Pos, "dim %s is not used", name.Text)
		}
	}
}

// bad stands for an expression about which an error has been said already.
type bad struct{}

func (bad) Type() spec.Type { return spec.Bool }

func isBad(e spec.Expr) bool { _, ok := e.(bad); return ok }
