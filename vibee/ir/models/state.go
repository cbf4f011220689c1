package models

import (
	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

func (b *builder) state(item *grammar.State) {
	f := b.format(item.Type.Path)
	if len(item.Type.Args) != len(f.Params) {
		b.failf(item.Type.Pos, "%s takes %d %s, %d given", f.Name, len(f.Params), plural(len(f.Params), "dim"), len(item.Type.Args))
	}
	if item.Type.HasDims {
		b.failf(item.Type.Pos, "a state's dims stand in parentheses: %s(…)", f.Name)
	}
	v := &value{kind: state, name: b.unique(item.Name.Text), page: f}
	for _, a := range item.Type.Args {
		v.shape = append(v.shape, b.typed(a, "dim", "a dim"))
	}
	b.define("state", item.Name, v)
	b.add(&plan.State{Name: v.name, Page: f.Count, Size: pageSize(f, v.shape)})
}

// format is the page that a state's type names.
func (b *builder) format(path *grammar.Path) *spec.Format {
	full := b.fullName(path)
	var pages []string
	for _, f := range b.prog.Formats {
		name := f.Package + "." + f.Name
		if f.Page {
			pages = append(pages, name)
		}
		switch {
		case name == full && f.Page:
			return f
		case name == full:
			b.failf(path.Pos, "%s is a format of blocks: a state has a page's", full)
		}
	}
	if b.prog.Broken[full] {
		panic(failure{})
	}
	panic(failure{&grammar.Error{Pos: path.Pos, Message: "there is no page " + full, Suggest: grammar.Nearest(full, pages)}})
}

// put is a dim's expression with values in the place of names.
func put(e spec.Expr, dims map[string]plan.Expr) plan.Expr {
	switch e := e.(type) {
	case *spec.IntLit:
		return plan.Int(e.V)
	case *spec.DimRef:
		return dims[e.Name]
	case *spec.Binary:
		return plan.Binary{Op: e.Op, A: put(e.A, dims), B: put(e.B, dims)}
	}
	return nil
}
