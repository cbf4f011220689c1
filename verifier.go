package trinity

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/trinity-engine/trinity/gen/bytecode"
	"github.com/trinity-engine/trinity/runtime/exec"
	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/runtime/reference"
	"github.com/trinity-engine/trinity/runtime/workers"
)

// verifier runs each step of an engine again in the VM, on copies of what it writes: it is an exec.Observer.
type verifier struct {
	seen     map[string]*Checked
	pool     *workers.Pool
	loop     program
	spec     program
	bound    *reference.Runner
	steps    int
	progress func(done int) // may be nil
}

// program is one meaning of the kernels, and its call of the step under way.
type program struct {
	runner  *reference.Runner
	call    *plan.Call
	release func()
}

func newVerifier(threads int) *verifier {
	run := func(s reference.Stage) *reference.Runner { return reference.New(bytecode.Programs, s) }
	return &verifier{seen: map[string]*Checked{}, pool: workers.New(threads),
		loop: program{runner: run(reference.Loop)}, spec: program{runner: run(reference.Spec)}, bound: run(reference.Bound)}
}

// Before runs both programs, for the step may overwrite its inputs.
func (v *verifier) Before(s *exec.Observation) (err error) {
	for _, p := range []*program{&v.loop, &v.spec} {
		if p.call, p.release, err = s.Copy(); err == nil {
			err = v.run(p.runner, s.Kernel, p.call)
		}
		if err != nil {
			v.release()
			return err
		}
	}
	return nil
}

// release gives the copies back.
func (v *verifier) release() {
	for _, p := range []*program{&v.loop, &v.spec} {
		if p.release != nil {
			p.release()
			p.release = nil
		}
	}
}

// run interprets all items of a call.
func (v *verifier) run(r *reference.Runner, k *plan.Kernel, c *plan.Call) error {
	items, grain, err := r.Work(k, c)
	if err != nil {
		return err
	}
	return v.pool.Do(items, grain, &interpretation{r, k, c})
}

// interpretation is a call that the workers share.
type interpretation struct {
	runner *reference.Runner
	kernel *plan.Kernel
	call   *plan.Call
}

func (i *interpretation) Run(_, lo, hi int) error {
	return i.runner.Run(i.kernel, i.call, lo, hi, nil)
}

// After compares: the native results with the scheduled program's, and those with the exact program's.
func (v *verifier) After(s *exec.Observation) error {
	defer v.release()
	c := v.checked(s)
	c.Calls++
	where := fmt.Sprintf("step %d, %s", s.Index, s.Step.Where)
	for i, operand := range s.Step.Operands {
		if !operand.Write {
			continue
		}
		native := plan.View[float32](plan.Of(s.Written(i)))
		loop := plan.View[float32](v.loop.call.Buf[i])[:len(native)]
		spec := plan.View[float32](v.spec.call.Buf[i])[:len(native)]
		for e, x := range native {
			if !same(x, loop[e]) && c.Failed == "" {
				c.Failed = fmt.Sprintf("%s, element %d: native code gives %v, its program in the VM %v", where, e, x, loop[e])
			}
			if d := ulps(loop[e], spec[e]); d > c.ULP {
				c.ULP, c.Where = d, fmt.Sprintf("%s, element %d: %v, exactly %v", where, e, loop[e], spec[e])
			}
		}
	}
	if s.Step.Kernel.Tolerance != "" {
		if err := v.tolerate(c, s, where); err != nil {
			return err
		}
	}
	if v.steps++; v.progress != nil {
		v.progress(v.steps)
	}
	return nil
}

// checked finds the record of the step's kernel, by its op's package and its own name.
func (v *verifier) checked(s *exec.Observation) *Checked {
	name := s.Step.Kernel.Name
	if dot := strings.LastIndexByte(s.Step.Op.Name, '.'); dot >= 0 {
		name = s.Step.Op.Name[:dot+1] + name
	}
	c := v.seen[name]
	if c == nil {
		c = &Checked{Kernel: name, Share: -1}
		v.seen[name] = c
	}
	return c
}

// tolerate compares the scheduled program's result with the exact one's, by the op's tolerance.
func (v *verifier) tolerate(c *Checked, s *exec.Observation, where string) error {
	exact := v.spec.call
	last := len(exact.Buf) - 1
	loop, spec := plan.View[float32](v.loop.call.Buf[last]), plan.View[float32](exact.Buf[last])
	bounds := make([]float64, len(spec))
	call := &plan.Call{Buf: append(slices.Clone(exact.Buf), plan.Of(bounds)), Dim: exact.Dim, F: exact.F}
	if err := v.run(v.bound, s.Step.Kernel, call); err != nil {
		return err
	}
	for i := range spec {
		share := part(loop[i], spec[i], bounds[i])
		if !(share <= 1) && c.Failed == "" {
			c.Failed = fmt.Sprintf("%s, element %d: the scheduled program gives %v, the exact one %v, %.3g of the tolerance", where, i, loop[i], spec[i], share)
		}
		c.Share = max(c.Share, share)
	}
	return nil
}

// part is how much of its bound the difference of two values takes.
func part(a, b float32, bound float64) float64 {
	switch {
	case same(a, b) || a == b:
		return 0
	case bound > 0:
		return math.Abs(float64(a)-float64(b)) / bound
	}
	return math.Inf(1)
}

// same tells whether two values have the same bits, or are both NaN.
func same(a, b float32) bool {
	return math.Float32bits(a) == math.Float32bits(b) || a != a && b != b
}

// ulps counts the f32 numbers from a to b; both zeros are one.
func ulps(a, b float32) int64 {
	x, y := order(a), order(b)
	return max(x-y, y-x)
}

// order maps f32 to integers that ascend as the values do.
func order(v float32) int64 {
	bits := math.Float32bits(v)
	if bits>>31 != 0 {
		return -int64(bits &^ (1 << 31))
	}
	return int64(bits)
}
