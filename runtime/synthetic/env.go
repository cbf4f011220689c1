package synthetic

import (
	"fmt"

	"github.com/trinity-engine/trinity/runtime/eval"
	"github.com/trinity-engine/trinity/runtime/plan"
)

// env is what a plan's expressions see where there is a shape and no file yet: an eval.Env.
type env struct {
	shape   *Shape
	config  map[string]*plan.Config
	weights map[string]*plan.Weight
	loops   []loop // the innermost last
}

type loop struct {
	name  string
	value int64
}

// Name gives a loop variable or a config value.
func (e *env) Name(name string) (eval.Value, error) {
	for i := len(e.loops) - 1; i >= 0; i-- {
		if e.loops[i].name == name {
			return eval.OfInt(e.loops[i].value), nil
		}
	}
	if name == string(plan.Exact) || name == string(plan.Fast) {
		return eval.OfBool(name == string(plan.Exact)), nil // either way the file is the same
	}
	c := e.config[name]
	if c == nil {
		return eval.Value{}, fmt.Errorf("%s is unknown", name)
	}
	if n, ok := e.shape.key(c.Key); ok {
		v, _ := number(n)
		return v, nil
	}
	switch c.Default.(type) {
	case nil:
		return eval.Value{}, fmt.Errorf("shape %s lacks the key %s", e.shape.Name, c.Key)
	case plan.Rows: // as many as a tensor of the file has, which is to be made
		return eval.OfInt(int64(e.shape.Vocabulary)), nil
	}
	return eval.Eval(c.Default, e)
}

// Index gives an element of an array, all of which are the same here unless the default depends on i.
func (e *env) Index(array string, i int64) (eval.Value, error) {
	e.loops = append(e.loops, loop{"i", i})
	defer func() { e.loops = e.loops[:len(e.loops)-1] }()
	return e.Name(array)
}

// Present: optional tensors are absent, others there; a key is if the shape has it.
func (e *env) Present(name string) (bool, error) {
	if w := e.weights[name]; w != nil {
		return e.has(w), nil
	}
	if c := e.config[name]; c != nil {
		name = c.Key
	}
	_, ok := e.shape.key(name)
	return ok, nil
}

// Packable: of no consequence for the file.
func (e *env) Packable(plan.Packable) (bool, error) { return false, nil }

// Rows gives a dim of a weight's shape.
func (e *env) Rows(weight string, axis int) (int64, error) {
	w := e.weights[weight]
	if w == nil || axis < 0 || axis >= len(w.Shape) {
		return 0, fmt.Errorf("%s has no dim %d", weight, axis)
	}
	n, err := e.dim(w.Shape[axis])
	return int64(n), err
}

func (e *env) dim(x plan.Expr) (int, error) {
	v, err := eval.Eval(x, e)
	if err != nil {
		return 0, err
	}
	return v.AsDim()
}

// has tells whether the file holds w. Of a weight that may be another one as a whole it does where the shape
// is not tied.
func (e *env) has(w *plan.Weight) bool {
	if w.Else != nil && w.Else.Lo == nil {
		return !e.shape.Tied
	}
	return !w.Optional
}
