package exec

import (
	"fmt"
	"math"
	"slices"

	"github.com/trinity-engine/trinity/runtime/bind"
)

// pass is what workers do between two barriers. Its work is pieces: those of one chain follow those of another, the
// largest first, so that small ones are left to even out what workers have.
type pass struct {
	chains []chain
	pieces int
	alone  bool // too little work to share
}

// chain is steps that a worker which has some of the pieces runs on these, one after the other.
type chain struct {
	steps  []int
	items  []int // of each step: work items a piece has
	pieces int
	bytes  int // that its steps touch
}

// schedule is the passes that compute a set of outputs.
type schedule struct {
	passes []pass
	fits   int // the frame's number of the batch whose pieces they have
}

// schedule gives the passes for some outputs, for the batch of the frame. With an observer each step has its own.
func (e *Engine) schedule(want bind.Outputs) (*schedule, error) {
	s := e.schedules[want]
	if s == nil {
		s = e.newSchedule(want)
		e.schedules[want] = s
	}
	if s.fits == e.frame.number {
		return s, nil
	}
	for i := range s.passes {
		if err := s.passes[i].fit(e); err != nil {
			return nil, err
		}
	}
	s.fits = e.frame.number
	return s, nil
}

func (e *Engine) newSchedule(want bind.Outputs) *schedule {
	needed := make([]bool, len(e.program.Steps))
	for _, i := range e.program.Slice(want) {
		needed[i] = true
	}
	s := &schedule{}
	add := func(p pass) {
		if len(p.chains) > 0 {
			s.passes = append(s.passes, p)
		}
	}
	for _, all := range e.program.Passes {
		var p pass
		for _, steps := range all {
			var c chain
			for _, i := range steps {
				if needed[i] {
					c.steps = append(c.steps, i)
				}
			}
			if len(c.steps) > 0 {
				c.items = make([]int, len(c.steps))
				p.chains = append(p.chains, c)
			}
		}
		if e.options.Observer == nil {
			add(p)
			continue
		}
		for _, step := range p.steps() {
			add(pass{chains: []chain{{steps: []int{step}, items: []int{0}}}})
		}
	}
	return s
}

// fit cuts a pass's work for the batch of the frame.
func (p *pass) fit(e *Engine) error {
	p.pieces = 0
	bytes := 0
	for i := range p.chains {
		c := &p.chains[i]
		if err := c.fit(e); err != nil {
			return err
		}
		c.bytes = 0
		for _, s := range c.steps {
			c.bytes += e.frame.calls[s].touched
		}
		p.pieces += c.pieces
		bytes += c.bytes
	}
	slices.SortStableFunc(p.chains, func(a, b chain) int { return b.bytes*a.pieces - a.bytes*b.pieces })
	p.alone = bytes <= small
	return nil
}

// fit finds what a piece of a chain is: the least part of all its steps that ends between work items of each, or a
// multiple of it where a kernel likes more at a time.
func (c *chain) fit(e *Engine) error {
	if len(c.steps) == 1 {
		call := &e.frame.calls[c.steps[0]]
		c.items[0] = max(call.grain, 1)
		c.pieces = (call.items + c.items[0] - 1) / c.items[0]
		return nil
	}
	parts, least := 0, math.MaxInt // what all steps' indices are multiples of; the fewest
	for _, s := range c.steps {
		call := &e.frame.calls[s]
		if rows := e.rows(s); (call.split+rows-1)/rows != call.items {
			return stepError(&e.program.Steps[s], fmt.Errorf("%d indices are %d work items of %d each", call.split, call.items, rows))
		}
		parts, least = gcd(parts, call.split), min(least, call.split)
	}
	if least == 0 { // what they share is empty
		c.pieces = 1
		for k, s := range c.steps {
			c.items[k] = e.frame.calls[s].items
		}
		return nil
	}
	piece := 1 // in parts
	for _, s := range c.steps {
		rows := e.rows(s)
		piece = lcm(piece, rows/gcd(rows, e.frame.calls[s].split/parts))
	}
	times := 1
	for k, s := range c.steps {
		call := &e.frame.calls[s]
		c.items[k] = piece * (call.split / parts) / e.rows(s)
		times = max(times, (call.grain+c.items[k]-1)/c.items[k])
	}
	for k := range c.items {
		c.items[k] *= times
	}
	c.pieces = (parts + piece*times - 1) / (piece * times)
	return nil
}

// rows gives how many indices a work item of a step has.
func (e *Engine) rows(step int) int { return max(e.kernels[step].Rows, 1) }

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func lcm(a, b int) int { return a / gcd(a, b) * b }

// steps lists those of all chains.
func (p *pass) steps() (all []int) {
	for _, c := range p.chains {
		all = append(all, c.steps...)
	}
	slices.Sort(all)
	return all
}
