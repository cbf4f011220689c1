package models

import (
	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// formats names what formats of the file a weight's type admits: "any", or one. A type of memory, f32,
// is the format that holds one value of it and nothing else, by whatever name.
func (b *builder) formats(t *grammar.Type) string {
	path := t.Path
	if path.Package == "" && path.Text == "any" {
		return path.Text
	}
	if elem := spec.Elems[path.Text]; path.Package == "" && elem != nil {
		for _, f := range b.prog.Formats {
			if plain(f, elem) {
				return f.Name
			}
		}
		b.failf(t.Pos, "no format holds %s as it is", path.Text)
	}
	return path.Text // weightType has found it
}

// plain reports whether blocks of f are single values of elem.
func plain(f *spec.Format, elem *spec.Elem) bool {
	return !f.Page && f.Count == 1 && len(f.Fields) == 1 && f.Fields[0].Scalar && f.Fields[0].Elem == elem && len(f.Tail) == 0
}
