package oracle

import (
	"fmt"
	"math/rand/v2"

	"github.com/trinity-engine/trinity/runtime/eval"
	"github.com/trinity-engine/trinity/runtime/plan"
)

// Dims are small, and mostly where code changes its way: nothing, one, a strip of lanes
// and one more or less, a page and one more or less.
var edges = []int{0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 6, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 130}

// wide are dims of some tiles, and of one row more or less.
var wide = []int{1, 15, 16, 17, 31, 32, 33, 47, 48, 49, 64, 65, 80}

// budget bounds the steps of a case, wideBudget those of one with wide dims.
const (
	budget     = 1 << 16
	wideBudget = 1 << 20
)

// shape is the dims of a case, and the places of its rows.
type shape struct {
	names map[string]int
	page  int // positions a page; 0: no state
	seqs  int
	per   int // pages a sequence
	at    [][2]int
	err   error
}

// shape chooses dims of which the op's facts hold. Of twelve cases in a row one has a dim of 0, and one of 1.
func (k *Kernel) shape(r *rand.Rand, number int) (*shape, error) {
	blocks, edges, budget := k.columns(), edges, budget
	if k.Tiled() && number%3 == 2 {
		edges, budget = wide, wideBudget
	}
	for range 10000 {
		s := &shape{names: map[string]int{}, seqs: 1 + r.IntN(3), per: 1 + r.IntN(3)}
		for _, d := range k.Op.Dims {
			s.names[d] = edges[r.IntN(len(edges))]
			if n := blocks[d]; n > 1 {
				s.names[d] = n * []int{0, 1, 1, 2, 2, 3, 5}[r.IntN(7)]
			}
		}
		if at := number % 12; (at == 0 || at == 5) && len(k.Op.Dims) > 0 {
			d := k.Op.Dims[r.IntN(len(k.Op.Dims))]
			s.names[d] = min(at, 1) * max(blocks[d], 1)
		}
		for _, p := range k.Op.Params {
			switch p.Kind {
			case plan.ParamDim:
				s.names[p.Name] = edges[r.IntN(len(edges))]
			case plan.ParamState:
				s.page = p.Page
			}
		}
		if k.fits(s, budget) && s.err == nil {
			s.place(r, k.Op)
			return s, s.err
		}
	}
	return nil, fmt.Errorf("%s: no dims were found of which its facts hold", k.Name())
}

// columns gives the dims that are the columns of a weight, with the block of its format.
func (k *Kernel) columns() map[string]int {
	out := map[string]int{}
	formats := k.Formats
	for _, p := range k.Op.Params {
		if p.Kind != plan.ParamWeight {
			continue
		}
		if d, ok := p.Shape[1].(plan.Name); ok {
			out[string(d)] = max(out[string(d)], formats[0].Block) // one is a multiple of the other
		}
		formats = formats[1:]
	}
	return out
}

// fits reports whether a call may have these dims, and is no larger than the budget.
func (k *Kernel) fits(s *shape, budget int) bool {
	for _, f := range k.Op.Facts {
		if v, err := eval.Eval(f, s); err != nil || !v.Bool {
			return false
		}
	}
	steps := 1
	for _, d := range k.Op.Dims {
		steps *= max(s.names[d], 1)
	}
	if s.page > 0 {
		steps *= s.per
	}
	for _, p := range k.Op.Params {
		if len(p.Shape) > 0 {
			steps = max(steps, product(s.extents(p.Shape)))
		}
		switch rows := product(s.extents(p.Shape)); {
		case p.Limit != nil && rows > 0 && s.limit(&p) == 0: // there is nothing to name
			return false
		case p.Kind == plan.ParamPlace && s.page > 0 && rows > s.seqs*s.per*s.page:
			return false
		}
	}
	return steps <= budget
}

// Name, Index, Present and Rows make a shape the environment of a plan's expressions.
func (s *shape) Name(name string) (eval.Value, error) {
	v, ok := s.names[name]
	if !ok {
		return eval.Value{}, fmt.Errorf("there is no dim %s", name)
	}
	return eval.OfInt(int64(v)), nil
}

func (s *shape) Index(array string, _ int64) (eval.Value, error) { return s.Name(array + "[]") }
func (s *shape) Packable(w plan.Packable) (bool, error) {
	return false, fmt.Errorf("packable(%s)", w.Weight)
}
func (s *shape) Present(name string) (bool, error)   { return false, fmt.Errorf("present(%s)", name) }
func (s *shape) Rows(w string, _ int) (int64, error) { return 0, fmt.Errorf("rows(%s)", w) }

func (s *shape) eval(e plan.Expr) int {
	v, err := eval.Eval(e, s)
	if err == nil && v.Kind != eval.Int {
		err = fmt.Errorf("%v is no integer", v)
	}
	if err != nil && s.err == nil {
		s.err = err
	}
	return int(v.Int)
}

func (s *shape) extents(list []plan.Expr) []int {
	out := make([]int, len(list))
	for i, e := range list {
		out[i] = s.eval(e)
	}
	return out
}

// limit bounds the values of p; -1: nothing does.
func (s *shape) limit(p *plan.Param) int {
	if p.Limit == nil {
		return -1
	}
	return s.eval(p.Limit)
}

// dims are in the order of plan.Call.Dim.
func (s *shape) dims(op *plan.Op) (out []int) {
	for _, d := range op.Dims {
		out = append(out, s.names[d])
	}
	for _, p := range op.Params {
		if p.Kind == plan.ParamState {
			out = append(out, s.per)
		}
	}
	for _, p := range op.Params {
		if p.Kind == plan.ParamDim {
			out = append(out, s.names[p.Name])
		}
	}
	return out
}

func product(list []int) int {
	n := 1
	for _, v := range list {
		n *= v
	}
	return n
}
