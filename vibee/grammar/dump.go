package grammar

import (
	"fmt"
	"reflect"
	"strings"
)

// Dump gives a declaration's tree as text, for people: a line a node, with its place.
func Dump(d Decl) string {
	var b strings.Builder
	dump(&b, "", "", reflect.ValueOf(d))
	return b.String()
}

// dump writes a node as its type, its own words and its place; then, deeper, its parts.
func dump(b *strings.Builder, indent, label string, v reflect.Value) {
	for v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return
		}
		v = v.Elem()
	}
	switch v.Kind() {
	case reflect.Slice:
		if v.Len() == 0 {
			return
		}
		if v.Type().Elem().Kind() == reflect.String {
			fmt.Fprintf(b, "%s%s%q\n", indent, label, v.Interface())
			return
		}
		fmt.Fprintf(b, "%s%s\n", indent, strings.TrimSuffix(label, " "))
		for i := range v.Len() {
			dump(b, indent+"  ", "", v.Index(i))
		}
	case reflect.Struct:
		dumpNode(b, indent, label, v)
	}
}

func dumpNode(b *strings.Builder, indent, label string, v reflect.Value) {
	if v.Type() == reflect.TypeFor[Brace]() {
		return
	}
	fmt.Fprintf(b, "%s%s%s", indent, label, v.Type().Name())
	var parts []func()
	var place Pos
	var fields func(v reflect.Value)
	fields = func(v reflect.Value) {
		for i := range v.NumField() {
			f, name := v.Field(i), v.Type().Field(i).Name
			switch x := f.Interface().(type) {
			case Pos:
				place = x
				continue
			case Head:
				fields(f)
				continue
			case string:
				if x != "" {
					fmt.Fprintf(b, " %s", quotedOnce(v, x))
				}
				continue
			case bool:
				if x && name != "HasDims" && name != "Parens" {
					fmt.Fprintf(b, " %s", strings.ToLower(name))
				}
				continue
			case int:
				continue // DocLine
			case *Name:
				if x != nil {
					fmt.Fprintf(b, " %s", x.Text)
				}
				continue
			}
			parts = append(parts, func() { dump(b, indent+"  ", name+" ", f) })
		}
	}
	fields(v)
	fmt.Fprintf(b, " %d:%d\n", place.Line, place.Col)
	for _, p := range parts {
		p()
	}
}

// quotedOnce quotes what was a string, or could be empty or hold spaces.
func quotedOnce(v reflect.Value, s string) string {
	if _, ok := v.Interface().(Text); ok {
		return fmt.Sprintf("%q", s)
	}
	return s
}
