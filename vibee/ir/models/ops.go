package models

import (
	"math"
	"slices"

	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// Op describes an op to the runtime; its kernels are added by whoever compiles them.
func Op(o *spec.Op) *plan.Op {
	out := &plan.Op{Name: o.FullName(), Dims: o.Dims, Exact: exact(o)}
	names := map[string]plan.Expr{}
	for _, d := range o.Dims {
		names[d] = plan.Name(d)
	}
	for _, p := range o.Params {
		if p.Kind == spec.Dim {
			names[p.Name] = plan.Name(p.Name)
		}
	}
	for _, f := range o.Facts {
		out.Facts = append(out.Facts, holds(put(f.X, names), put(f.Y, names), f.AtMost))
	}
	for _, p := range append(append([]*spec.Param{}, o.Params...), o.Outs...) {
		q := plan.Param{Name: p.Name, Write: p.Out || p.InOut}
		for _, d := range p.Shape {
			q.Shape = append(q.Shape, put(d, names))
		}
		if d := rowsOf(o, p); d != nil {
			q.Limit = put(d, names)
		}
		switch p.Kind {
		case spec.Tensor:
			q.Kind, q.Elem = plan.ParamTensor, p.Elem.Name
		case spec.Weight:
			q.Kind, q.Packs, q.Uniform, q.Paired, q.Stored = plan.ParamWeight, p.Packed, p.Uniform, p.Paired, p.Stored
			if p.Format != nil {
				q.Elem = p.Format.Name
			}
		case spec.Place:
			q.Kind = plan.ParamPlace
		case spec.State:
			q.Kind, q.Page = plan.ParamState, p.Format.Count
			q.Shape = []plan.Expr{pageSize(p.Format, q.Shape)}
		case spec.Dim:
			q.Kind = plan.ParamDim
		case spec.Value:
			q.Kind = plan.ParamF32
			if p.Elem.Type == spec.Int {
				q.Kind = plan.ParamDim
			}
		}
		out.Params = append(out.Params, q)
	}
	split(o, out, names)
	return out
}

// pageSize is how many bytes a page of a state with these dims has.
func pageSize(f *spec.Format, shape []plan.Expr) (size plan.Expr) {
	dims := map[string]plan.Expr{}
	for i, p := range f.Params {
		dims[p] = shape[i]
	}
	for _, field := range f.Fields {
		n := plan.Expr(plan.Int(field.Elem.Bytes))
		for _, d := range field.Dims {
			n = plan.Binary{Op: "*", A: n, B: put(d, dims)}
		}
		if size == nil {
			size = n
		} else {
			size = plan.Binary{Op: "+", A: size, B: n}
		}
	}
	return size
}

// rowsOf is the dim that p's values (of a place: its positions) index on their own; nil where none is.
func rowsOf(o *spec.Op, p *spec.Param) (dim spec.Expr) {
	look := func(shape, at []spec.Expr) {
		for k, e := range at {
			t, ok := e.(*spec.TensorRef)
			row := ok && t.Param == p
			if place, ok := e.(*spec.PlaceRef); ok {
				row = place.Param == p && place.Part == "pos"
			}
			if row {
				dim = shape[k]
			}
		}
	}
	for _, s := range o.Body.Sets {
		spec.Walk(s.Value, func(e spec.Expr) bool {
			switch e := e.(type) {
			case *spec.WeightRef:
				look(e.Param.Shape, e.At)
			case *spec.TensorRef:
				look(e.Param.Shape, e.At)
			}
			return true
		})
	}
	return dim
}

// exact reports whether all that an op computes are sums, products and choices.
func exact(o *spec.Op) bool {
	for _, p := range slices.Concat(o.Params, o.Outs) {
		if p.Format != nil && p.Format.Sums != nil { // what is encoded has a scale that is no power of two
			return false
		}
	}
	ok := true
	seen := map[*spec.Let]bool{}
	var look func(spec.Expr) bool
	look = func(e spec.Expr) bool {
		switch e := e.(type) {
		case *spec.FloatLit:
			ok = ok && e.V == math.Trunc(e.V) && math.Abs(e.V) <= 2
		case *spec.Unary:
			ok = ok && e.Op != "sqrt"
		case *spec.Binary:
			ok = ok && (e.Op != "/" || e.Type() == spec.Int)
		case *spec.Apply, *spec.Bits:
			ok = false
		case *spec.Convert:
			ok = ok && (e.To != spec.Int || e.A.Type() == spec.Int)
		case *spec.LetRef:
			if !seen[e.Let] {
				seen[e.Let] = true
				spec.Walk(e.Let.Value, look)
			}
		}
		return ok
	}
	bodies := []*spec.Body{o.Body}
	for _, k := range o.Kernels {
		bodies = append(bodies, k.Body)
	}
	for _, b := range bodies {
		for _, s := range b.Sets {
			spec.Walk(s.Value, look)
		}
	}
	return ok
}

// Format describes a format to the runtime.
func Format(f *spec.Format) plan.Format {
	out := plan.Format{Name: f.Name, GGUF: f.GGUF, Rows: f.Rows, Block: f.Count, Bytes: f.Bytes, Tail: f.TailBytes, Digest: spec.Digest(f),
		Sums: f.Sums != nil, Fields: fields(f.Fields), TailFields: fields(f.Tail)}
	if f.Packs != nil {
		out.Packs, out.Uniform, out.Paired = f.Packs.Name, f.Uniform, f.Paired
		for _, o := range f.Pack.Once {
			out.Once = append(out.Once, plan.Once{To: o.Tail.Offset, From: o.Of.Offset, Bytes: o.Of.Len * o.Of.Elem.Bytes})
		}
	}
	if len(f.Fields) > 0 && plain(f, f.Fields[0].Elem) {
		out.Elem = f.Fields[0].Elem.Name
	}
	return out
}

func fields(list []*spec.Field) (out []plan.Field) {
	for _, f := range list {
		out = append(out, plan.Field{Name: f.Name, Elem: f.Elem.Name, Offset: f.Offset, Len: f.Len})
	}
	return out
}
