package spec

import (
	"fmt"
	"strconv"
	"strings"
)

// PrintOp gives an op as text: every index with its range, every constant and conversion with its type.
func PrintOp(o *Op) string {
	p := &printer{}
	p.line("op %s(%s)%s", o.FullName(), params(o.Params), arrow(o.Outs))
	for _, f := range o.Facts {
		p.line("  where %s", f)
	}
	p.body("  ", o.Body)
	if o.Eval32 {
		p.line("  relax eval(f32)")
	}
	for _, w := range o.Factor {
		p.line("  relax factor(%s)", w.Name)
	}
	if o.Pairs {
		p.line("  relax pairs(bf16)")
	}
	for _, e := range sortedApprox(o.Approx) {
		p.line("  relax approx(%s, %s)", e[0], e[1])
	}
	for _, t := range o.Tolerances {
		p.line("  tolerate %s[%s] : %s", t.Out.Name, indices(t.Index), Text(t.Value))
	}
	for _, k := range o.Kernels {
		p.line("kernel %s%s", k.Name, forTargets(k.For))
		p.body("  ", k.Body)
	}
	for _, s := range o.Schedules {
		p.line("schedule%s%s", forTargets(s.For), when(s))
		p.list("  loop", s.Loop)
		if len(s.Parallel) > 0 {
			p.line("  parallel %s by %d", strings.Join(s.Parallel, ", "), s.Grain)
		}
		p.numbers("  lanes", s.Lanes)
		p.numbers("  unroll", s.Unroll)
		p.numbers("  tile", s.Tile)
		for _, f := range s.Prefetch {
			p.line("  prefetch %s along %s", f.Param.Name, f.Along)
		}
	}
	return p.String()
}

// PrintFormat gives a format as text, with the places of its fields.
func PrintFormat(f *Format) string {
	p := &printer{}
	if f.Page {
		p.line("format %s.%s(%s) : page[%d]", f.Package, f.Name, strings.Join(f.Params, ", "), f.Count)
		for _, x := range f.Fields {
			p.line("  field %s : %s%s, slot is dim %d", x.Name, x.Elem.Name, shape(x.Dims), x.Slot)
		}
		return p.String()
	}
	size := fmt.Sprint(f.Count)
	if f.Rows > 1 {
		size = fmt.Sprintf("%d, %d", f.Rows, f.Count)
	}
	p.line("format %s.%s : block[%s], %d bytes", f.Package, f.Name, size, f.Bytes)
	if f.GGUF >= 0 {
		p.line("  gguf %d", f.GGUF)
	}
	p.fields("  field", f.Fields)
	if f.TailBytes > 0 {
		p.line("  tail of %d bytes", f.TailBytes)
		p.fields("    field", f.Tail)
	}
	p.lets("  ", f.Lets)
	at := []*Index{f.Index}
	if f.Row != nil {
		at = []*Index{f.Row, f.Index}
	}
	p.line("  decode[%s] = %s", indices(at), Text(f.Decode))
	for _, s := range f.Sums {
		p.line("  sums %s by %d times %d", s.Field.Name, s.By, s.Times)
	}
	if f.Encode != nil {
		p.line("  encode(%s)", params([]*Param{f.Encode.X}))
		p.lets("    ", f.Encode.Lets)
		p.sets(f.Encode.Sets)
	}
	if f.Pack != nil {
		p.line("  pack %s.%s", f.Packs.Package, f.Packs.Name)
		p.lets("    ", f.Pack.Lets)
		p.sets(f.Pack.Sets)
		for _, o := range f.Pack.Once {
			p.line("    %s = %s of all", o.Tail.Name, o.Of.Name)
		}
	}
	return p.String()
}

func (p *printer) sets(list []*FieldSet) {
	for _, s := range list {
		at := ""
		if len(s.Index) > 0 {
			at = "[" + indices(s.Index) + "]"
		}
		p.line("    %s%s = %s", s.Field.Name, at, Text(s.Value))
	}
}

