package check

import "github.com/trinity-engine/trinity/vibee/grammar"

// usesInLayers reports whether a layer, model or property of the file names the package.
func (c *checker) usesInLayers(f *grammar.File, name string) bool {
	found := false
	look := func(e grammar.Expr) bool {
		if m, ok := e.(*grammar.Member); ok {
			if id, ok := m.X.(*grammar.Ident); ok && id.Text == name {
				found = true
			}
		}
		return !found
	}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *grammar.Layer:
			eachExpr(d.Body, func(e grammar.Expr) { visit(e, look) }, func(p *grammar.Path) { found = found || p.Package == name })
		case *grammar.Model:
			eachExpr(append(append([]grammar.Item{}, d.Body...), d.Forward.Body...), func(e grammar.Expr) { visit(e, look) },
				func(p *grammar.Path) { found = found || p.Package == name })
		case *grammar.Property:
			eachExpr(d.Body, func(e grammar.Expr) { visit(e, look) }, func(*grammar.Path) {})
		}
	}
	return found
}

// eachExpr calls f for the expressions of items, and t for the types of weights and states.
func eachExpr(items []grammar.Item, f func(grammar.Expr), t func(*grammar.Path)) {
	for _, item := range items {
		switch item := item.(type) {
		case *grammar.Let:
			f(item.Value)
		case *grammar.Assign:
			f(item.Value)
		case *grammar.Do:
			f(item.Call)
		case *grammar.Expect:
			f(item.Value)
		case *grammar.State:
			t(item.Type.Path)
		case *grammar.Weight:
			t(item.Type.Path)
		case *grammar.Repeat:
			eachExpr(item.Body, f, t)
		case *grammar.Pass:
			eachExpr(item.Items(), f, t)
		}
	}
}
