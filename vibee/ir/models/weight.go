package models

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// weight declares a tensor of the file.
func (b *builder) weight(w *grammar.Weight, v *value) {
	b.weightType(w.Type)
	n := &plan.Weight{Name: v.name, Formats: b.formats(w.Type), Optional: w.Optional, Where: where(w.Pos)}
	n.Tensor, n.Given = b.tensorName(w.Tensor)
	for _, d := range w.Type.Dims {
		n.Shape = append(n.Shape, b.typed(d, "dim", "a dim"))
	}
	v.shape = n.Shape
	switch e := w.Else.(type) {
	case nil:
	case *grammar.Ident:
		n.Else = b.instead(e.Pos, e.Text, v)
	case *grammar.Call:
		f, ok := e.Fun.(*grammar.Ident)
		if !ok || f.Text != "slice" || len(e.Args) != 3 {
			b.failf(e.Pos, "the alternative of a weight is another weight or slice(weight, lo, hi)")
		}
		of, ok := e.Args[0].Value.(*grammar.Ident)
		if !ok {
			b.failf(e.Pos, "slice takes a weight")
		}
		lo, hi := b.typed(e.Args[1].Value, "dim", "a row"), b.typed(e.Args[2].Value, "dim", "a row")
		rows := *v
		rows.shape = slices.Clone(v.shape)
		rows.shape[0] = nil // how many there are, the slice says
		n.Else = b.instead(of.Pos, of.Text, &rows)
		n.Else.Lo, n.Else.Hi = lo, hi
		b.notUnequal(e.Pos, "the rows of the slice", plan.Binary{Op: "-", A: hi, B: lo}, v.shape[0])
	default:
		b.failf(w.Else.At(), "the alternative of a weight is another weight or slice(weight, lo, hi)")
	}
	b.add(n)
}

// weightType says whether a type is one of a tensor in a file.
func (b *builder) weightType(t *grammar.Type) {
	name := t.Path.Text
	elem := spec.Elems[name]
	known := []string{"any"}
	block := name == "any"
	for _, f := range b.prog.Formats {
		if !f.Page {
			known = append(known, f.Name)
			block = block || f.Name == name && f.Count > 1
		}
	}
	switch {
	case b.prog.Broken[b.fullName(t.Path)]:
		panic(failure{})
	case !slices.Contains(known, name) && (elem == nil || elem.Narrow):
		panic(failure{&grammar.Error{Pos: t.Pos, Message: "there is no format " + name, Suggest: grammar.Nearest(name, known)}})
	case len(t.Args) > 0:
		b.failf(t.Pos, "a weight's type has its dims in brackets: %s[rows, columns]", name)
	case block && len(t.Dims) < 2:
		b.failf(t.Pos, "a weight of blocks has two dims or more, columns last; %d given", len(t.Dims))
	case len(t.Dims) == 0:
		b.failf(t.Pos, "a weight has dims: %s[D]", name)
	}
}

func (b *builder) fullName(p *grammar.Path) string {
	if p.Package == "" {
		return b.home + "." + p.Text
	}
	return p.Package + "." + p.Text
}

// instead is a weight that stands for v where v's tensor is missing; a dim that is nil may be any.
func (b *builder) instead(pos grammar.Pos, name string, v *value) *plan.Alias {
	other := b.weightNamed(pos, name)
	if other.name == v.name {
		b.failf(pos, "%s can't stand for itself", name)
	}
	if other.shape == nil {
		b.failf(pos, "%s is declared below: a weight stands for those below it", name)
	}
	if v.elem != "any" && other.elem != v.elem {
		b.failf(pos, "%s is %s, and can't stand for %s", name, other.elem, v.elem)
	}
	if len(other.shape) != len(v.shape) {
		b.failf(pos, "%s is %s: it has %d dims, %d are needed", name, other.describe(), len(other.shape), len(v.shape))
	}
	for i, d := range v.shape {
		if d != nil {
			b.notUnequal(pos, name+" is "+other.describe(), other.shape[i], d)
		}
	}
	return &plan.Alias{Weight: other.name}
}

func (b *builder) weightNamed(pos grammar.Pos, name string) *value {
	v := b.lookup(pos, name)
	if v.kind != weight {
		b.failf(pos, "%s is no weight", name)
	}
	b.used[v.name] = true
	return v
}

// unusedWeights says which of a body's weights no call reads and no weight falls back on.
func (b *builder) unusedWeights(items []grammar.Item) {
	for _, item := range items {
		if w, ok := item.(*grammar.Weight); ok && !b.used[b.scope.vals[w.Name.Text].name] {
			b.errorf(w.Name.Pos, "weight %s is not used", w.Name.Text)
		}
	}
}

var placeholder = regexp.MustCompile(`\{([^{}]*)\}`)

// tensorName finds what the names in braces stand for, as in blk.{i}: loop variables and numbers are put in
// their place, what is more than that is given beside.
func (b *builder) tensorName(t *grammar.Text) (string, []plan.Given) {
	s := t.Value
	var given []plan.Given
	for _, m := range placeholder.FindAllStringSubmatch(s, -1) {
		v := b.lookup(t.Pos, m[1])
		if v.kind != scalar || v.array || !mixes(b.typeOf(v.expr), "dim") {
			b.failf(t.Pos, "%s stands for %s, a dim is needed", m[0], v.describe())
		}
		switch x := v.expr.(type) {
		case plan.Int:
			s = strings.ReplaceAll(s, m[0], strconv.FormatInt(int64(x), 10))
		case plan.Name:
			s = strings.ReplaceAll(s, m[0], "{"+string(x)+"}")
		default:
			given = append(given, plan.Given{Name: m[1], Value: x})
		}
	}
	return s, given
}
