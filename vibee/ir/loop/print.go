package loop

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Print gives p as text, the same for the same program.
func Print(p *Program) string {
	w := &writer{}
	for _, m := range p.Math {
		w.line("// %s", m)
	}
	var params []string
	for _, b := range p.Bufs {
		params = append(params, bufText(b))
	}
	for _, d := range append(p.Dims[:len(p.Dims):len(p.Dims)], p.Scalars...) {
		params = append(params, d.Name+": "+d.Type.String())
	}
	w.line("%s(%s)", p.Name, strings.Join(params, ", "))
	w.line("for %s..%s of %s by %d {", p.Lo.Name, p.Hi.Name, Text(p.Work), p.Grain)
	w.indent++
	for _, b := range p.Temps {
		w.line("temp %s", bufText(b))
	}
	for _, b := range p.Tables {
		w.line("table %s = %s", bufText(b), dataText(b))
	}
	w.block(p.Body)
	w.indent--
	w.line("}")
	return w.String()
}

var roleNames = [...]string{"in", "out", "inout", "", ""}

func bufText(b *Buf) string {
	s := b.Name + ": "
	if r := roleNames[b.Role]; r != "" {
		s += r + " "
	}
	if b.Bytes {
		s += "bytes"
	} else {
		s += b.Elem.String()
	}
	if b.Size != nil {
		return s + "[" + Text(b.Size) + "]"
	}
	return s + "[]"
}

