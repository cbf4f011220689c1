package grammar

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const head = "vibee 1\npackage p\n"

// TestTrees: expressions, written with all their parentheses.
func TestTrees(t *testing.T) {
	for src, want := range map[string]string{
		"a + b * c":                        "(a + (b * c))",
		"a - b - c":                        "((a - b) - c)",
		"a - (b - c)":                      "(a - (b - c))",
		"2^-40":                            "(2 ^ (-40))",
		"-2^7":                             "(-(2 ^ 7))",
		"(-2)^7":                           "((-2) ^ 7)",
		"2^3^2":                            "(2 ^ (3 ^ 2))",
		"2^-3^2":                           "(2 ^ (-(3 ^ 2)))",
		"-a * b":                           "((-a) * b)",
		"!a && ~b == c":                    "((!a) && ((~b) == c))",
		"a || b && c == d | e xor f & g":   "(a || (b && (c == (d | (e xor (f & g))))))",
		"a << 2 + b":                       "(a << (2 + b))",
		"a % b / c * d":                    "(((a % b) / c) * d)",
		"-x[i]":                            "(-x[i])",
		"a as [T] + b":                     "(a as [T] + b)",
		"x.y[i].z(a, b: c, d:)":            "x.y[i].z(a, b: c, d: d)",
		"f(a,)":                            "f(a)",
		"at[t].pos + 1":                    "(at[t].pos + 1)",
		"max(a, b) + max[i](x[i])":         "(max(a, b) + max[i](x[i]))",
		"sum[i, j in 0 .. n] as f64 (x)":   "sum[i, j in 0 .. n] as f64 (x)",
		"sum[i](x)[j]":                     "sum[i](x)[j]",
		"if a { b } else { c } + 1":        "(if a {b} else {c} + 1)",
		"if a {1} else if b {2} else {3}":  "if a {1} else if b {2} else {3}",
		"xor xor xor":                      "(xor xor xor)",
		"as as [as]":                       "as as [as]",
		`"a\"\\\n\t" == x`:                 `("a\"\\\n\t" == x)`,
		"0x1F + 1.5e+3 + 1e-5 + 0.5":       "(((0x1F + 1.5e+3) + 1e-5) + 0.5)",
		"y // comment\n + // another\n z":  "(y + z)",
		"sum + all":                        "(sum + all)",
		"f(sum: 1, if: 2)":                 "f(sum: 1, if: 2)",
		"a <= b && c >= d && (e < f) == g": "(((a <= b) && (c >= d)) && ((e < f) == g))",
	} {
		f, err := Parse("t", []byte(head+"op f() { y = "+src+" }"))
		if err != nil {
			t.Errorf("%s: %v", src, err)
			continue
		}
		got := tree(f.Decls[0].(*Op).Body[0].(*Assign).Value)
		if got != want {
			t.Errorf("%s is %s, want %s", src, got, want)
		}
	}
}

// tree writes an expression with all its parentheses.
func tree(x Expr) string {
	join := func(xs []Expr) string {
		var out []string
		for _, x := range xs {
			out = append(out, tree(x))
		}
		return strings.Join(out, ", ")
	}
	switch x := x.(type) {
	case *Number:
		return x.Text
	case *Text:
		return fmt.Sprintf("%q", x.Value)
	case *Ident:
		return x.Text
	case *Member:
		return tree(x.X) + "." + x.Name.Text
	case *Subscript:
		return tree(x.X) + "[" + join(x.Index) + "]"
	case *Call:
		var out []string
		for _, a := range x.Args {
			s := tree(a.Value)
			if a.Name != nil {
				s = a.Name.Text + ": " + s
			}
			out = append(out, s)
		}
		return tree(x.Fun) + "(" + strings.Join(out, ", ") + ")"
	case *Unary:
		return "(" + x.Op + tree(x.X) + ")"
	case *Binary:
		return "(" + tree(x.X) + " " + x.Op + " " + tree(x.Y) + ")"
	case *If:
		if y, ok := x.Else.(*If); ok {
			return "if " + tree(x.Cond) + " {" + tree(x.Then) + "} else " + tree(y)
		}
		return "if " + tree(x.Cond) + " {" + tree(x.Then) + "} else {" + tree(x.Else) + "}"
	case *Reduce:
		var index []string
		for _, i := range x.Index {
			s := i.Name.Text
			if i.Lo != nil {
				s += " in " + tree(i.Lo) + " .. " + tree(i.Hi)
			}
			index = append(index, s)
		}
		as := ""
		if x.As != nil {
			as = " as " + x.As.Text + " "
		}
		return x.Kind + "[" + strings.Join(index, ", ") + "]" + as + "(" + tree(x.Body) + ")"
	case *Reshape:
		return tree(x.X) + " as [" + join(x.Dims) + "]"
	}
	return fmt.Sprintf("%T", x)
}

