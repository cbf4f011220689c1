package models

import (
	"slices"

	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// split says by which indices the work of o is shared out, and of which tensors a work item reads or writes its own
// part alone: those that all equations read at these indices.
func split(o *spec.Op, out *plan.Op, dims map[string]plan.Expr) {
	s := &sharing{tensors: map[*spec.Param]int{}, lets: map[*spec.Let]bool{}}
	for _, schedule := range o.Schedules {
		if len(schedule.Parallel) > 0 {
			s.names = schedule.Parallel // of all the same
		}
	}
	bodies := []*spec.Body{o.Body}
	for _, k := range o.Kernels {
		bodies = append(bodies, k.Body)
	}
	for _, body := range bodies {
		if len(body.Sets) == 0 {
			return
		}
		first := body.Sets[0].Index
		if len(s.names) == 0 && len(first) > 0 {
			s.names = []string{first[0].Name}
		}
		if !s.begin(first) {
			return
		}
		for _, set := range body.Sets {
			s.equation(set.Index, set.Value)
			if set.Field == nil {
				s.access(set.Index, set.Out, set.At)
			}
		}
	}
	out.Split = product(s.extent, dims)
	for i, p := range slices.Concat(o.Params, o.Outs) {
		if k, ok := s.tensors[p]; ok && k != elsewhere {
			out.Params[i].Runs = product(p.Shape[:k], dims)
		}
	}
}

// sharing follows how equations read tensors.
type sharing struct {
	names   []string            // of the indices
	extent  []spec.Expr         // of each
	tensors map[*spec.Param]int // which of its dims they run over; or elsewhere
	lets    map[*spec.Let]bool  // that were followed; true: computed for other indices, too
}

const elsewhere = -1

// begin finds the extents of the indices, which all bodies have in common.
func (s *sharing) begin(index []*spec.Index) bool {
	var extent []spec.Expr
	for _, name := range s.names {
		k := slices.IndexFunc(index, func(i *spec.Index) bool { return i.Name == name })
		if k < 0 || !zero(index[k].Lo) || !ofDims(index[k].Hi) {
			return false
		}
		extent = append(extent, index[k].Hi)
	}
	same := s.extent == nil || slices.EqualFunc(s.extent, extent, func(a, b spec.Expr) bool { return spec.Text(a) == spec.Text(b) })
	s.extent = extent
	return same && len(extent) > 0
}

// equation notes what the value of an equation over index reads.
func (s *sharing) equation(index []*spec.Index, value spec.Expr) {
	for _, i := range index {
		s.expr(index, i.Lo)
		s.expr(index, i.Hi)
	}
	s.expr(index, value)
}

func (s *sharing) expr(index []*spec.Index, e spec.Expr) {
	spec.Walk(e, func(e spec.Expr) bool {
		switch e := e.(type) {
		case *spec.TensorRef:
			s.access(index, e.Param, e.At)
		case *spec.WeightRef:
			s.access(index, e.Param, e.At)
		case *spec.Reduce:
			for _, i := range e.Index {
				s.expr(index, i.Lo)
				s.expr(index, i.Hi)
			}
		case *spec.LetRef:
			other := !s.let(index, e)
			if before, ok := s.lets[e.Let]; ok && (before || !other) {
				break
			}
			s.lets[e.Let] = other
			if other {
				s.equation(nil, e.Let.Value)
			} else {
				s.equation(e.Let.Index, e.Let.Value)
			}
		}
		return true
	})
}

// let reports whether a let is read at the indices at which it is computed, as far as it has them.
func (s *sharing) let(index []*spec.Index, r *spec.LetRef) bool {
	for k, i := range r.Let.Index {
		if slices.Contains(s.names, i.Name) && !own(index, r.At[k], i.Name) {
			return false
		}
	}
	return true
}

// own reports whether e is the index of an equation with a name.
func own(index []*spec.Index, e spec.Expr, name string) bool {
	r, ok := e.(*spec.IndexRef)
	return ok && r.Index.Name == name && slices.Contains(index, r.Index)
}

// access notes that an equation over index reads or writes a tensor.
func (s *sharing) access(index []*spec.Index, p *spec.Param, at []spec.Expr) {
	k := s.place(index, p, at)
	if before, ok := s.tensors[p]; ok && before != k {
		k = elsewhere
	}
	s.tensors[p] = k
}

// place finds the dims of a tensor that the indices run over, all of each.
func (s *sharing) place(index []*spec.Index, p *spec.Param, at []spec.Expr) int {
	n := len(s.names)
	for k := 0; k+n <= len(at); k++ {
		here := true
		for j, name := range s.names {
			here = here && own(index, at[k+j], name) && spec.Text(p.Shape[k+j]) == spec.Text(s.extent[j])
		}
		if here {
			return k
		}
	}
	return elsewhere
}

func zero(e spec.Expr) bool {
	n, ok := e.(*spec.IntLit)
	return ok && n.V == 0
}

// product multiplies dims.
func product(list []spec.Expr, dims map[string]plan.Expr) plan.Expr {
	var out plan.Expr = plan.Int(1)
	for i, e := range list {
		if d := put(e, dims); i == 0 {
			out = d
		} else {
			out = plan.Binary{Op: "*", A: out, B: d}
		}
	}
	return out
}