func dataText(b *Buf) string {
	var parts []string
	for _, d := range b.Data {
		s := strconv.FormatInt(d, 10)
		switch {
		case b.Bytes:
		case b.Elem == MemF32:
			s = floatText(F32, float64(math.Float32frombits(uint32(d))))
		case b.Elem == MemF64:
			s = floatText(F64, math.Float64frombits(uint64(d)))
		case b.Elem == MemF16 || b.Elem == MemBF16:
			s = fmt.Sprintf("%#04x", d)
		}
		parts = append(parts, s)
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

type writer struct {
	strings.Builder
	indent int
}

func (w *writer) line(format string, args ...any) {
	w.WriteString(strings.Repeat("  ", w.indent))
	fmt.Fprintf(w, format, args...)
	w.WriteByte('\n')
}

func (w *writer) inner(body []Stmt) {
	w.indent++
	w.block(body)
	w.indent--
}

func (w *writer) block(body []Stmt) {
	for _, s := range body {
		switch s := s.(type) {
		case *For:
			w.line("%s {", forText(s))
			w.inner(s.Body)
			w.line("}")
		case *If:
			w.line("if %s {", Text(s.Cond))
			w.inner(s.Then)
			if len(s.Else) > 0 {
				w.line("} else {")
				w.inner(s.Else)
			}
			w.line("}")
		case *Def:
			kind := "let"
			if s.Var.Mutable {
				kind = "var"
			}
			w.line("%s %s: %v%s = %s", kind, s.Var.Name, s.Var.Type, lanesText(s.Var.Lanes), Text(s.Value))
		case *Set:
			w.line("%s = %s", s.Var.Name, Text(s.Value))
		case *Open:
			v := s.View
			w.line("view %s%s = %s[%s : %d]", v.Name, lanesText(v.Lanes), v.Buf.Name, placeText(v.Index, v.Stride), v.Size)
		case *Store:
			w.line("%s[%s] = %s", memText(s.Buf.Name, s.Buf, s.Mem), placeText(s.Index, s.Stride), Text(s.Value))
		case *Prefetch:
			w.line("prefetch %s[%s]%s", memText(s.Buf.Name, s.Buf, s.Mem), placeText(s.Index, s.Stride), lanesText(s.N))
		case *Tiled:
			w.line("tiles {")
			for _, t := range s.Tiles {
				w.line("  tile %s: %v<%d, %d>", t.Name, t.Elem, t.Rows, t.Columns)
			}
			w.inner(s.Body)
			w.line("}")
		case *Clear:
			w.line("%s = 0", s.Tile.Name)
		case *Fill:
			w.line("%s = %s[%s]", s.Tile.Name, memText(s.Buf.Name, s.Buf, s.Tile.Elem), placeText(s.Index, s.Stride))
		case *Multiply:
			w.line("%s += product(%s, %s)", s.C.Name, s.A.Name, s.B.Name)
		case *Drain:
			w.line("%s[%s] = %s", memText(s.Buf.Name, s.Buf, s.Tile.Elem), placeText(s.Index, s.Stride), s.Tile.Name)
		case *Note:
			w.line("// %s", s.Text)
		}
	}
}

func forText(s *For) string {
	text := fmt.Sprintf("for %s in %s..%s", s.Var.Name, Text(s.Lo), Text(s.Hi))
	if s.Step != 1 || s.Whole {
		text += fmt.Sprintf(" by %d", s.Step)
	}
	if s.Whole {
		text += " whole"
	}
	if s.Rest != nil {
		text += " rest " + s.Rest.Name
	}
	if s.Unroll {
		text += " unroll"
	}
	return text
}

func lanesText(n int) string {
	if n == 1 {
		return ""
	}
	return "<" + strconv.Itoa(n) + ">"
}

func placeText(index, stride Expr) string {
	if stride == nil {
		return Text(index)
	}
	return Text(index) + " step " + Text(stride)
}

// memText names what is accessed: the element's type is told where a buffer has no type of its own.
func memText(name string, b *Buf, m Mem) string {
	if b.Bytes {
		return name + "." + m.String()
	}
	return name
}

func floatText(t Type, f float64) string {
	if t == F32 {
		return strconv.FormatFloat(f, 'g', -1, 32) + "f"
	}
	s := strconv.FormatFloat(f, 'g', -1, 64)
	if strings.ContainsAny(s, ".enN") || strings.Contains(s, "Inf") {
		return s
	}
	return s + ".0"
}

// Text gives e as a formula.
func Text(e Expr) string {
	s, _ := text(e)
	return s
}

// Binding strengths of what text gives.
const (
	bindOr = iota + 1
	bindAnd
	bindCompare
	bindSum
	bindProduct
	bindUnary
	bindAtom
)

var binds = map[Op]int{Or: bindOr, And: bindAnd, Eq: bindCompare, Ne: bindCompare, Lt: bindCompare, Le: bindCompare, Gt: bindCompare,
	Ge: bindCompare, Add: bindSum, Sub: bindSum, Xor: bindSum, Mul: bindProduct, Div: bindProduct, Mod: bindProduct, Shl: bindProduct, Shr: bindProduct}

func operand(e Expr, bind int) string {
	s, b := text(e)
	if b < bind {
		return "(" + s + ")"
	}
	return s
}

func text(e Expr) (string, int) {
	switch e := e.(type) {
	case *ConstInt:
		if e.V < 0 {
			return strconv.FormatInt(e.V, 10), bindUnary
		}
		return strconv.FormatInt(e.V, 10), bindAtom
	case *ConstFloat:
		if math.Signbit(e.V) {
			return floatText(e.T, e.V), bindUnary
		}
		return floatText(e.T, e.V), bindAtom
	case *Ref:
		return e.Var.Name, bindAtom
	case *Load:
		s := memText(e.Buf.Name, e.Buf, e.Mem) + "[" + placeText(e.Index, e.Stride) + "]"
		if e.Stride != nil {
			s += lanesText(e.N)
		}
		return s, bindAtom
	case *Peek:
		return memText(e.View.Name, e.View.Buf, e.Mem) + "[" + Text(e.Index) + "]", bindAtom
	case *Binary:
		if bind, ok := binds[e.Op]; ok {
			return operand(e.A, bind) + " " + e.Op.String() + " " + operand(e.B, bind+1), bind
		}
		return e.Op.String() + "(" + Text(e.A) + ", " + Text(e.B) + ")", bindAtom
	case *Unary:
		switch e.Op {
		case Neg:
			return "-" + operand(e.A, bindAtom), bindUnary
		case Not:
			return "!" + operand(e.A, bindAtom), bindUnary
		}
		return e.Op.String() + "(" + Text(e.A) + ")", bindAtom
	case *Convert:
		return e.To.String() + "(" + Text(e.A) + ")", bindAtom
	case *Wrap:
		return e.Mem.String() + "(" + Text(e.A) + ")", bindAtom
	case *Bits:
		return "bits." + e.To.String() + "(" + Text(e.A) + ")", bindAtom
	case *Round:
		return "round." + e.Mem.String() + "(" + Text(e.A) + ")", bindAtom
	case *Select:
		return "select(" + Text(e.Cond) + ", " + Text(e.A) + ", " + Text(e.B) + ")", bindAtom
	case *Splat:
		return operand(e.A, bindAtom) + "<" + strconv.Itoa(e.N) + ">", bindAtom
	case *Iota:
		return "iota<" + strconv.Itoa(e.N) + ">", bindAtom
	case *Reduce:
		return "reduce(" + e.Op.String() + ", " + Text(e.A) + ")", bindAtom
	case *Dot:
		return "dot(" + Text(e.A) + ", " + Text(e.B) + ")", bindAtom
	case *Pairs:
		return "pairs(" + Text(e.Sum) + ", " + Text(e.A) + ", " + Text(e.B) + ")", bindAtom
	}
	return fmt.Sprintf("?%T", e), bindAtom
}
