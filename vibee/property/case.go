package property

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"strings"

	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/ir/lower"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// Engine computes an op. Formats are those of its weights of any format, in order.
type Engine interface {
	Run(op *spec.Op, formats []*spec.Format, c *plan.Call) error
}

// Case is a property with formats for its weights of any format, in order, and the seed of its inputs.
type Case struct {
	Property *spec.Property
	Formats  []*spec.Format
	Seed     uint64
}

// Cases lists a property's cases: each choice of formats with seeds 0 to n-1, or, for a property of many
// choices, with as many seeds as make no more than 4n cases, at least 2.
func Cases(p *spec.Property, formats []*spec.Format, n int) (out []Case) {
	choices := lower.FormatChoices(&spec.Op{Params: params(p)}, formats)
	for _, choice := range choices {
		for seed := range max(min(n, 4*n/len(choices)), 2) {
			out = append(out, Case{p, choice, uint64(seed)})
		}
	}
	return out
}

func params(p *spec.Property) (out []*spec.Param) {
	for _, in := range p.Inputs {
		out = append(out, in.Param)
	}
	return out
}

// Name is the property's with its formats: linear.matmul.scale_q4_1.
func (c Case) Name() string {
	parts := []string{c.Property.FullName()}
	for _, f := range c.Formats {
		parts = append(parts, f.Name)
	}
	return strings.Join(parts, "_")
}

// Runner runs cases on an engine. A property's own equations are always computed exactly.
type Runner struct {
	engine, equations Engine
}

// On makes a runner whose ops are computed by e.
func On(e Engine) *Runner { return &Runner{e, NewVM(lower.Exact)} }

// Run draws a case's inputs and does the property's steps. It gives the number of elements that were
// compared. The error names the claim that does not hold, or the step that can't be done.
func (runner *Runner) Run(c Case) (compared int, err error) {
	name := fnv.New64a()
	name.Write([]byte(c.Name()))
	r := &run{Runner: runner, Case: c, random: rand.New(rand.NewPCG(c.Seed, name.Sum64())), values: map[*spec.Param]*value{}}
	if err := r.sizes(); err != nil {
		return 0, err
	}
	r.draw()
	for _, s := range c.Property.Steps {
		switch s := s.(type) {
		case *spec.Invoke:
			err = r.invoke(s)
		case *spec.View:
			r.values[s.As] = r.values[s.Of]
		case *spec.Expect:
			var n int
			n, err = r.expect(s)
			compared += n
		}
		if err != nil {
			return compared, fmt.Errorf("%s (seed %d, %s): %w", c.Name(), c.Seed, r.inputs(), err)
		}
	}
	return compared, nil
}

// run is a case that is being run.
type run struct {
	*Runner
	Case
	random    *rand.Rand
	dims      map[string]int
	sequences int
	positions int // that a sequence may have
	values    map[*spec.Param]*value
}

// value is what a parameter or result is: memory, or a number.
type value struct {
	bufs   [][]byte
	float  float32
	format *spec.Format // of a weight
	pages  int          // a sequence, of a state
}

// inputs says what sizes and single values were drawn.
func (r *run) inputs() string {
	var parts []string
	for _, d := range r.Property.Dims {
		parts = append(parts, fmt.Sprintf("%s = %d", d, r.dims[d]))
	}
	for _, in := range r.Property.Inputs {
		switch {
		case in.Kind == spec.Dim, in.Kind == spec.Value && in.Elem.Type == spec.Int:
			parts = append(parts, fmt.Sprintf("%s = %d", in.Name, r.dims[in.Name]))
		case in.Kind == spec.Value:
			parts = append(parts, fmt.Sprintf("%s = %v", in.Name, r.values[in.Param].float))
		}
	}
	return strings.Join(parts, ", ")
}

// invoke calls an op, whose results it makes.
func (r *run) invoke(s *spec.Invoke) error {
	c := &plan.Call{}
	var formats []*spec.Format
	var last []int // the op's dim parameters
	for _, d := range s.Dims {
		c.Dim = append(c.Dim, r.integer(d))
	}
	for i, a := range s.Args {
		p := s.Op.Params[i]
		switch {
		case p.Kind == spec.Dim, p.Kind == spec.Value && p.Elem.Type == spec.Int:
			last = append(last, r.whole(a))
			continue
		case p.Kind == spec.Value:
			c.F = append(c.F, r.single(a))
			continue
		}
		v := r.values[a.Param]
		for _, b := range v.bufs {
			c.Buf = append(c.Buf, plan.Of(b))
		}
		switch {
		case p.Kind == spec.State:
			c.Dim = append(c.Dim, v.pages)
		case p.Kind == spec.Weight && p.Format == nil:
			formats = append(formats, v.format)
		}
	}
	c.Dim = append(c.Dim, last...)
	for _, p := range s.Outs {
		v := &value{bufs: [][]byte{memory(r.count(p.Shape) * p.Elem.Bytes)}}
		for i := range v.bufs[0] {
			v.bufs[0][i] = 0xa5 // what no kernel has written
		}
		r.values[p] = v
		c.Buf = append(c.Buf, plan.Of(v.bufs[0]))
	}
	engine := r.engine
	if s.Own {
		engine = r.equations
	}
	if err := engine.Run(s.Op, formats, c); err != nil {
		return fmt.Errorf("%s:%d: %w", s.Pos.File, s.Pos.Line, err)
	}
	return nil
}

func (r *run) single(a spec.Operand) float32 {
	if a.Param != nil {
		return r.values[a.Param].float
	}
	return float32(a.Value.(*spec.FloatLit).V)
}

func (r *run) whole(a spec.Operand) int {
	if a.Param != nil {
		return r.dims[a.Param.Name]
	}
	return r.integer(a.Value)
}

// memory is n bytes, aligned as tensors are.
func memory(n int) []byte {
	words := make([]uint64, n/8+1)
	return plan.View[byte](plan.Of(words))[:n:n]
}
