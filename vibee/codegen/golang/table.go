package golang

import (
	"fmt"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/loop/ranges"
)

// On amd64 a float is loaded faster than an integer is converted. So, inside loops, a
// conversion of a small integer becomes a lookup: in a table over the byte that it depends
// on, where that is all it depends on, else in a table of small integers.

// tableLookup emits float32(e) as a lookup where it can.
func (g *gen) tableLookup(e loop.Expr, l lane) (value, bool) {
	if leaf := g.byteLeaf(e); leaf != nil {
		name := g.pkg.byteTable(e, leaf)
		return primary(kF32, jen.Id(name).Index(g.byteOf(leaf, l).code)), true
	}
	if cheap(e) || g.depth == 0 {
		return value{}, false
	}
	b := &loop.Ref{Var: &loop.Var{Type: loop.Int, Lanes: 1}}
	if x, ok := e.(*loop.Binary); ok && (x.Op == loop.Add || x.Op == loop.Sub) { // a constant goes into the table
		if _, constant := constInt(x.B); constant && g.ranges.Int(x.A).Within(0, 255) {
			name := g.pkg.byteTable(&loop.Binary{Op: x.Op, A: b, B: scalar(x.B)}, b)
			return primary(kF32, jen.Id(name).Index(narrow(g.eval(x.A, l), kU8).code)), true
		}
	}
	s := g.ranges.Int(e)
	switch {
	case !s.Known():
		return value{}, false
	case s.Within(0, 255):
		return primary(kF32, jen.Id(g.pkg.byteTable(b, b)).Index(narrow(g.eval(e, l), kU8).code)), true
	case s.Within(-128, 127):
		signed := &loop.Wrap{Mem: loop.MemI8, A: b}
		return primary(kF32, jen.Id(g.pkg.byteTable(signed, b)).Index(narrow(g.eval(e, l), kU8).code)), true
	}
	return value{}, false
}

// byteOf reads a byte to index a table with.
func (g *gen) byteOf(leaf loop.Expr, l lane) value {
	if i := g.eval(leaf, l); i.kind != kI8 {
		return i
	}
	return g.rawByte(leaf, l)
}

// rawByte reads the byte of an i8 as it is.
func (g *gen) rawByte(leaf loop.Expr, l lane) value {
	switch e := leaf.(type) {
	case *loop.Peek:
		if e.View.Buf.Bytes {
			return g.eval(&loop.Peek{View: e.View, Mem: loop.MemU8, Index: e.Index}, l)
		}
	case *loop.Load:
		if e.Buf.Bytes {
			u := *e
			u.Mem = loop.MemU8
			if s, ok := g.findStrided(leaf); ok {
				s.load = &u
				g.strided = append(g.strided, s)
			}
			return g.eval(&u, l)
		}
	}
	return g.eval(leaf, l).to(kU8)
}

// byteLeaf finds the one byte in memory that e, an Int expression, is a function of.
func (g *gen) byteLeaf(e loop.Expr) loop.Expr {
	var leaf loop.Expr
	var visit func(loop.Expr) bool
	visit = func(e loop.Expr) bool {
		switch x := e.(type) {
		case *loop.ConstInt:
			return true
		case *loop.Splat:
			_, ok := x.A.(*loop.ConstInt)
			return ok
		case *loop.Load:
			if x.Buf.Role == loop.Table && x.Stride == nil { // a function of its index
				return !x.Buf.Bytes && g.ranges.Int(x.Index).Within(0, int64(len(x.Buf.Data))-1) && visit(x.Index)
			}
			return isByte(x.Mem) && same(&leaf, e)
		case *loop.Peek:
			return isByte(x.Mem) && same(&leaf, e)
		case *loop.Wrap:
			return visit(x.A)
		case *loop.Binary:
			if x.Op > loop.Shr || x.Op == loop.Div || x.Op == loop.Mod {
				return false
			}
			return visit(x.A) && visit(x.B)
		}
		return false
	}
	if !visit(e) {
		return nil
	}
	return leaf
}

