package bind

import (
	"errors"
	"fmt"

	"github.com/trinity-engine/trinity/runtime/plan"
)

// ErrPacked is that a step needs a weight as it was before the file was made of it.
var ErrPacked = errors.New("packed for activations of 8 bits: for exact ones give the GGUF file")

// form is a set of forms in which steps take a tensor.
type form uint8

const (
	raw    form = 1 << iota // as the file has it
	packed                  // in the format that packs its own
)

// formed gives a weight in the form that a parameter asks for, and notes which it is.
func (b *binder) formed(p plan.Param, w *weight) (*weight, error) {
	switch {
	case p.Stored:
		return w, nil
	case !p.Packs:
		if w.format.Packs != "" {
			return nil, fmt.Errorf("tensor %q is %s, %w", w.tensor, w.format.Name, ErrPacked)
		}
		b.out.forms[w.tensor] |= raw
		return w, nil
	}
	side, err := b.pack(w)
	if err != nil {
		return nil, err
	}
	if w.first%int64(side.format.Rows) == 0 {
		b.out.forms[w.tensor] |= packed
	} else { // rows from amid those that would lie side by side
		b.out.forms[w.tensor] |= raw
	}
	return side, nil
}

// Packs reports whether all that the steps take of a tensor is its packed form.
func (p *Program) Packs(tensor string) bool { return p.forms[tensor] == packed }