type printer struct{ strings.Builder }

func (p *printer) line(format string, args ...any) { fmt.Fprintf(p, format+"\n", args...) }

func (p *printer) list(what string, names []string) {
	if len(names) > 0 {
		p.line("%s %s", what, strings.Join(names, ", "))
	}
}

func (p *printer) numbers(what string, m map[string]int) {
	for _, name := range sorted(m) {
		p.line("%s %s by %d", what, name, m[name])
	}
}

func (p *printer) fields(what string, list []*Field) {
	for _, f := range list {
		n := ""
		if !f.Scalar {
			n = fmt.Sprintf("[%d]", f.Len)
		}
		p.line("%s %s : %s%s at byte %d", what, f.Name, f.Elem.Name, n, f.Offset)
	}
}

func (p *printer) lets(in string, list []*Let) {
	for _, l := range list {
		index := ""
		if len(l.Index) > 0 {
			index = "[" + indices(l.Index) + "]"
		}
		what := "let"
		if l.Code {
			what = "code"
		}
		p.line("%s%s %s%s : %s = %s", in, what, l.Name, index, l.Value.Type(), Text(l.Value))
	}
}

func (p *printer) body(in string, b *Body) {
	for _, t := range b.Tables {
		p.line("%stable %s : %s[%d]", in, t.Name, t.Elem.Name, max(len(t.Ints), len(t.Floats)))
	}
	p.lets(in, b.Lets)
	for _, s := range b.Sets {
		name := s.Out.Name
		if s.Field != nil {
			name += "." + s.Field.Name
		}
		over := ""
		if len(s.Index) > 0 {
			over = " for " + indices(s.Index)
		}
		p.line("%s%s%s = %s%s", in, name, at(s.At), Text(s.Value), over)
	}
	for _, name := range sorted(b.Orders) {
		var kinds []string
		for _, o := range b.Orders[name] {
			switch o.Kind {
			case "lanes":
				kinds = append(kinds, fmt.Sprintf("lanes(%s, %d)", name, o.N))
			case "blocks":
				kinds = append(kinds, fmt.Sprintf("blocks(%s, %s)", name, o.Weight.Name))
			case "pairs":
				kinds = append(kinds, fmt.Sprintf("pairs(%s, %s, %s)", name, o.Weight.Name, o.With.Name))
			default:
				kinds = append(kinds, fmt.Sprintf("%s(%s)", o.Kind, name))
			}
		}
		p.line("%sorder %s", in, strings.Join(kinds, " else "))
	}
}

func params(of []*Param) string {
	var out []string
	for _, q := range of {
		s := q.Name + ": "
		if q.InOut {
			s = "inout " + s
		}
		switch q.Kind {
		case Dim:
			s += "dim"
		case Place:
			s += "place" + shape(q.Shape)
		case State:
			s += q.Format.Name + "(" + list(q.Shape) + ")"
		case Weight:
			name := "any"
			if q.Format != nil {
				name = q.Format.Name
			}
			s += name + shape(q.Shape)
		default:
			s += q.Elem.Name + shape(q.Shape)
		}
		out = append(out, s)
	}
	return strings.Join(out, ", ")
}

func arrow(outs []*Param) string {
	if len(outs) == 0 {
		return ""
	}
	return " -> " + params(outs)
}

func shape(dims []Expr) string {
	if len(dims) == 0 {
		return ""
	}
	return at(dims)
}

func forTargets(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return " for " + strings.Join(list, ", ")
}

func when(s *Schedule) string {
	var tests []string
	for _, t := range s.When {
		x := s.Dim
		if t.Mod != 0 {
			x += " % " + strconv.FormatInt(t.Mod, 10)
		}
		tests = append(tests, fmt.Sprintf("%s %s %d", x, t.Op, t.Than))
	}
	if len(tests) == 0 {
		return ""
	}
	return " when " + strings.Join(tests, " && ")
}