// TestPositions: each node of a file, and the text where it is said to be.
func TestPositions(t *testing.T) {
	src := head + `import q
/// doc
op f(x: f32[T], inout kv: q.c(G) in magnitude 1 .. 2) -> y: f32 where T > 0 {
	let s[t, p in 0 .. t] : f32 = "é" + abs(-x[t])
  y = sum[k] as f64 (if a.b { (c) } else { 2^n as [T] })
  relax eval(f32)
  order blocks(k, W) else lanes(k, 16)
}
format g : block[32] of f32 { bytes 3 field d : f16 tail 4 { field e : f16 } decode[i] = 1 }
schedule f for go { loop t parallel t by 3 }
`
	want := map[string][]string{
		"File": {"vibee"}, "Name": nil, "Brace": nil, "Comment": nil, // names are checked by their text
		"Op": {"op"}, "Format": {"format"}, "Schedule": {"schedule"},
		"Param": {"x: f32[", "inout kv", "y: f32"}, "Type": {"f32[T]", "q.c(G)", "f32 where"}, "Path": nil, "Domain": {"magnitude"},
		"Let": {"let"}, "Index": {"t, p", "p in", "k]", "i]"}, "Assign": {"y = sum"}, "Relax": {"relax"}, "Order": {"order"},
		"OrderItem": {"blocks"}, "Call": {"abs(", "eval(", "blocks(", "lanes("}, "Arg": {"-x[t]", "f32)", "k, W", "W)", "k, 16", "16)"},
		"Subscript": {"x[t])"}, "Unary": {"-x[t]"}, "Binary": {"> 0", "+ abs", "^n"}, "If": {"if a.b"}, "Reduce": {"sum["}, "Member": {"a.b"},
		"Reshape": {"as [T]"}, "Field": {"field d", "field e"}, "Tail": {"tail"}, "Decode": {"decode"}, "Step": {"loop t", "parallel"},
		"Number": nil, "Ident": nil, "Text": {`"é"`},
	}
	f, err := Parse("t", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(src, "\n")
	got := map[string]int{}
	walk(reflect.ValueOf(f), func(name string, pos Pos, text string) {
		if pos.Line < 1 || pos.File != "t" {
			t.Errorf("a %s has no place", name)
			return
		}
		at := string([]rune(lines[pos.Line-1])[pos.Col-1:])
		prefixes, ok := want[name]
		switch {
		case !ok:
			t.Errorf("unexpected %s", name)
		case prefixes == nil:
			if !strings.HasPrefix(at, text) && name != "Brace" || name == "Brace" && at[0] != '}' {
				t.Errorf("%s %s stands at %q", name, text, at)
			}
		default:
			for _, p := range prefixes {
				if strings.HasPrefix(at, p) {
					got[name]++
					return
				}
			}
			t.Errorf("a %s stands at %q", name, at)
		}
	})
	for name, prefixes := range want {
		if got[name] != len(prefixes) && prefixes != nil {
			t.Errorf("%d of %s, want %d", got[name], name, len(prefixes))
		}
	}
	if op := f.Decls[0].(*Op); op.DocLine != 4 || cmp.Diff(op.Doc, []string{"doc"}) != "" {
		t.Errorf("doc %q at line %d", op.Doc, op.DocLine)
	}
}

// walk visits all nodes below v with their kind, place and name.
func walk(v reflect.Value, visit func(name string, pos Pos, text string)) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			walk(v.Elem(), visit)
		}
	case reflect.Slice:
		for i := range v.Len() {
			walk(v.Index(i), visit)
		}
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[Pos]() {
			return
		}
		if at, ok := v.Interface().(interface{ At() Pos }); ok && v.Type() != reflect.TypeFor[Head]() {
			text := ""
			if s := v.FieldByName("Text"); s.IsValid() {
				text = s.String()
			}
			if s := v.FieldByName("Package"); v.Type() == reflect.TypeFor[Path]() && s.String() != "" {
				text = s.String() + "." + text
			}
			visit(v.Type().Name(), at.At(), text)
		} else if v.CanAddr() && v.Type() != reflect.TypeFor[Head]() {
			d := v.Addr().Interface().(Decl)
			visit(v.Type().Name(), d.At(), "")
		}
		for i := range v.NumField() {
			walk(v.Field(i), visit)
		}
	}
}

