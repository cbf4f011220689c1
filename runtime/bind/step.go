package bind

import (
	"fmt"
	"slices"
	"strings"

	"github.com/trinity-engine/trinity/runtime/plan"
)

// step binds the arguments of a call and chooses its kernel.
func (b *binder) step(n *plan.Step, s *scope) error {
	if len(n.Args) != len(n.Op.Params) {
		return fmt.Errorf("%d arguments for %d parameters", len(n.Args), len(n.Op.Params))
	}
	c := caller{b: b, s: s, step: Step{Op: n.Op, Where: n.Where}}
	for _, e := range n.Dims {
		size, err := s.env.size(e)
		if err != nil {
			return err
		}
		c.step.Dims = append(c.step.Dims, size)
	}
	for i := range n.Args {
		if err := c.argument(i, n.Op.Params[i], n.Args[i]); err != nil {
			return fmt.Errorf("%s: %w", n.Op.Params[i].Name, err)
		}
	}
	if err := c.choose(); err != nil {
		return err
	}
	if c.known(n) {
		return nil
	}
	if err := c.split(n); err != nil {
		return err
	}
	b.out.Steps = append(b.out.Steps, c.step)
	if !b.passing {
		b.out.Passes = append(b.out.Passes, Pass{{len(b.out.Steps) - 1}})
	}
	return nil
}

// known reports whether an earlier step has the same results: their names stand for those then.
func (c *caller) known(n *plan.Step) bool {
	var key strings.Builder
	fmt.Fprintf(&key, "%s %v %v", c.step.Kernel.Name, c.step.Dims, c.step.F)
	var out []int
	for _, o := range c.step.Operands {
		switch {
		case o.Kind == Pool:
			return false // a state changes
		case o.Write:
			out = append(out, o.Index)
		default:
			fmt.Fprintf(&key, " %d %d %p", o.Kind, o.Index, o.Buf.Ptr)
		}
	}
	k := c.step.Op.Name + key.String()
	earlier, ok := c.b.same[k]
	if !ok {
		c.b.same[k] = out
		return false
	}
	for i, p := range c.step.Op.Params {
		if p.Write {
			c.s.define(n.Args[i].Name, ref{kind: refBuffer, index: earlier[0]})
			earlier = earlier[1:]
		}
	}
	return true
}

// caller gathers the operands of one step.
type caller struct {
	b       *binder
	s       *scope
	step    Step
	formats []string // of the `any` arguments
	tensors []string // and their tensors
}

func (c *caller) argument(i int, p plan.Param, a plan.Arg) error {
	switch p.Kind {
	case plan.ParamDim:
		size, err := c.s.env.size(a.Value)
		c.step.Dims = append(c.step.Dims, size)
		return err
	case plan.ParamF32:
		n, err := c.s.env.number(a.Value)
		c.step.F = append(c.step.F, n)
		return err
	}
	r, ok := c.s.lookup(a.Name)
	if !ok {
		return fmt.Errorf("%s is unknown", a.Name)
	}
	add := func(o Operand) {
		o.Param, o.Write = i, p.Write
		c.step.Operands = append(c.step.Operands, o)
	}
	switch {
	case r.kind == refState && p.Kind == plan.ParamState:
		add(Operand{Kind: Pool, Index: r.index, Bytes: c.b.out.States[r.index].Bytes})
		c.step.Operands = append(c.step.Operands, Operand{Kind: Pages, Param: i}) // never written by a step
		return nil
	case r.kind == refInput && !p.Write:
		switch kind := c.b.out.Inputs[r.index].Kind; {
		case kind == Places && p.Kind == plan.ParamPlace:
			add(Operand{Kind: Sequences})
			add(Operand{Kind: Positions})
			return nil
		case kind != Places && p.Kind == plan.ParamTensor && p.Elem == "i32":
			add(Operand{Kind: kind})
			return nil
		}
	case p.Kind != plan.ParamTensor && p.Kind != plan.ParamWeight:
	case r.kind == refBuffer:
		add(Operand{Kind: InBuffer, Index: r.index})
		return c.elem(p, c.b.out.Buffers[r.index].Elem, "buffer "+a.Name)
	case r.kind == refWeight && r.bound == nil:
		return c.s.env.missing(c.b.weights[a.Name])
	case r.kind == refWeight && !p.Write:
		w := r.bound
		c.b.read[w.tensor] = true
		var err error
		if w, err = c.formed(p, w); err != nil {
			return err
		}
		add(Operand{Kind: Weight, Buf: plan.Of(w.rows)})
		if w.format.Tail > 0 {
			add(Operand{Kind: Weight, Buf: plan.Of(w.tail)})
		}
		have := w.format.Name
		if p.Kind == plan.ParamTensor && w.format.Elem != "" {
			have = w.format.Elem
		}
		return c.elem(p, have, fmt.Sprintf("tensor %q", w.tensor))
	}
	return fmt.Errorf("%s is %v, which can't be its argument", a.Name, r.kind)
}

// elem checks what an argument holds against what p asks for; what asks for nothing
// chooses the kernel.
func (c *caller) elem(p plan.Param, have, what string) error {
	switch p.Elem {
	case have:
		return nil
	case "":
		c.formats, c.tensors = append(c.formats, have), append(c.tensors, what)
		return nil
	}
	return fmt.Errorf("%s is %s, %s is asked for", what, have, p.Elem)
}

// choose finds the kernel for the formats of the arguments.
func (c *caller) choose() error {
	op := c.step.Op
	var names []string
	for i := range op.Kernels {
		k := &op.Kernels[i]
		if slices.Equal(k.Formats, c.formats) {
			c.step.Kernel = k
			return nil
		}
		names = append(names, strings.Join(k.Formats, "+"))
	}
	return fmt.Errorf("%s: no kernel for %s, there are kernels for %s",
		strings.Join(c.tensors, ", "), strings.Join(c.formats, "+"), strings.Join(names, " "))
}
