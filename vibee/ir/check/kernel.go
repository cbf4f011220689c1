package check

import (
	"slices"

	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// kernel checks other equations for an op.
func (c *checker) kernel(d *decl, a *grammar.Kernel, target *decl) {
	o := target.op
	s := newScope(c, d)
	for _, p := range append(slices.Clone(o.Params), o.Outs...) {
		s.names[p.Name] = p
	}
	for _, n := range o.Dims {
		s.names[n] = dim(n)
	}
	for _, f := range o.Facts {
		s.know(f)
	}
	before := len(c.errs)
	k := &spec.Kernel{Pos: a.Pos, Name: a.Named(), Body: c.body(s, o, a.Pos, a.Body)}
	if len(c.errs) == before && !d.broken {
		c.unlicensed(o, a.Body)
		s.unused()
	}
	k.For = c.targets(a.For)
	if len(k.For) == 0 && len(o.Body.Orders) > 0 {
		c.errorf(a.Pos, "this kernel computes %s for every target, so that the order which %s states itself is never taken", o.Name, o.Name)
	}
	for _, other := range o.Kernels {
		if t, ok := common(other.For, k.For); ok {
			c.errorf(a.Pos, "%s has a kernel for %s already: %s, at %s:%d", o.Name, t, other.Name, other.Pos.File, other.Pos.Line)
		}
	}
	o.Kernels = append(o.Kernels, k)
}

var targets = []string{"go", "vm", "avx2", "avx512", "avx512vbmi", "amx"}

// targets are what code is generated for.
func (c *checker) targets(list []*grammar.Name) (out []string) {
	for _, n := range list {
		switch {
		case !slices.Contains(targets, n.Text):
			c.suggest(n.Pos, n.Text, slices.Clone(targets), "there is no target %s", n.Text)
		case slices.Contains(out, n.Text):
			c.errorf(n.Pos, "target %s is named twice", n.Text)
		default:
			out = append(out, n.Text)
		}
	}
	return out
}

// common is a target that two lists share; an empty list is every target.
func common(a, b []string) (string, bool) {
	for _, t := range targets {
		if (len(a) == 0 || slices.Contains(a, t)) && (len(b) == 0 || slices.Contains(b, t)) {
			return t, true
		}
	}
	return "", false
}
