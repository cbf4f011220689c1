package bind

import (
	"fmt"

	"github.com/trinity-engine/trinity/runtime/eval"
	"github.com/trinity-engine/trinity/runtime/plan"
)

// env is what an expression sees: config values, and loop variables, one a link.
type env struct {
	b     *binder
	outer *env
	name  string // "": none
	value int64
	end   plan.Expr // of a loop, which name stays below
}

// Name gives a loop variable or a config value.
func (e *env) Name(name string) (eval.Value, error) {
	for l := e; l != nil; l = l.outer {
		if l.name == name && name != "" {
			return eval.OfInt(l.value), nil
		}
	}
	switch plan.Name(name) {
	case plan.Exact:
		return eval.OfBool(e.b.packing.Op == nil), nil
	case plan.Fast:
		return eval.OfBool(e.b.packing.Fast), nil
	}
	c, ok := e.b.config[name]
	switch {
	case !ok:
		return eval.Value{}, fmt.Errorf("%s is unknown", name)
	case c.Array != nil:
		return eval.Value{}, fmt.Errorf("%s is an array: it needs an index", name)
	}
	if err := e.b.evaluate(c); err != nil {
		return eval.Value{}, err
	}
	return c.values[0], nil
}

// Index gives element i of an array.
func (e *env) Index(array string, i int64) (eval.Value, error) {
	c, ok := e.b.config[array]
	if !ok || c.Array == nil {
		return eval.Value{}, fmt.Errorf("%s is no array", array)
	}
	if err := e.b.evaluate(c); err != nil {
		return eval.Value{}, err
	}
	if i < 0 || i >= int64(len(c.values)) {
		return eval.Value{}, fmt.Errorf("%s[%d]: it has %d elements", array, i, len(c.values))
	}
	return c.values[i], nil
}

// Present asks for the tensor of a weight, the key of a config value, or a key.
func (e *env) Present(name string) (bool, error) {
	if w, ok := e.b.weights[name]; ok {
		tensor, err := e.tensorName(w)
		if err != nil {
			return false, err
		}
		_, ok = e.b.file.Tensor(tensor)
		return ok, nil
	}
	if c, ok := e.b.config[name]; ok {
		name = c.Key
	}
	_, ok := e.b.file.Value(name)
	return ok, nil
}

// Rows gives dim axis of a weight's shape.
func (e *env) Rows(weight string, axis int) (int64, error) {
	return e.rows(weight, axis, 0)
}

func (e *env) rows(weight string, axis, depth int) (int64, error) {
	w, ok := e.b.weights[weight]
	switch {
	case !ok:
		return 0, fmt.Errorf("%s is no weight", weight)
	case axis < 0 || axis >= len(w.Shape):
		return 0, fmt.Errorf("%s has no dim %d", weight, axis)
	case depth > len(e.b.weights):
		return 0, fmt.Errorf("weight %s is another name of itself", weight)
	}
	tensor, err := e.tensorName(w)
	if err != nil {
		return 0, err
	}
	if t, ok := e.b.file.Tensor(tensor); ok {
		dims, err := specDims(t, len(w.Shape))
		if err != nil {
			return 0, fmt.Errorf("tensor %q: %w%s", tensor, err, at(w.Where))
		}
		return dims[axis], nil
	}
	switch {
	case w.Else == nil:
		return 0, fmt.Errorf("tensor %q is missing%s", tensor, at(w.Where))
	case w.Else.Lo == nil || axis > 0:
		return e.rows(w.Else.Weight, axis, depth+1)
	}
	lo, hi, err := e.bounds(w.Else.Lo, w.Else.Hi)
	return hi - lo, err
}

// tensorName gives w's tensor in the file.
func (e *env) tensorName(w *plan.Weight) (string, error) { return eval.Tensor(w, e) }

// scope maps the names of an iteration, a side of an If or the model to what they
// stand for.
type scope struct {
	outer *scope
	env   *env
	names map[string]ref
}

// ref is what a name of the body stands for.
type ref struct {
	kind  refKind
	index int     // of a buffer, state or input
	bound *weight // of a weight
}

type refKind uint8

const (
	refWeight refKind = iota
	refBuffer
	refState
	refInput
)

func (k refKind) String() string {
	return [...]string{"a weight", "a buffer", "a state", "an input"}[k]
}

func (s *scope) define(name string, r ref) {
	if s.names == nil {
		s.names = map[string]ref{}
	}
	s.names[name] = r
}

func (s *scope) lookup(name string) (ref, bool) {
	for ; s != nil; s = s.outer {
		if r, ok := s.names[name]; ok {
			return r, true
		}
	}
	return ref{}, false
}
