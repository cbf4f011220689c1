package spec

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"slices"
)

// Digest tells what the bytes of a format mean: 16 hex digits that change with its layout, codes, decode and pack,
// and with no name, comment or encode.
func Digest(f *Format) string {
	g := *f
	g.Package, g.Name, g.GGUF, g.Encode = "", "", -1, nil
	if f.Packs != nil {
		g.Packs = &Format{} // a name alone
	}
	names, tables := declared(f)
	text := PrintFormat(&g)
	for _, t := range tables {
		text += fmt.Sprintf("table %s : %s %v %v\n", t.Name, t.Elem.Name, t.Ints, t.Floats)
	}
	sum := sha256.Sum256([]byte(numbered(text, names)))
	return hex.EncodeToString(sum[:8])
}

var word = regexp.MustCompile(`[A-Za-z_][A-Za-z_0-9]*`)

// numbered writes, for each name in a text, how many others came before it.
func numbered(text string, names map[string]bool) string {
	seen := map[string]string{}
	return word.ReplaceAllStringFunc(text, func(w string) string {
		if !names[w] {
			return w
		}
		if seen[w] == "" {
			seen[w] = fmt.Sprintf("#%d", len(seen))
		}
		return seen[w]
	})
}

// declared are the names that a format declares, of fields, lets, tables and indices, those of the format it packs
// among them; and its own tables.
func declared(f *Format) (names map[string]bool, tables []*Table) {
	names = map[string]bool{}
	index := func(list []*Index) {
		for _, i := range list {
			if i != nil {
				names[i.Name] = true
			}
		}
	}
	look := func(e Expr) bool {
		switch e := e.(type) {
		case *Reduce:
			index(e.Index)
		case *TableRef:
			if names[e.Table.Name] = true; !slices.Contains(tables, e.Table) {
				tables = append(tables, e.Table)
			}
		}
		return true
	}
	lets := func(list []*Let) {
		for _, l := range list {
			names[l.Name] = true
			index(l.Index)
			Walk(l.Value, look)
		}
	}
	all := func(of *Format) {
		for _, x := range slices.Concat(of.Fields, of.Tail) {
			names[x.Name] = true
		}
		lets(of.Lets)
		index([]*Index{of.Row, of.Index})
		Walk(of.Decode, look)
		if of.Pack == nil {
			return
		}
		lets(of.Pack.Lets)
		for _, s := range of.Pack.Sets {
			index(s.Index)
			Walk(s.Value, look)
		}
	}
	all(f)
	own := tables
	if f.Packs != nil {
		all(f.Packs)
	}
	return names, own
}
