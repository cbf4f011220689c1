package renaming

import (
	"reflect"
	"slices"
	"strings"

	"github.com/trinity-engine/trinity/vibee/grammar"
)

// mark begins every renamed name; none holds it before.
const mark = "zq"

// types and functions are the language's own words; types convert, too.
var types = []string{"dim", "any", "packed", "stored", "uniform", "paired", "place", "text", "bool", "int", "trit", "f16", "bf16", "f32", "f64", "i8", "u8", "i16", "u16", "i32", "u32", "i64"}

var functions = []string{
	"true", "false", "bitcast_f32", "bitcast_f64", "bitcast_int",
	"abs", "neg", "sqrt", "floor", "ceil", "trunc", "rint", "min", "max", "clamp", "bits", "gamma", "ulp", "terms",
	"wrap_i8", "wrap_u8", "wrap_i16", "wrap_u16", "wrap_i32", "wrap_u32",
}

// more are words in one kind of declaration alone.
var more = map[reflect.Type][]string{
	reflect.TypeFor[*grammar.Format](): {"slot"},
	reflect.TypeFor[*grammar.Model]():  {"T", "R", "rows", "cols", "present", "packable", "uniform", "paired", "exact", "fast", "slice", "div"},
	reflect.TypeFor[*grammar.Layer]():  {"rows", "cols", "present", "packable", "uniform", "paired", "exact", "fast", "slice", "div"},
	reflect.TypeFor[*grammar.Relax]():  {"eval", "factor", "pairs", "approx"},
	reflect.TypeFor[*grammar.Order]():  {"ascending", "lanes", "blocks", "pairs"},
}

// languages are the fields whose names are words: types and targets. What a format packs is a format, called as a type or not.
var languages = []string{"Format.Of", "Format.Packs", "Field.Elem", "Table.Elem", "Code.Type", "Let.Type", "Config.Type", "Kernel.For", "Schedule.For", "Reduce.As"}

// renamer gives every name of a file another, by its place in the grammar.
type renamer struct {
	words  []string
	ops    []string // of the package
	params []string // of the layer at hand: they stand in tensors' names
}

// rename needs to know the ops of all files: in a property they are called by name, clamp too.
func rename(files []*grammar.File) {
	ops := map[string][]string{} // by package
	for _, f := range files {
		for _, d := range f.Decls {
			if o, ok := d.(*grammar.Op); ok {
				ops[f.Package.Text] = append(ops[f.Package.Text], o.Named())
			}
		}
	}
	for _, f := range files {
		r := &renamer{words: slices.Concat(types, functions), ops: ops[f.Package.Text]}
		r.visit(reflect.ValueOf(f))
	}
}

func (r *renamer) visit(v reflect.Value) {
	switch v.Kind() {
	case reflect.Interface:
		if !v.IsNil() {
			r.visit(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			r.visit(v.Index(i))
		}
	case reflect.Pointer:
		if !v.IsNil() && v.Elem().Kind() == reflect.Struct {
			r.node(v)
		}
	}
}

func (r *renamer) node(v reflect.Value) {
	outer := *r
	defer func() { *r = outer }()
	r.words = slices.Concat(r.words, more[v.Type()])
	switch n := v.Interface().(type) {
	case *grammar.Name:
		n.Text = marked(n.Text)
		return
	case *grammar.Ident:
		r.ident(&n.Text)
		return
	case *grammar.Path:
		if n.Package != "" {
			n.Package = marked(n.Package)
			n.Text = marked(n.Text)
			return
		}
		if !slices.Contains(types, n.Text) {
			n.Text = marked(n.Text)
		}
		return
	case *grammar.Member: // at[t].pos: a part of a place is a word
		if _, part := n.X.(*grammar.Subscript); part {
			r.visit(reflect.ValueOf(n.X))
			return
		}
	case *grammar.Format:
		if n.Packs != nil {
			if n.Packs.Package != "" {
				n.Packs.Package = marked(n.Packs.Package)
			}
			n.Packs.Text = marked(n.Packs.Text)
		}
	case *grammar.Config: // an element's default knows its index as i
		if n.Array != nil {
			r.words = append(r.words, "i")
		}
	case *grammar.Weight:
		for _, p := range r.params {
			n.Tensor.Value = strings.ReplaceAll(n.Tensor.Value, "{"+p+"}", "{"+marked(p)+"}")
		}
	case *grammar.Property:
		r.words = slices.DeleteFunc(slices.Clone(r.words), func(w string) bool { return slices.Contains(r.ops, w) })
	case *grammar.Layer:
		for _, p := range n.Params {
			r.params = append(r.params, p.Name.Text)
		}
	}
	r.fields(v.Elem())
}

func (r *renamer) fields(s reflect.Value) {
	for i := range s.NumField() {
		f := s.Type().Field(i)
		switch {
		case slices.Contains(languages, s.Type().Name()+"."+f.Name):
		case f.Type == reflect.TypeFor[grammar.Head]():
			r.fields(s.Field(i))
		default:
			r.visit(s.Field(i))
		}
	}
}

func (r *renamer) ident(s *string) {
	if !slices.Contains(r.words, *s) {
		*s = marked(*s)
	}
}

// marked puts the mark before each part of a name.
func marked(name string) string {
	parts := strings.Split(name, ".")
	for i := range parts {
		parts[i] = mark + parts[i]
	}
	return strings.Join(parts, ".")
}

// plain takes the marks out, also where a name has become part of a Go name.
func plain(s string) string {
	var b strings.Builder
	for {
		i := strings.Index(strings.ToLower(s), mark)
		if i < 0 {
			return b.String() + s
		}
		b.WriteString(s[:i])
		upper := s[i] == mark[0]-'a'+'A'
		if s = s[i+len(mark):]; upper && s != "" {
			s = strings.ToUpper(s[:1]) + s[1:]
		}
	}
}
