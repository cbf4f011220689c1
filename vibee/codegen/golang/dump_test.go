package golang

import (
	"fmt"
	"reflect"
	"strings"
)

// dumpValue prints everything in v. testdata/dump.go.txt is its copy in the package that the test generates.
func dumpValue(v any) string {
	var b strings.Builder
	dumpTo(&b, reflect.ValueOf(v), "")
	return b.String()
}

func dumpTo(b *strings.Builder, v reflect.Value, indent string) {
	switch v.Kind() {
	case reflect.Invalid:
		fmt.Fprintf(b, "%snothing\n", indent)
	case reflect.Interface, reflect.Pointer:
		dumpTo(b, v.Elem(), indent)
	case reflect.Slice:
		for i := range v.Len() {
			fmt.Fprintf(b, "%s%d:\n", indent, i)
			dumpTo(b, v.Index(i), indent+" ")
		}
	case reflect.Struct:
		fmt.Fprintf(b, "%s%s\n", indent, v.Type().Name())
		for i := range v.NumField() {
			if v.Field(i).Kind() != reflect.Func {
				fmt.Fprintf(b, "%s%s:\n", indent, v.Type().Field(i).Name)
				dumpTo(b, v.Field(i), indent+" ")
			}
		}
	default:
		fmt.Fprintf(b, "%s%s %#v\n", indent, v.Type().Name(), v.Interface())
	}
}
