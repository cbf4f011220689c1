package synthetic

import (
	"fmt"

	"github.com/trinity-engine/trinity/runtime/eval"
	"github.com/trinity-engine/trinity/runtime/plan"
)

// tensor is one of the file to be made.
type tensor struct {
	name   string
	shape  []int // rows first
	source *source
	offset int // from where tensor data begins
	size   int // bytes
}

// rows is how many rows of blocks there are.
func (t *tensor) rows() int  { return product(t.shape[:len(t.shape)-1]) }
func (t *tensor) width() int { return t.shape[len(t.shape)-1] }

func product(n []int) int {
	p := 1
	for _, n := range n {
		p *= n
	}
	return p
}

// lister walks a plan for the tensors that a file of it holds.
type lister struct {
	*env
	block, outside *source // of weights of any format: in a layer; embedding and head
	plain          *source // of vectors
	out            []tensor
}

func newEnv(model *plan.Model, s *Shape) *env {
	e := &env{shape: s, config: map[string]*plan.Config{}, weights: model.Weights()}
	for i := range model.Config {
		e.config[model.Config[i].Name] = &model.Config[i]
	}
	return e
}

func (l *lister) walk(nodes []plan.Node) error {
	for _, n := range nodes {
		var err error
		switch n := n.(type) {
		case *plan.Weight:
			err = l.weight(n)
		case *plan.Repeat:
			err = l.repeat(n)
		case *plan.If:
			err = l.choose(n)
		case *plan.Pass:
			err = l.walk(n.Body)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (l *lister) repeat(n *plan.Repeat) error {
	lo, err := l.dim(n.Lo)
	if err != nil {
		return err
	}
	hi, err := l.dim(n.Hi)
	if err != nil {
		return err
	}
	for i := lo; i < hi; i++ {
		l.loops = append(l.loops, loop{n.Var, int64(i)})
		if err := l.walk(n.Body); err != nil {
			return err
		}
		l.loops = l.loops[:len(l.loops)-1]
	}
	return nil
}

func (l *lister) choose(n *plan.If) error {
	v, err := eval.Eval(n.Cond, l)
	if err != nil {
		return err
	}
	yes, err := v.AsBool()
	if err != nil {
		return err
	}
	if yes {
		return l.walk(n.Then)
	}
	return l.walk(n.Else)
}

func (l *lister) weight(w *plan.Weight) error {
	if !l.has(w) {
		return nil
	}
	name, err := eval.Tensor(w, l)
	if err != nil {
		return err
	}
	t := tensor{name: name, source: l.plain}
	for _, e := range w.Shape {
		n, err := l.dim(e)
		if err != nil {
			return fmt.Errorf("tensor %q: %w", name, err)
		}
		t.shape = append(t.shape, n)
	}
	switch {
	case len(t.shape) < 2 || w.Formats != "any":
	case len(l.loops) > 0:
		t.source = l.block
	default:
		t.source = l.outside
	}
	f := t.source.format
	if t.width()%f.Block != 0 {
		return fmt.Errorf("synthetic: tensor %q: width %d is no multiple of the %d values of a block of %s: take another shape or type", name, t.width(), f.Block, f.Name)
	}
	t.size = f.Size(t.rows(), t.width()) + f.Tail
	if f.TailPad > 0 {
		t.size = (t.size + f.TailPad - 1) / f.TailPad * f.TailPad
	}
	l.out = append(l.out, t)
	return nil
}
