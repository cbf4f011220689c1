package bind

import (
	"fmt"
	"slices"
	"strings"
)

// MaxOutputs is how many outputs a model may have.
const MaxOutputs = 64

// Outputs is a set of a program's outputs, by index.
type Outputs uint64

// Has reports whether output i is in the set.
func (o Outputs) Has(i int) bool { return o>>i&1 != 0 }

// Want gives the set of the named outputs.
func (p *Program) Want(names ...string) (Outputs, error) {
	var set Outputs
	for _, name := range names {
		i := slices.IndexFunc(p.Outputs, func(o Output) bool { return o.Name == name })
		if i < 0 {
			var all []string
			for _, o := range p.Outputs {
				all = append(all, o.Name)
			}
			return 0, fmt.Errorf("model %s has no output %q, it has %s", p.Model.Name, name, strings.Join(all, ", "))
		}
		set |= 1 << i
	}
	return set, nil
}

// Slice gives the steps, in order, that the outputs of want depend on, and those that write
// states, with what they depend on.
func (p *Program) Slice(want Outputs) []int {
	needed := make([]bool, len(p.Buffers))
	for i, o := range p.Outputs {
		needed[o.Buffer] = needed[o.Buffer] || want.Has(i)
	}
	var steps []int
	for i := len(p.Steps) - 1; i >= 0; i-- {
		operands := p.Steps[i].Operands
		if !slices.ContainsFunc(operands, func(o Operand) bool {
			return o.Write && (o.Kind == Pool || o.Kind == InBuffer && needed[o.Index])
		}) {
			continue
		}
		for _, o := range operands {
			if o.Kind == InBuffer {
				needed[o.Index] = true
			}
		}
		steps = append(steps, i)
	}
	slices.Reverse(steps)
	return steps
}
