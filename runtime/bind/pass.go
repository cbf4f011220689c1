package bind

import (
	"errors"
	"slices"

	"github.com/trinity-engine/trinity/runtime/plan"
)

// Pass is chains that run at the same time. Workers wait for each other at its end alone.
type Pass []Chain

// Chain is steps, by index in the order in which they depend on each other, whose work is shared out alike: of what an
// earlier one makes, a work item of a later one reads what the items in the same place made.
type Chain []int

// pass binds the steps of a pass and puts them in rounds: a step that needs all of what another makes comes a round
// after it.
func (b *binder) pass(n *plan.Pass, s *scope) error {
	if b.passing {
		return errors.New("a pass is part of another")
	}
	first := len(b.out.Steps)
	b.passing = true
	err := b.walk(n.Body, s)
	b.passing = false
	if err != nil {
		return err
	}
	steps := b.out.Steps[first:]
	rounds := roundsOf(steps)
	order := make([]int, len(steps))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return rounds[i] - rounds[j] })
	sorted := make([]Step, len(steps))
	for to, from := range order {
		sorted[to] = steps[from]
	}
	copy(steps, sorted)
	for lo := 0; lo < len(order); {
		hi := lo
		for hi < len(order) && rounds[order[hi]] == rounds[order[lo]] {
			hi++
		}
		b.out.Passes = append(b.out.Passes, chains(steps[lo:hi], first+lo))
		lo = hi
	}
	return nil
}

// roundsOf gives each step's round: after those of which it needs all, and in none before those of which it needs
// parts. Steps on one state come one after the other where one writes it.
func roundsOf(steps []Step) []int {
	rounds := make([]int, len(steps))
	for i := range steps {
		for j := range i {
			needs, all := steps[i].needs(&steps[j])
			switch {
			case all:
				rounds[i] = max(rounds[i], rounds[j]+1)
			case needs:
				rounds[i] = max(rounds[i], rounds[j])
			}
		}
	}
	return rounds
}

// chains joins the steps of one round, the first of which has index first, where one needs a part of the other.
func chains(steps []Step, first int) (p Pass) {
	for i := range steps {
		chain := Chain{}
		p = slices.DeleteFunc(p, func(c Chain) bool {
			joined := slices.ContainsFunc(c, func(j int) bool {
				needs, _ := steps[i].needs(&steps[j-first])
				return needs
			})
			if joined {
				chain = append(chain, c...)
			}
			return joined
		})
		slices.Sort(chain)
		p = append(p, append(chain, first+i))
	}
	return p
}

// needs reports whether a step depends on an earlier one, and whether a work item of it does on more than the part that
// the items in the same place made.
func (s *Step) needs(earlier *Step) (some, all bool) {
	for _, o := range s.Operands {
		for _, e := range earlier.Operands {
			if o.Kind != e.Kind || o.Index != e.Index || !o.Write && !e.Write || o.Kind != InBuffer && o.Kind != Pool {
				continue
			}
			some = true
			all = all || o.runs == nil || o.runs != e.runs
		}
	}
	return some, all
}

// split finds by what a step's work is shared out.
func (c *caller) split(n *plan.Step) (err error) {
	if n.Op.Split == nil {
		return nil
	}
	dims := map[plan.Name]plan.Expr{}
	for i, name := range n.Op.Dims {
		dims[plan.Name(name)] = n.Dims[i]
	}
	for i, p := range n.Op.Params {
		if p.Kind == plan.ParamDim {
			dims[plan.Name(p.Name)] = n.Args[i].Value
		}
	}
	fold := func(e plan.Expr) Size {
		size, bad := c.s.env.size(plan.Put(e, dims))
		if err == nil {
			err = bad
		}
		return size
	}
	c.step.Split = fold(n.Op.Split)
	for i := range c.step.Operands {
		o := &c.step.Operands[i]
		if runs := n.Op.Params[o.Param].Runs; o.Kind == InBuffer && runs != nil {
			if size := fold(runs); size.expr != nil {
				o.runs = size.expr
			} else {
				o.runs = plan.Int(size.value)
			}
		}
	}
	return err
}
