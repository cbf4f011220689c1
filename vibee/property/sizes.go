package property

import (
	"fmt"
	"iter"
	"slices"

	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// largest is how many elements an input may have.
const largest = 1 << 14

// sizes draws the dims: half of them small, half at the edges of lanes, blocks and pages. Sizes that break
// a fact, make a tensor too large or leave a domain without values are drawn again.
func (r *run) sizes() error {
	const tries = 20000
	edges := r.edges()
	for range tries {
		r.dims = map[string]int{}
		for _, d := range r.Property.Dims {
			r.dims[d] = r.size(edges)
		}
		for _, in := range r.Property.Inputs {
			if in.Kind == spec.Dim || in.Kind == spec.Value && in.Elem.Type == spec.Int {
				r.dims[in.Name] = r.parameter(in, edges)
			}
		}
		facts := r.facts()
		for _, f := range facts {
			r.comply(f)
		}
		if r.admitted(facts) {
			return nil
		}
	}
	return fmt.Errorf("%s: %d sizes were drawn, and none complies with its facts and domains", r.Name(), tries)
}

func (r *run) size(edges []int) int {
	if r.random.IntN(2) == 0 {
		return r.random.IntN(9)
	}
	return edges[r.random.IntN(len(edges))]
}

// parameter draws an integer that is passed by value.
func (r *run) parameter(in *spec.Input, edges []int) int {
	switch d := in.Domain; {
	case d == nil && in.Kind == spec.Dim:
		return r.size(edges)
	case d == nil:
		return int(r.random.Int64())
	case d.Set != nil:
		return r.integer(d.Set[r.random.IntN(len(d.Set))])
	default:
		lo, hi := r.integer(d.Lo), r.integer(d.Hi)
		return lo + r.random.IntN(max(hi-lo, 1))
	}
}

// edges are 0, 1, and the numbers round the widths that the property's ops, formats and pages know.
func (r *run) edges() []int {
	const strip = 64 // of equations and exact programs
	widths := []int{strip}
	for _, s := range r.Property.Steps {
		call, ok := s.(*spec.Invoke)
		if !ok {
			continue
		}
		for _, sched := range call.Op.Schedules {
			widths = append(widths, sched.Grain)
			for _, n := range sched.Lanes {
				widths = append(widths, n)
			}
		}
		for _, p := range call.Op.Params {
			if p.Kind == spec.State {
				widths = append(widths, p.Format.Count)
			}
		}
	}
	for _, f := range r.weights() {
		widths = append(widths, f.Count)
	}
	out := []int{0, 1}
	for _, w := range widths {
		out = append(out, w-1, w, w+1)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// facts are the property's, and that rows of weights are whole blocks.
func (r *run) facts() []spec.Fact {
	out := slices.Clone(r.Property.Facts)
	for p, f := range r.weights() {
		out = append(out, spec.Fact{X: p.Shape[1], Y: &spec.IntLit{V: int64(f.Count)}})
	}
	return out
}

// weights gives the format of each weight.
func (r *run) weights() iter.Seq2[*spec.Param, *spec.Format] {
	return func(yield func(*spec.Param, *spec.Format) bool) {
		formats := r.Formats
		for _, in := range r.Property.Inputs {
			if in.Kind != spec.Weight {
				continue
			}
			f := in.Format
			if f == nil {
				f, formats = formats[0], formats[1:]
			}
			if !yield(in.Param, f) {
				return
			}
		}
	}
}

// comply rounds a dim that stands alone in a fact to a multiple.
func (r *run) comply(f spec.Fact) {
	x, ok := f.X.(*spec.DimRef)
	if !ok || f.AtMost {
		return
	}
	y := r.integer(f.Y)
	if y <= 0 || r.dims[x.Name]%y == 0 {
		return
	}
	r.dims[x.Name] = (r.dims[x.Name] + y/2) / y * y
	if r.dims[x.Name] == 0 && r.random.IntN(8) > 0 { // else wide blocks would nearly always be none
		r.dims[x.Name] = y
	}
}

func (r *run) admitted(facts []spec.Fact) bool {
	for _, f := range facts {
		x, y := r.integer(f.X), r.integer(f.Y)
		if f.AtMost && x > y || !f.AtMost && (y <= 0 || x%y != 0) {
			return false
		}
	}
	for _, in := range r.Property.Inputs {
		if in.Kind == spec.Dim && !r.within(in) {
			return false
		}
		n := r.count(in.Shape)
		if n > largest {
			return false
		}
		if n > 0 && r.empty(in) {
			return false
		}
	}
	return true
}

// empty reports whether no integer or position is in the domain, for these sizes.
func (r *run) empty(in *spec.Input) bool {
	d := in.Domain
	whole := in.Kind == spec.Place || in.Kind == spec.Tensor && in.Elem.Type == spec.Int
	return whole && d != nil && d.Set == nil && r.integer(d.Lo) >= r.integer(d.Hi)
}

// within reports whether a dim that a fact has rounded is still in its domain.
func (r *run) within(in *spec.Input) bool {
	d, n := in.Domain, r.dims[in.Name]
	switch {
	case d == nil:
		return n >= 0
	case d.Set != nil:
		return slices.ContainsFunc(d.Set, func(e spec.Expr) bool { return r.integer(e) == n })
	}
	return r.integer(d.Lo) <= n && n < r.integer(d.Hi)
}

func (r *run) count(shape []spec.Expr) int {
	n := 1
	for _, d := range shape {
		n *= r.integer(d)
	}
	return n
}

// integer evaluates an expression over dims.
func (r *run) integer(e spec.Expr) int {
	switch e := e.(type) {
	case *spec.IntLit:
		return int(e.V)
	case *spec.DimRef:
		return r.dims[e.Name]
	case *spec.Binary:
		a, b := r.integer(e.A), r.integer(e.B)
		switch e.Op {
		case "+":
			return a + b
		case "-":
			return a - b
		case "*":
			return a * b
		case "/", "%":
			if b <= 0 {
				return 0
			}
			if e.Op == "/" {
				return a / b
			}
			return a % b
		}
	}
	panic(fmt.Sprintf("property: %T is no integer over dims", e)) // the checker admits no other
}
