package spec

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Text is an expression, fully in parentheses.
func Text(e Expr) string {
	switch e := e.(type) {
	case *IntLit:
		return strconv.FormatInt(e.V, 10)
	case *FloatLit:
		return fmt.Sprintf("%v:%s", e.V, e.T)
	case *BoolLit:
		return strconv.FormatBool(e.V)
	case *IndexRef:
		return e.Index.Name
	case *DimRef:
		return e.Name
	case *ValueRef:
		return e.Param.Name
	case *TensorRef:
		return e.Param.Name + at(e.At)
	case *WeightRef:
		return e.Param.Name + at(e.At)
	case *PlaceRef:
		return e.Param.Name + at([]Expr{e.At}) + "." + e.Part
	case *StateRef:
		return e.Param.Name + "." + e.Field.Name + at(e.At)
	case *LetRef:
		return e.Let.Name + shape(e.At)
	case *TableRef:
		return e.Table.Name + at([]Expr{e.At})
	case *FieldRef:
		if e.At == nil {
			return e.Field.Name
		}
		return e.Field.Name + at([]Expr{e.At})
	case *InRow:
		if e.Block != nil {
			return "row " + Text(e.Row) + " block " + Text(e.Block) + "." + Text(e.A)
		}
		return "row " + Text(e.Row) + "." + Text(e.A)
	case *Unary:
		return e.Op + "(" + Text(e.A) + ")"
	case *Binary:
		if e.Op == "min" || e.Op == "max" {
			return e.Op + "(" + Text(e.A) + ", " + Text(e.B) + ")"
		}
		return "(" + Text(e.A) + " " + e.Op + " " + Text(e.B) + ")"
	case *Cond:
		return "if " + Text(e.If) + " { " + Text(e.Then) + " } else { " + Text(e.Else) + " }"
	case *Convert:
		return e.To.String() + "(" + Text(e.A) + ")"
	case *Wrap:
		return "wrap_" + e.Elem.Name + "(" + Text(e.A) + ")"
	case *Bits:
		return "bitcast_" + e.To.String() + "(" + Text(e.A) + ")"
	case *Round:
		return e.Elem.Name + "(" + Text(e.A) + ")"
	case *Apply:
		return e.Op.FullName() + "(" + list(e.Args) + ")"
	case *Reduce:
		return e.Kind + "[" + indices(e.Index) + "] as " + e.Type().String() + " (" + Text(e.Body) + ")"
	}
	return fmt.Sprintf("<%T>", e)
}

func at(exprs []Expr) string { return "[" + list(exprs) + "]" }

func list(exprs []Expr) string {
	var out []string
	for _, e := range exprs {
		out = append(out, Text(e))
	}
	return strings.Join(out, ", ")
}

func indices(vars []*Index) string {
	var out []string
	for _, i := range vars {
		out = append(out, i.Name+" in "+Text(i.Lo)+" .. "+Text(i.Hi))
	}
	return strings.Join(out, ", ")
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func sortedApprox(m map[*Op]*Op) (out [][2]string) {
	for f, g := range m {
		out = append(out, [2]string{f.FullName(), g.FullName()})
	}
	slices.SortFunc(out, func(a, b [2]string) int { return cmp.Compare(a[0], b[0]) })
	return out
}
