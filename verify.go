package trinity

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/trinity-engine/trinity/gen/bytecode"
	"github.com/trinity-engine/trinity/runtime/exec"
	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/runtime/reference"
)

// Checked is what Verify saw of one kernel.
type Checked struct {
	Kernel string
	Calls  int
	ULP    int64   // largest difference of the exact program from the native one, in f32 steps
	Share  float64 // of the op's tolerance that was used at most; -1: it states none
	Failed string  // "" where nothing did
}

func (c Checked) String() string {
	s := fmt.Sprintf("%-32s %5d calls  exact within %d ulp", c.Kernel, c.Calls, c.ULP)
	if c.Share >= 0 {
		s += fmt.Sprintf(", %.2g of the tolerance", c.Share)
	}
	if c.Failed != "" {
		return s + "  FAILED: " + c.Failed
	}
	return s + "  same bits"
}

// Verify runs n tokens through a model and, for every step, its scheduled program in the VM on the same
// inputs, where any differing bit fails, and its exact program, where a difference beyond the op's tolerance
// fails. n is 1 or more.
func Verify(ctx context.Context, path string, n int) ([]Checked, error) {
	if n < 1 {
		return nil, fmt.Errorf("verify needs a token or more")
	}
	o := &observer{seen: map[string]*Checked{},
		loop: reference.New(bytecode.Programs, reference.Loop), spec: reference.New(bytecode.Programs, reference.Spec),
		bound: reference.New(bytecode.Programs, reference.Bound)}
	m, err := Open(path, Options{Threads: 1, Batch: 8, Context: 64 * (n/64 + 1), observer: o})
	if err != nil {
		return nil, err
	}
	defer m.Close()
	err = m.session(func(seq int32) error {
		_, err := m.prefill(ctx, seq, someTokens(n))
		return err
	})
	var out []Checked
	failed := 0
	for _, k := range slices.Sorted(maps.Keys(o.seen)) {
		out = append(out, *o.seen[k])
		if o.seen[k].Failed != "" {
			failed++
		}
	}
	if err == nil && failed > 0 {
		err = fmt.Errorf("%d of %d kernels differ from the VM", failed, len(out))
	}
	return out, err
}

// observer runs each step again in the VM, on copies of what it writes.
type observer struct {
	seen       map[string]*Checked
	loop, spec *reference.Runner
	bound      *reference.Runner
	calls      [2]*plan.Call
	release    [2]func()
}

func (o *observer) Before(s *exec.Observation) (err error) {
	for i, r := range []*reference.Runner{o.loop, o.spec} {
		if o.calls[i], o.release[i], err = s.Copy(); err != nil {
			return err
		}
		items, _, err := r.Work(s.Step.Kernel, s.Call)
		if err != nil {
			return err
		}
		if err := r.Run(s.Step.Kernel, o.calls[i], 0, items, nil); err != nil {
			return err
		}
	}
	return nil
}

func (o *observer) After(s *exec.Observation) error {
	defer o.release[0]()
	defer o.release[1]()
	name := s.Step.Kernel.Name
	c := o.seen[name]
	if c == nil {
		c = &Checked{Kernel: name, Share: -1}
		o.seen[name] = c
	}
	c.Calls++
	for i, operand := range s.Step.Operands {
		if !operand.Write {
			continue
		}
		native := s.Written(i)
		loop := plan.View[byte](o.calls[0].Buf[i])[:len(native)]
		exact := plan.View[byte](o.calls[1].Buf[i])[:len(native)]
		if !bytes.Equal(native, loop) && c.Failed == "" {
			c.Failed = "step " + s.Step.Where + ": the VM's scheduled program gives other bits"
		}
		c.ULP = max(c.ULP, ulps(native, exact))
	}
	if s.Step.Kernel.Tolerance == "" {
		return nil
	}
	share, err := o.share(s)
	if err != nil {
		return err
	}
	if c.Share = max(c.Share, share); !(share <= 1) && c.Failed == "" {
		c.Failed = fmt.Sprintf("step %s: the difference from the exact program is %.3g of the tolerance", s.Step.Where, share)
	}
	return nil
}

// share is the largest part of its tolerance that an element of the step's result takes.
func (o *observer) share(s *exec.Observation) (most float64, err error) {
	exact := o.calls[1]
	last := len(exact.Buf) - 1
	results := plan.View[float32](exact.Buf[last])
	bounds := make([]float64, len(results))
	call := &plan.Call{Buf: append(slices.Clone(exact.Buf), plan.Of(bounds)), Dim: exact.Dim, F: exact.F}
	items, _, err := o.bound.Work(s.Step.Kernel, call)
	if err != nil {
		return 0, err
	}
	if err := o.bound.Run(s.Step.Kernel, call, 0, items, nil); err != nil {
		return 0, err
	}
	for i, native := range plan.View[float32](s.Call.Buf[last]) {
		d := math.Abs(float64(native) - float64(results[i]))
		switch {
		case d == 0:
		case bounds[i] > 0:
			most = max(most, d/bounds[i])
		default:
			most = math.Inf(1)
		}
	}
	return most, nil
}

// ulps is the largest distance of f32 values, counted in representable numbers between them.
func ulps(a, b []byte) (most int64) {
	for i := 0; i+4 <= len(a); i += 4 {
		x, y := order(binary.LittleEndian.Uint32(a[i:])), order(binary.LittleEndian.Uint32(b[i:]))
		most = max(most, max(x-y, y-x))
	}
	return most
}

// order maps the bits of f32 to integers that ascend as the values do.
func order(bits uint32) int64 {
	if bits>>31 != 0 {
		return -int64(bits &^ (1 << 31))
	}
	return int64(bits)
}