// TestLimits: what is too big or too deep is an error that says so, soon.
func TestLimits(t *testing.T) {
	deep := func(open, inner, end string) string {
		return head + "op f() { y = " + strings.Repeat(open, 300) + inner + strings.Repeat(end, 300) + " }"
	}
	for name, c := range map[string]struct{ src, want string }{
		"file":     {strings.Repeat(" ", maxFile+1), "the limit is 1048576"},
		"parens":   {deep("(", "x", ")"), "brackets nest deeper than 200"},
		"brackets": {deep("x[", "x", "]"), "brackets nest deeper than 200"},
		"open":     {deep("f(", "", ""), "brackets nest deeper than 200"},
		"unary":    {deep("-", "x", ""), "nests deeper than 200"},
		"power":    {deep("2^", "x", ""), "nests deeper than 200"},
		"sum":      {deep("1 + ", "x", ""), "nests deeper than 200"},
		"members":  {deep("x.", "x", ""), "nests deeper than 200"},
		"ifs":      {deep("if x { y } else ", "{ y }", ""), "nests deeper than 200"},
		"repeats":  {head + "model m @arch(\"m\") { forward() -> y: f32 {" + strings.Repeat("repeat i in 0 .. 1 {", 300), "brackets nest deeper than 200"},
	} {
		_, err := Parse("t", []byte(c.src))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %.200v", name, err)
		}
	}
	for _, piece := range []string{
		"(", ")", "{", "}", "-", "a", "a ", "a.", "1", "1 ", "\"", "\"\\", "\\\"", "/", "// x\n", "/// x\n", "\n", "vibee 1\n", "op ", "op f(\n",
		"op f() {", "op f() {}\n", "op f() {\n", "op f() { x }\n", "x = a +\nop xor b\n", "\nformat a xor b", "x = 1 ", "x: f32, ", "if a { ", "é", "#",
	} {
		for _, before := range []string{"", head, head + "op f() {\n", head + "op f(", head + "op f() { x = "} {
			_, err := Parse("t", []byte(before+strings.Repeat(piece, 1<<15/len(piece))))
			if err != nil && len(err.Error()) > 1<<13 {
				t.Errorf("%q: a message of %d bytes", piece, len(err.Error()))
			}
		}
	}
}

func TestNearest(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"wieght", "weight"}, {"lett", "let"}, {"stat", "state"}, {"weight", ""}, {"zzz", ""}, {"", ""}, {strings.Repeat("x", 1<<20), ""},
	} {
		if got := Nearest(c.name, []string{"weight", "state", "let", strings.Repeat("y", 1<<20)}); got != c.want {
			t.Errorf("Nearest(%.20q) = %q, want %q", c.name, got, c.want)
		}
	}
}

func TestErrorsPrintsTen(t *testing.T) {
	_, err := Parse("t", []byte(head+strings.Repeat("op f x\n", 13)))
	lines := strings.Split(err.Error(), "\n")
	if len(err.(Errors)) != 13 || len(lines) != 31 || lines[30] != "… and 3 more errors" {
		t.Errorf("%d errors in %d lines, the last %q", len(err.(Errors)), len(lines), lines[len(lines)-1])
	}
}

func BenchmarkParse(b *testing.B) {
	var all []byte
	for _, s := range corpus(b) {
		all = append(all, s[strings.Index(s, "\n\n")+1:]...)
	}
	src := []byte(head + string(all))
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		if _, err := Parse("t", src); err != nil {
			b.Fatal(err)
		}
	}
}
