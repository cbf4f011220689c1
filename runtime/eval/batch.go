package eval

import (
	"fmt"

	"github.com/trinity-engine/trinity/runtime/plan"
)

// Batch is the Env of a folded expression: what only a batch can tell.
type Batch struct {
	T, R             int // rows of the batch, and of its outputs
	Sequences, Pages int // the shape of the page table
}

// Later reports whether only a batch can tell what name stands for.
func Later(name plan.Name) bool {
	switch name {
	case plan.BatchRows, plan.OutRows, plan.Sequences, plan.SequencePages:
		return true
	}
	return false
}

// Name gives one of the names for which Later holds.
func (b *Batch) Name(name string) (Value, error) {
	switch plan.Name(name) {
	case plan.BatchRows:
		return OfInt(int64(b.T)), nil
	case plan.OutRows:
		return OfInt(int64(b.R)), nil
	case plan.Sequences:
		return OfInt(int64(b.Sequences)), nil
	case plan.SequencePages:
		return OfInt(int64(b.Pages)), nil
	}
	return Value{}, fmt.Errorf("%s is unknown in a batch", name)
}

// Index, Present, Packable and Rows know nothing: Fold has left none of them.
func (*Batch) Index(array string, _ int64) (Value, error) {
	return Value{}, fmt.Errorf("%s is unknown in a batch", array)
}
func (*Batch) Present(name string) (bool, error) {
	return false, fmt.Errorf("%s is unknown in a batch", name)
}
func (*Batch) Packable(w plan.Packable) (bool, error) {
	return false, fmt.Errorf("%s is unknown in a batch", w.Weight)
}
func (*Batch) Rows(weight string, _ int) (int64, error) {
	return 0, fmt.Errorf("%s is unknown in a batch", weight)
}
