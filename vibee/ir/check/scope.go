package check

import (
	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// scope is the names that an expression may use: of an op or a format, and the
// index variables around it.
type scope struct {
	*checker
	at    *decl
	outer *scope
	names map[string]any // *spec.Param, *spec.Let, *spec.Table, *spec.Field, *spec.Index, dim (a symbolic dim)
	tail  map[*spec.Field]bool
	slack bool // gamma and ulp mean something: in tolerate
}

type dim string

func newScope(c *checker, at *decl) *scope {
	return &scope{checker: c, at: at, names: map[string]any{}, tail: map[*spec.Field]bool{}}
}

// inside opens a scope with index variables.
func (s *scope) inside(index []*spec.Index) *scope {
	in := &scope{checker: s.checker, at: s.at, outer: s, names: map[string]any{}, tail: s.tail, slack: s.slack}
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
}

func (s *scope) unknown(pos grammar.Pos, name string) spec.Expr {
	s.suggest(pos, name, s.visible(), "unknown name %s", name)
	return bad{}
}

// bad stands for an expression about which an error has been said already.
type bad struct{}

func (bad) Type() spec.Type { return spec.Bool }

func isBad(e spec.Expr) bool { _, ok := e.(bad); return ok }