func isByte(m loop.Mem) bool { return m == loop.MemU8 || m == loop.MemI8 }

func same(leaf *loop.Expr, e loop.Expr) bool {
	if *leaf == nil {
		*leaf = e
	}
	return equal(*leaf, e)
}

// byteTable names the table of float32(e) over all values of leaf, a byte.
func (p *Package) byteTable(e, leaf loop.Expr) string { return p.tableOver(e, leaf, kF32) }

// wordTable names the table of uint64(e) over all values of leaf, a byte.
func (p *Package) wordTable(e, leaf loop.Expr) string { return p.tableOver(e, leaf, kU64) }

func (p *Package) tableOver(e, leaf loop.Expr, to kind) string {
	byteVar := &loop.Var{Name: "b", Type: loop.Int, Lanes: 1}
	signed := false
	switch l := leaf.(type) {
	case *loop.Peek:
		signed = l.Mem == loop.MemI8
	case *loop.Load:
		signed = l.Mem == loop.MemI8
	}
	var over loop.Expr = &loop.Ref{Var: byteVar}
	if signed {
		over = &loop.Wrap{Mem: loop.MemI8, A: over}
	}
	var replace func(loop.Expr) loop.Expr
	replace = func(e loop.Expr) loop.Expr {
		if equal(e, leaf) {
			return over
		}
		if s, ok := e.(*loop.Splat); ok {
			return replace(s.A)
		}
		return loop.Rebuild(e, replace)
	}
	g := newGen(p)
	g.ranges.Set(byteVar, ranges.Int{Lo: 0, Hi: 255})
	g.vars[byteVar] = place{name: "b", kind: kU8}
	loop.Walk(e, func(e loop.Expr) {
		if l, ok := e.(*loop.Load); ok && l.Buf.Role == loop.Table {
			g.bufs[l.Buf] = p.constantTable(l.Buf)
		}
	})
	var body []jen.Code
	g.block = &body
	f := g.fold(replace(e))
	v := g.eval(f, lane{}).to(to)
	key := fmt.Sprintf("%#v", v.code)
	if name, ok := p.byteTables[key]; ok {
		return name
	}
	base := "words"
	if to == kF32 {
		base = tableName(f)
	}
	name := p.names.fresh(base)
	p.byteTables[key] = name
	p.tables = append(p.tables, jen.Var().Id(name).Op("=").Id("byteTable").Call(
		jen.Func().Params(jen.Id("b").Id("byte")).Id(kindNames[to]).Block(append(body, jen.Return(v.code))...)))
	return name
}

// tableName spells what a table holds: f32And15Sub8.
func tableName(e loop.Expr) string {
	var b strings.Builder
	var spell func(loop.Expr) bool
	spell = func(e loop.Expr) bool {
		switch x := e.(type) {
		case *loop.Ref:
			return true
		case *loop.Load:
			if !spell(x.Index) {
				return false
			}
			b.WriteString(strings.ToUpper(x.Buf.Name[:1]) + camel(x.Buf.Name)[1:])
			return true
		case *loop.Wrap:
			if !spell(x.A) {
				return false
			}
			b.WriteString(strings.ToUpper(x.Mem.String()))
			return true
		case *loop.Binary:
			c, ok := constInt(x.B)
			if !ok || c < 0 || !spell(x.A) {
				return false
			}
			fmt.Fprintf(&b, "%s%d", map[loop.Op]string{loop.Add: "Add", loop.Sub: "Sub", loop.Mul: "Mul", loop.And: "And", loop.Or: "Or",
				loop.Xor: "Xor", loop.Shl: "Shl", loop.Shr: "Shr", loop.Min: "Min", loop.Max: "Max"}[x.Op], c)
			return true
		}
		return false
	}
	switch {
	case !spell(e) || b.Len() > 24:
		return "f32Code"
	case b.Len() == 0:
		return "f32U8"
	}
	return "f32" + b.String()
}
