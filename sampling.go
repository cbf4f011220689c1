package trinity

import (
	"fmt"

	"github.com/trinity-engine/trinity/gen"
	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/runtime/sample"
)

// Sampling says how tokens are chosen. Begin with a model's Sampling, or with GreedySampling: the zero value
// is refused, for a repeat penalty of 0 has no meaning.
type Sampling = sample.Params

// recommended is what a file says of sampling, or what is wrong with it.
type recommended struct {
	Sampling
	err error
}

func readSampling(keys metadata) (r recommended) {
	var wrong error
	r.Sampling, r.err = sample.Default().Overlay(func(key string) (float64, bool) {
		v, ok := keys.Number(key)
		if !ok && keys.Has(key) {
			wrong = fmt.Errorf("the file's %s is no number", key)
		}
		return v, ok
	})
	if wrong != nil {
		r.err = wrong
	}
	return r
}

// Sampling gives the parameters that the file recommends (general.sampling.*), over these defaults:
// temperature 0.8, top-k 40, top-p 0.95, min-p 0.05, no penalties, seed 0.
func (m *Model) Sampling() (Sampling, error) { return m.sampling.Sampling, m.sampling.err }

// GreedySampling always takes the most probable token.
func GreedySampling() Sampling { return sample.Greedy() }

// function calls a generated kernel on one value.
func function(op *plan.Op) func(float32) float32 {
	in, out := make([]float32, 1), make([]float32, 1)
	call := &plan.Call{Buf: []plan.Buf{plan.Of(in), plan.Of(out)}, Dim: []int{1}}
	scratch := make([]byte, op.Kernels[0].Scratch(call))
	return func(x float32) float32 {
		in[0] = x
		op.Kernels[0].Run(call, 0, 1, scratch)
		return out[0]
	}
}

// specMath gives the sampler the specs' functions.
func specMath() (sample.Math, error) {
	exp, log := gen.Host["exp"], gen.Host["log"]
	if exp == nil || log == nil {
		return sample.Math{}, fmt.Errorf(`the specs lack an op that is @host("exp"), or one that is @host("log")`)
	}
	return sample.Math{Exp: function(exp), Log: function(log)}, nil
}
