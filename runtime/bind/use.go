package bind

import (
	"errors"
	"fmt"

	"github.com/trinity-engine/trinity/runtime/plan"
)

// ErrPacked is that a step needs a weight as it was before the file was made of it.
var ErrPacked = errors.New("packed for activations of 8 bits: for exact ones give the GGUF file")

// Use says how steps take a tensor: a set.
type Use uint8

const (
	Raw     Use = 1 << iota // as the file has it
	Packed                  // in the format that packs its own
	Stored                  // in whichever of them is there
	Asked                   // in a format that the spec asks for
	Layered                 // in a layer that is repeated
)

// formed gives a weight in the form that a parameter asks for, and notes how it is taken.
func (c *caller) formed(p plan.Param, w *weight) (*weight, error) {
	use := Raw
	if p.Kind != plan.ParamWeight || p.Elem != "" {
		use |= Asked
	}
	if c.s.env.suffix() != "" {
		use |= Layered
	}
	switch {
	case p.Packs:
		side, err := c.b.pack(w, p)
		if err != nil {
			return nil, err
		}
		if w.first%int64(side.format.Rows) == 0 { // else they begin amid rows that would lie side by side
			use ^= Raw | Packed
		}
		c.b.out.uses[w.tensor] |= use
		return side, nil
	case p.Stored:
		use ^= Raw | Stored
	case w.format.Packs != "":
		return nil, fmt.Errorf("tensor %q is %s, %w", w.tensor, w.format.Name, ErrPacked)
	}
	c.b.out.uses[w.tensor] |= use
	return w, nil
}

// Uses tells how the steps take a tensor; 0: none does.
func (p *Program) Uses(tensor string) Use { return p.uses[tensor] }

// Packs reports whether the steps can do with nothing but a tensor's packed form.
func (u Use) Packs() bool { return u&Packed != 0 && u&Raw == 0 }
