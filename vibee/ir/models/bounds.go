package models

import (
	"fmt"

	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// reach is the last place that an op reads of a dim.
type reach struct {
	param *spec.Param
	dim   int
	last  plan.Expr
}

// bounds guards what an op reads at indices made of loops' variables and dims, where the last can't be proved
// to lie within the tensor: a rotation of 2P values of a head of A needs 2P <= A. What a condition
// chooses is left out, for it may be the condition that keeps the index within.
func (b *builder) bounds(pos grammar.Pos, o *spec.Op, dims map[string]plan.Expr) {
	for _, r := range reaches(o, dims) {
		size := put(r.param.Shape[r.dim], dims)
		text := fmt.Sprintf("%s: dim %d of %s has %v places, place %v is read", o.FullName(), r.dim+1, r.param.Name, poly(size), poly(r.last))
		switch left, constant := poly(size).Sub(poly(r.last)).Constant(); {
		case !constant:
			b.add(&plan.Guard{Cond: plan.Binary{Op: "<", A: r.last, B: size}, Message: text})
		case left <= 0:
			b.failf(pos, "%s", text)
		}
	}
}

// reaches gives, of each dim that an op reads, the last places that no other is known to lie beyond.
func reaches(o *spec.Op, dims map[string]plan.Expr) (all []reach) {
	note := func(p *spec.Param, at []spec.Expr) {
	next:
		for k := range at {
			last, ok := largest(at[k], dims)
			if !ok {
				continue
			}
			for i, r := range all {
				if further, constant := poly(last).Sub(poly(r.last)).Constant(); constant && r.param == p && r.dim == k {
					if further > 0 {
						all[i].last = last
					}
					continue next
				}
			}
			all = append(all, reach{p, k, last})
		}
	}
	look := func(e spec.Expr) bool {
		switch e := e.(type) {
		case *spec.TensorRef:
			note(e.Param, e.At)
		case *spec.WeightRef:
			note(e.Param, e.At)
		case *spec.Cond:
			return false
		}
		return true
	}
	for _, l := range o.Body.Lets {
		spec.Walk(l.Value, look)
	}
	for _, s := range o.Body.Sets {
		spec.Walk(s.Value, look)
	}
	return all
}

// largest is the largest value of an index that nothing but loops' variables and dims make up.
func largest(e spec.Expr, dims map[string]plan.Expr) (plan.Expr, bool) {
	switch e := e.(type) {
	case *spec.IntLit:
		return plan.Int(e.V), e.V >= 0
	case *spec.DimRef:
		return put(e, dims), true
	case *spec.IndexRef:
		end, ok := largest(e.Index.Hi, dims)
		return plan.Binary{Op: "-", A: end, B: plan.Int(1)}, ok
	case *spec.Binary:
		x, ok := largest(e.A, dims)
		if !ok {
			return nil, false
		}
		switch e.Op {
		case "-", "/", "%": // largest where the right side is smallest
			if !ofDims(e.B) {
				return nil, false
			}
			y := put(e.B, dims)
			if e.Op == "%" {
				return plan.Binary{Op: "-", A: y, B: plan.Int(1)}, true
			}
			return plan.Binary{Op: map[string]string{"-": "-", "/": "div"}[e.Op], A: x, B: y}, true
		case "+", "*", "min", "max":
			y, ok := largest(e.B, dims)
			return plan.Binary{Op: e.Op, A: x, B: y}, ok
		}
	}
	return nil, false
}
