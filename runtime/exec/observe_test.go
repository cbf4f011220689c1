package exec

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"github.com/trinity-engine/trinity/runtime/bind"
	"github.com/trinity-engine/trinity/runtime/plan"
)

// repeater runs each step again on copies, and compares.
type repeater struct {
	t     *testing.T
	copy  *plan.Call
	free  func()
	steps []int
	wrong error
}

func (r *repeater) Before(o *Observation) (err error) {
	r.copy, r.free, err = o.Copy()
	return err
}

func (r *repeater) After(o *Observation) error {
	defer r.free()
	r.steps = append(r.steps, o.Index)
	before := make([][]byte, len(o.Step.Operands))
	for i := range before {
		if o.Step.Operands[i].Write {
			before[i] = bytes.Clone(o.Written(i))
			if bytes.Equal(before[i], plan.View[byte](r.copy.Buf[i])) && o.Index > 0 {
				r.t.Errorf("step %d: the copy of operand %d was written too", o.Index, i)
			}
		}
	}
	k := o.Step.Kernel
	scratch := make([]uint64, 100)
	k.Run(r.copy, 0, k.Work(r.copy), plan.View[byte](plan.Of(scratch)))
	for i := range before {
		if o.Step.Operands[i].Write && !bytes.Equal(before[i], plan.View[byte](r.copy.Buf[i])) {
			r.t.Errorf("step %d: operand %d differs", o.Index, i)
		}
	}
	return r.wrong
}

func TestObserver(t *testing.T) {
	m := newToy(newRandom())
	r := &repeater{t: t}
	e := m.engine(t, Options{Observer: r, Context: 100})
	seq, _ := e.Open()
	rows := prompt([]int32{1, 2, 3, 4, 5}, seq, 0)
	if err := e.Forward(context.Background(), rows, []int32{4}, want(t, e, "logits")); err != nil {
		t.Fatal(err)
	}
	if len(r.steps) != len(e.Program().Steps) {
		t.Errorf("observed steps %v", r.steps)
	}
	states := 0
	for _, s := range e.Program().Steps {
		for _, o := range s.Operands {
			if o.Kind == bind.Pool && o.Write {
				states++
			}
		}
	}
	if states != layers {
		t.Errorf("%d steps write states", states)
	}
	r.wrong = errors.New("it differs")
	if err := e.Forward(context.Background(), prompt([]int32{6}, seq, 5), nil, 0); err != r.wrong {
		t.Errorf("%v", err)
	}
}

func TestOutputsOnDemand(t *testing.T) {
	m := newToy(newRandom())
	r := &repeater{t: t}
	e := m.engine(t, Options{Observer: r})
	seq, _ := e.Open()
	for pos, test := range []struct {
		names []string
		steps int
	}{
		{nil, 1 + 4*layers - 1}, // all that states need: not the last layer's recall
		{[]string{"hidden"}, 1 + 4*layers + 1},
		{[]string{"hidden", "logits"}, 1 + 4*layers + 2},
	} {
		r.steps = nil
		if err := e.Forward(context.Background(), prompt([]int32{9}, seq, pos), []int32{0}, want(t, e, test.names...)); err != nil {
			t.Fatal(err)
		}
		if len(r.steps) != test.steps {
			t.Errorf("%v: steps %v, want %d of them", test.names, r.steps, test.steps)
		}
	}
	if _, err := e.Program().Want("logit"); err == nil {
		t.Error("there is no output logit")
	}
}
