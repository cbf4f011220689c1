package models

import (
	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// limit bounds the values of an input that an op uses as row numbers of a weight: tokens, and positions.
func (b *builder) limit(o *spec.Op, p *spec.Param, v *value, dims map[string]plan.Expr, later *[]func()) {
	in := b.inputs[v.name]
	if in == nil || in.Rows != "T" {
		return
	}
	look := func(e spec.Expr) bool {
		w, ok := e.(*spec.WeightRef)
		if !ok {
			return true
		}
		for k, at := range w.At {
			if skip, ok := offset(at, p); ok {
				size := w.Param.Shape[k]
				*later = append(*later, func() {
					rows := put(size, dims)
					if skip != nil {
						rows = plan.Binary{Op: "-", A: rows, B: put(skip, dims)}
					}
					if in.Limit != nil && !poly(in.Limit).Equal(poly(rows)) {
						rows = plan.Binary{Op: "min", A: in.Limit, B: rows}
					}
					in.Limit = rows
				})
			}
		}
		return true
	}
	for _, l := range o.Body.Lets {
		spec.Walk(l.Value, look)
	}
	for _, s := range o.Body.Sets {
		spec.Walk(s.Value, look)
	}
}

// offset reports whether an index is a value of the input p, and what is added to it (nil: nothing).
func offset(at spec.Expr, p *spec.Param) (skip spec.Expr, ok bool) {
	switch at := at.(type) {
	case *spec.TensorRef:
		return nil, at.Param == p
	case *spec.PlaceRef:
		return nil, at.Param == p && at.Part == "pos"
	case *spec.Binary:
		if at.Op != "+" {
			break
		}
		for _, s := range [][2]spec.Expr{{at.A, at.B}, {at.B, at.A}} {
			if skip, ok := offset(s[0], p); ok && skip == nil && ofDims(s[1]) {
				return s[1], true
			}
		}
	}
	return nil, false
}

// ofDims reports whether e is made of dims and integers alone.
func ofDims(e spec.Expr) bool {
	ok := true
	spec.Walk(e, func(e spec.Expr) bool {
		switch e.(type) {
		case *spec.IntLit, *spec.DimRef, *spec.Binary:
		default:
			ok = false
		}
		return ok
	})
	return ok
}
