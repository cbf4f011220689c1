package models

import (
	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// Op describes an op to the runtime; its kernels are added by whoever compiles them.
func Op(o *spec.Op) *plan.Op {
	out := &plan.Op{Name: o.FullName()}
	for _, p := range append(append([]*spec.Param{}, o.Params...), o.Outs...) {
		q := plan.Param{Name: p.Name, Write: p.Out || p.InOut}
		switch p.Kind {
		case spec.Tensor:
			q.Kind, q.Elem = plan.ParamTensor, p.Elem.Name
		case spec.Weight:
			q.Kind = plan.ParamWeight
			if p.Format != nil {
				q.Elem = p.Format.Name
			}
		case spec.Place:
			q.Kind = plan.ParamPlace
		case spec.State:
			q.Kind = plan.ParamState
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
	return out
}

// Format describes a format to the runtime.
func Format(f *spec.Format) plan.Format {
	out := plan.Format{Name: f.Name, GGUF: f.GGUF, Block: f.Count, Bytes: f.Bytes, Tail: f.TailBytes}
	if len(f.Fields) > 0 && plain(f, f.Fields[0].Elem) {
		out.Elem = f.Fields[0].Elem.Name
	}
	return out
}
