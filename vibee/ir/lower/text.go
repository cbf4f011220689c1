package lower

import (
	"fmt"
	"strings"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// text is an expression as a key: two that read the same are the same value, as long as
// their variables don't change.
func text(e loop.Expr) string {
	switch e := e.(type) {
	case nil:
		return ""
	case *loop.ConstInt:
		return fmt.Sprint(e.V)
	case *loop.ConstFloat:
		return fmt.Sprintf("%v:%b", e.T, e.V)
	case *loop.Ref:
		return e.Var.Name
	case *loop.Load:
		s := e.Buf.Name + "." + e.Mem.String() + "[" + text(e.Index)
		if e.Stride != nil {
			s += ":" + text(e.Stride) + fmt.Sprintf(":%d", e.N)
		}
		return s + "]"
	case *loop.Peek:
		return e.View.Name + "." + e.Mem.String() + "[" + text(e.Index) + "]"
	case *loop.Binary:
		return "(" + text(e.A) + " " + e.Op.String() + " " + text(e.B) + ")"
	case *loop.Unary:
		return e.Op.String() + "(" + text(e.A) + ")"
	case *loop.Convert:
		return e.To.String() + "(" + text(e.A) + ")"
	case *loop.Wrap:
		return "wrap_" + e.Mem.String() + "(" + text(e.A) + ")"
	case *loop.Bits:
		return "bits_" + e.To.String() + "(" + text(e.A) + ")"
	case *loop.Round:
		return "round_" + e.Mem.String() + "(" + text(e.A) + ")"
	case *loop.Select:
		return "(" + text(e.Cond) + " ? " + text(e.A) + " : " + text(e.B) + ")"
	case *loop.Splat:
		return "<" + text(e.A) + ">"
	case *loop.Iota:
		return "iota"
	case *loop.Reduce:
		return "reduce" + e.Op.String() + "(" + text(e.A) + ")"
	case *loop.Dot:
		return "dot(" + text(e.A) + ", " + text(e.B) + ")"
	case *loop.Pairs:
		return "pairs(" + text(e.Sum) + ", " + text(e.A) + ", " + text(e.B) + ")"
	}
	panic(fmt.Sprintf("lower: no text for %T", e))
}

func shapeText(shape []spec.Expr) string {
	parts := make([]string, len(shape))
	for i, e := range shape {
		parts[i] = specText(e)
	}
	return "[" + strings.Join(parts, ", ") + "]"
}

// specText is a dim's expression for readers.
func specText(e spec.Expr) string {
	switch e := e.(type) {
	case *spec.IntLit:
		return fmt.Sprint(e.V)
	case *spec.DimRef:
		return e.Name
	case *spec.IndexRef:
		return e.Index.Name
	case *spec.Binary:
		return specText(e.A) + e.Op + specText(e.B)
	}
	return "…"
}

// equations is an op's documentation, for the header of what is generated from it.
func equations(o *spec.Op) []string { return o.Doc }
