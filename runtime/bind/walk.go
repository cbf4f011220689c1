package bind

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/trinity-engine/trinity/runtime/eval"
	"github.com/trinity-engine/trinity/runtime/plan"
)

// maxNodes is how many nodes an unrolled body may have: a file states the number of layers.
const maxNodes = 1 << 20

// walk executes the declarations of nodes, and lists their steps.
func (b *binder) walk(nodes []plan.Node, s *scope) error {
	for _, n := range nodes {
		if b.visited++; b.visited > maxNodes {
			return fmt.Errorf("unrolled it has more than %d parts", maxNodes)
		}
		var err error
		switch n := n.(type) {
		case *plan.Weight:
			var w *weight
			if w, err = b.weight(n, s); err == nil {
				s.define(n.Name, ref{kind: refWeight, bound: w})
			}
		case *plan.State:
			err = b.state(n, s)
		case *plan.Buffer:
			err = b.buffer(n, s)
		case *plan.Guard:
			err = b.guard(n, s)
		case *plan.Step:
			if err = b.step(n, s); err != nil {
				err = fmt.Errorf("step %s%s: %w", n.Op.Name, at(n.Where), err)
			}
		case *plan.Repeat:
			err = b.repeat(n, s)
		case *plan.If:
			err = b.choose(n, s)
		case *plan.Pass:
			err = b.pass(n, s)
		default:
			err = fmt.Errorf("%T is no part of a body", n)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *binder) state(n *plan.State, s *scope) error {
	v, err := eval.Eval(n.Size, s.env)
	bytes := 0
	if err == nil {
		bytes, err = v.AsDim()
	}
	if err != nil {
		return fmt.Errorf("state %s: %w", n.Name, err)
	}
	if n.Page < 1 || len(b.out.States) > 0 && n.Page != b.out.States[0].Page {
		return fmt.Errorf("state %s: a page of %d places, where all pages must have the same", n.Name, n.Page)
	}
	s.define(n.Name, ref{kind: refState, index: len(b.out.States)})
	b.out.States = append(b.out.States, State{n.Name + s.env.suffix(), bytes, n.Page})
	return nil
}

func (b *binder) buffer(n *plan.Buffer, s *scope) error {
	buf := Buffer{Name: n.Name + s.env.suffix(), Elem: n.Elem, First: -1, Last: -1}
	if buf.blocks = b.packing.format(n.Elem); buf.blocks == nil {
		bits, err := strconv.Atoi(strings.TrimLeft(n.Elem, "abcdefghijklmnopqrstuvwxyz"))
		if err != nil || bits < 8 || bits%8 != 0 {
			return fmt.Errorf("buffer %s: an element of %s has no whole bytes", n.Name, n.Elem)
		}
		buf.size = bits / 8
	}
	for _, e := range n.Shape {
		size, err := s.env.size(e)
		if err != nil {
			return fmt.Errorf("buffer %s: %w", n.Name, err)
		}
		buf.shape = append(buf.shape, size)
	}
	s.define(n.Name, ref{kind: refBuffer, index: len(b.out.Buffers)})
	b.out.Buffers = append(b.out.Buffers, buf)
	return nil
}

func (b *binder) guard(n *plan.Guard, s *scope) error {
	e, err := eval.Fold(n.Cond, s.env, eval.Later)
	if err != nil {
		return fmt.Errorf("%s: %w%s", n.Message, err, s.env.because(n.Cond))
	}
	switch e {
	case plan.Flag(true):
	case plan.Flag(false):
		return fmt.Errorf("%s%s", n.Message, s.env.because(n.Cond))
	default:
		b.out.Guards = append(b.out.Guards, Guard{e, n.Message})
	}
	return nil
}

func (b *binder) repeat(n *plan.Repeat, s *scope) error {
	var ends [2]int64
	for i, e := range []plan.Expr{n.Lo, n.Hi} {
		v, err := eval.Eval(e, s.env)
		if err == nil && v.Kind != eval.Int {
			err = fmt.Errorf("%v is %v where an integer is asked for", v, v.Kind)
		}
		if err != nil {
			return fmt.Errorf("repeat %s: %w", n.Var, err)
		}
		ends[i] = v.Int
	}
	carried := make([]ref, len(n.Carry))
	for k, c := range n.Carry {
		r, ok := s.lookup(c.Init)
		if !ok {
			return fmt.Errorf("repeat %s: %s is unknown", n.Var, c.Init)
		}
		carried[k] = r
	}
	for i := ends[0]; i < ends[1]; i++ {
		if b.visited++; b.visited > maxNodes {
			return fmt.Errorf("repeat %s: unrolled it has more than %d parts", n.Var, maxNodes)
		}
		inner := &scope{outer: s, env: &env{b: b, outer: s.env, name: n.Var, value: i, end: n.Hi}}
		for k, c := range n.Carry {
			inner.define(c.Name, carried[k])
		}
		if err := b.walk(n.Body, inner); err != nil {
			return err
		}
		for k, c := range n.Carry {
			r, ok := inner.lookup(c.Next)
			if !ok {
				return fmt.Errorf("repeat %s: %s is unknown", n.Var, c.Next)
			}
			carried[k] = r
		}
	}
	for k, c := range n.Carry {
		s.define(c.Name, carried[k])
	}
	return nil
}

func (b *binder) choose(n *plan.If, s *scope) error {
	v, err := eval.Eval(n.Cond, s.env)
	yes := false
	if err == nil {
		yes, err = v.AsBool()
	}
	if err != nil {
		return fmt.Errorf("if: %w", err)
	}
	side := n.Else
	if yes {
		side = n.Then
	}
	inner := &scope{outer: s, env: s.env}
	if err := b.walk(side, inner); err != nil {
		return err
	}
	for _, m := range n.Merge {
		name := m.Else
		if yes {
			name = m.Then
		}
		r, ok := inner.lookup(name)
		if !ok {
			return fmt.Errorf("if: %s is unknown", name)
		}
		s.define(m.Name, r)
	}
	return nil
}

// suffix gives the loop variables for a name: "" or ".3".
func (e *env) suffix() string {
	if e == nil || e.name == "" {
		return ""
	}
	return e.outer.suffix() + "." + strconv.FormatInt(e.value, 10)
}

// size folds e to a size.
func (e *env) size(x plan.Expr) (Size, error) {
	x, err := eval.Fold(x, e, eval.Later)
	if err != nil {
		return Size{}, err
	}
	if k, ok := x.(plan.Int); ok {
		n, err := eval.OfInt(int64(k)).AsDim()
		return Size{value: n}, err
	}
	return Size{expr: x}, nil
}

// number folds e to an f32.
func (e *env) number(x plan.Expr) (Number, error) {
	x, err := eval.Fold(x, e, eval.Later)
	if err != nil {
		return Number{}, err
	}
	switch k := x.(type) {
	case plan.Int:
		f, err := eval.OfInt(int64(k)).AsF32()
		return Number{value: f}, err
	case plan.Float:
		return Number{value: float32(k)}, nil
	}
	return Number{expr: x}, nil
}
