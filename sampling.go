package trinity

import (
	"github.com/trinity-engine/trinity/gen/sampling"
	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/runtime/sample"
)

// Sampling says how tokens are chosen; see the package sample for each parameter.
type Sampling = sample.Params

// Sampling gives the parameters that the file recommends, over the defaults.
func (m *Model) Sampling() (Sampling, error) {
	return sample.Default().Overlay(func(key string) (float64, bool) {
		v, ok := m.file.Value(key)
		if !ok {
			return 0, false
		}
		return v.Float()
	})
}

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
func specMath() sample.Math {
	return sample.Math{Exp: function(&sampling.Exp), Log: function(&sampling.Log)}
}
