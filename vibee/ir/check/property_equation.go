package check

import (
	"strings"

	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// equation checks let s[t, d] = …, which becomes an op of the property's own.
func (p *claim) equation(a *grammar.Let) {
	index, in, ok := p.indices(a.Index, a.Value)
	if !ok || a.Type != nil {
		if a.Type != nil {
			p.errorf(a.Type.Pos, "an equation of a property has the type of its value: leave it out")
		}
		p.forget(a)
		return
	}
	value := in.typed(in.expr(a.Value), spec.F32, a.Pos)
	elem := map[spec.Type]string{spec.F32: "f32", spec.F64: "f64", spec.Int: "i64"}[value.Type()]
	if isBad(value) || elem == "" {
		if !isBad(value) {
			p.errorf(a.Pos, "a condition is no number: write if c { 1 } else { 0 }")
		}
		p.forget(a)
		return
	}
	if out := p.own(a.Pos, a.Names[0].Text, spec.Elems[elem], index, a.Value, value); out != nil {
		p.add(a.Names[0], out)
	} else {
		p.forget(a)
	}
}

// own adds an op that computes out[index] = value.
func (p *claim) own(pos grammar.Pos, name string, elem *spec.Elem, index []*spec.Index, e grammar.Expr, value spec.Expr) *spec.Param {
	out := &spec.Param{Pos: pos, Name: name, Kind: spec.Tensor, Elem: elem}
	set := &spec.Set{Pos: pos, Out: out, Index: index, Value: value}
	for _, i := range index {
		if lo, ok := i.Lo.(*spec.IntLit); !ok || lo.V != 0 || !p.fixed(i.Hi, true) {
			p.errorf(pos, "index %s runs from 0 to a dim in a property", i.Name)
			return nil
		}
		out.Shape = append(out.Shape, i.Hi)
		set.At = append(set.At, &spec.IndexRef{Index: i})
	}
	op := &spec.Op{Pos: pos, Package: p.out.Package, Name: strings.ReplaceAll(p.out.Name, ".", "_") + "_" + name,
		Dims: p.out.Dims, Outs: []*spec.Param{out}, Body: &spec.Body{Sets: []*spec.Set{set}, Orders: map[string][]spec.Order{}}}
	call := &spec.Invoke{Pos: pos, Op: op, Own: true, Outs: op.Outs}
	for _, d := range p.out.Dims {
		call.Dims = append(call.Dims, &spec.DimRef{Name: d})
	}
	named := map[string]bool{}
	visit(e, func(e grammar.Expr) bool {
		if id, ok := e.(*grammar.Ident); ok {
			named[id.Text] = true
		}
		return true
	})
	for _, q := range p.values {
		if named[q.Name] || q.Kind == spec.Dim { // dims are in shapes too
			op.Params = append(op.Params, q)
			call.Args = append(call.Args, spec.Operand{Param: q})
		}
	}
	p.out.Steps = append(p.out.Steps, call)
	return out
}

// expect checks a claim: tensors of the same bits, or a condition on elements, for all indices.
func (p *claim) expect(a *grammar.Expect) {
	if b, ok := a.Value.(*grammar.Binary); ok && (p.isTensor(b.X) || p.isTensor(b.Y)) {
		p.same(a, b)
		return
	}
	if p.isTensor(a.Value) {
		p.errorf(a.Pos, "expect needs a claim: tensors a == b, or a condition on elements")
		return
	}
	index, in, ok := p.indices(p.free(a.Value), a.Value)
	if !ok {
		return
	}
	cond := in.typed(in.expr(a.Value), spec.F32, a.Pos)
	if isBad(cond) {
		return
	}
	if cond.Type() != spec.Bool {
		p.errorf(a.Pos, "expect needs a condition, this is %s", cond.Type())
		return
	}
	holds := &spec.Cond{If: cond, Then: &spec.IntLit{V: 1}, Else: &spec.IntLit{V: 0}}
	if out := p.own(a.Pos, "holds", spec.Elems["u8"], index, a.Value, holds); out != nil {
		p.out.Steps = append(p.out.Steps, &spec.Expect{Pos: a.Pos, A: out})
	}
}

// same checks a claim that two tensors hold the same bits.
func (p *claim) same(a *grammar.Expect, e *grammar.Binary) {
	if e.Op != "==" {
		p.errorf(e.Pos, "whole tensors are compared by == alone; write %s between elements: x[i] %s y[i]", e.Op, e.Op)
		return
	}
	x, y := p.tensor(e.X), p.tensor(e.Y)
	switch {
	case x == nil || y == nil:
	case x.Kind != spec.Tensor || y.Kind != spec.Tensor || x.Elem != y.Elem:
		p.errorf(e.Pos, "%s and %s can't be the same", kindOf(x), kindOf(y))
	case len(x.Shape) != len(y.Shape):
		p.errorf(e.Pos, "a tensor of %d dims and one of %d can't be the same", len(x.Shape), len(y.Shape))
	default:
		for k := range x.Shape {
			if !p.sameDim(e.Pos, "expect", x.Shape[k], y.Shape[k]) {
				return
			}
		}
		p.out.Steps = append(p.out.Steps, &spec.Expect{Pos: a.Pos, A: x, B: y})
	}
}

// free lists the index variables of a claim: unknown names that stand alone as an index and belong to no
// reduction.
func (p *claim) free(e grammar.Expr) []*grammar.Index {
	var out []*grammar.Index
	seen := map[string]bool{}
	var look func(grammar.Expr) bool
	look = func(x grammar.Expr) bool {
		switch x := x.(type) {
		case *grammar.Reduce:
			bound := map[string]bool{}
			for _, i := range x.Index {
				bound[i.Name.Text] = !seen[i.Name.Text]
				seen[i.Name.Text] = true
				if i.Lo != nil {
					visit(i.Lo, look)
					visit(i.Hi, look)
				}
			}
			visit(x.Body, look)
			for name, own := range bound {
				seen[name] = !own
			}
			return false
		case *grammar.Call:
			for _, a := range x.Args {
				visit(a.Value, look)
			}
			return false
		case *grammar.Ident:
			if seen[x.Text] || p.find(x.Text) != nil {
				break
			}
			if _, hi := p.extent(x.Text, []grammar.Expr{e}); hi != nil {
				seen[x.Text] = true
				out = append(out, &grammar.Index{Pos: x.Pos, Name: &grammar.Name{Pos: x.Pos, Text: x.Text}})
			}
		}
		return true
	}
	visit(e, look)
	return out
}
