package bind

import (
	"github.com/trinity-engine/trinity/runtime/eval"
	"github.com/trinity-engine/trinity/runtime/plan"
)

// Work is what a batch asks of a machine, attention left out: it counts what has weights.
type Work struct {
	Bytes    int // of weights that are read; of those whose rows are looked up, none
	Products int // multiply-adds of weights and activations
}

// Work counts that of all steps.
func (p *Program) Work(batch *eval.Batch) (w Work, err error) {
	for i := range p.Steps {
		s := &p.Steps[i]
		for j, o := range s.Operands {
			if o.Kind != Weight || s.looksUp(o.Param) {
				continue
			}
			w.Bytes += o.Buf.Len
			if j > 0 && s.Operands[j-1].Kind == Weight && s.Operands[j-1].Param == o.Param {
				continue // its tail
			}
			n, err := s.products(o.Param, batch)
			if err != nil {
				return w, err
			}
			w.Products += n
		}
	}
	return w, nil
}

// looksUp reports whether another parameter holds numbers of the weight's rows.
func (s *Step) looksUp(weight int) bool {
	w := &s.Op.Params[weight]
	for _, p := range s.Op.Params {
		if p.Limit != nil && len(w.Shape) > 0 && p.Limit == w.Shape[0] {
			return true
		}
	}
	return false
}

// products counts those of a weight [M, K] by which a step makes rows [T, M]; of other steps there are none.
func (s *Step) products(weight int, batch *eval.Batch) (int, error) {
	w := &s.Op.Params[weight]
	if w.Kind != plan.ParamWeight || len(w.Shape) != 2 {
		return 0, nil
	}
	for _, p := range s.Op.Params {
		if p.Write && len(p.Shape) == 2 && p.Shape[1] == w.Shape[0] {
			n := 1
			for _, e := range []plan.Expr{p.Shape[0], w.Shape[0], w.Shape[1]} {
				d, err := s.dim(e, batch)
				if err != nil {
					return 0, err
				}
				n *= d
			}
			return n, nil
		}
	}
	return 0, nil
}

// dim gives one of the op's dims; what is no dim of its own counts as 1.
func (s *Step) dim(e plan.Expr, batch *eval.Batch) (int, error) {
	for i, name := range s.Op.Dims {
		if e == plan.Name(name) {
			return s.Dims[i].At(batch)
		}
	}
	return 1, nil
}
