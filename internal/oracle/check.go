package oracle

import (
	"fmt"
	"slices"

	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/vm"
)

// Check runs a case in all ways; ran counts the items of work that each variant computed.
func (b *Bench) Check(k *Kernel, c *Case, ran map[string]int) error {
	n, err := vm.Work(k.Loop, c.Dims)
	if err != nil {
		return err
	}
	loop, err := interpret(k.Loop, c, c.buffers(), split(c.rand, n))
	if err != nil {
		return fmt.Errorf("the scheduled program: %w", err)
	}
	exact, err := interpret(k.Spec, c, c.buffers(), split(c.rand, n))
	if err != nil {
		return fmt.Errorf("the exact program: %w", err)
	}
	own := map[string][][]byte{}
	for name, p := range k.Own {
		if own[name], err = interpret(p, c, c.buffers(), split(c.rand, n)); err != nil {
			return fmt.Errorf("the program scheduled for %s: %w", name, err)
		}
	}
	if !c.Wild || k.Bound == nil {
		if err := k.agree(c, loop, exact); err != nil {
			return fmt.Errorf("scheduled and exact program: %w", err)
		}
		for name, results := range own {
			if err := k.agree(c, results, exact); err != nil {
				return fmt.Errorf("the program scheduled for %s and the exact one: %w", name, err)
			}
		}
	}
	for _, v := range k.Variants {
		if items := k.Work(&plan.Call{Dim: c.Dims, F: c.F}); items != n {
			return fmt.Errorf("%s: %d items of work, the VM says %d", v.Name, items, n)
		}
		want := loop
		if results, ok := own[v.Name]; ok {
			want = results
		}
		for _, atEnd := range []bool{true, false} {
			native, err := b.native(k, v, c, atEnd, split(c.rand, n))
			if err != nil {
				return fmt.Errorf("%s: %w", v.Name, err)
			}
			for i, m := range c.Bufs {
				if err := same(m.Elem, native[i], want[i]); err != nil {
					return fmt.Errorf("%s and the scheduled program: %s: %w", v.Name, m.Name, err)
				}
			}
		}
		ran[v.Name] += n
	}
	return b.parts(k, c, n, loop, exact)
}

func (c *Case) buffers() (out [][]byte) {
	for _, m := range c.Bufs {
		out = append(out, slices.Clone(m.Data))
	}
	return out
}

// interpret runs a program over ranges of work.
func interpret(p *vm.Program, c *Case, bufs [][]byte, ranges [][2]int) ([][]byte, error) {
	var m vm.Machine
	args := &vm.Args{Bufs: bufs, Dims: c.Dims, Scalars: c.F}
	for _, r := range ranges {
		if err := m.Run(p, args, r[0], r[1], vm.Limits{}); err != nil {
			return nil, err
		}
	}
	return bufs, nil
}

// agree compares the scheduled program's results with the exact one's: within the tolerance,
// bit for bit where there is none, or where the values are such that none is needed.
func (k *Kernel) agree(c *Case, loop, exact [][]byte) error {
	bounds := map[int][]float64{}
	if k.Bound != nil {
		var err error
		if bounds, err = k.bounds(c, exact); err != nil {
			return err
		}
	}
	for i, m := range c.Bufs {
		if !m.Write {
			continue
		}
		err := error(nil)
		if bound, ok := bounds[i]; ok {
			err = within(m.Elem, loop[i], exact[i], bound)
		}
		if _, ok := bounds[i]; err == nil && (!ok || k.Op.Exact && c.Kind == Lattice) {
			err = same(m.Elem, loop[i], exact[i])
		}
		if err != nil {
			return fmt.Errorf("%s: %w", m.Name, err)
		}
	}
	return nil
}

// bounds runs the tolerance program: for each buffer that has one, a bound for each element.
func (k *Kernel) bounds(c *Case, exact [][]byte) (map[int][]float64, error) {
	out := map[int][]float64{}
	args := slices.Clone(exact)
	for j := len(exact); j < len(k.Bound.Bufs) && k.Bound.Bufs[j].Role == vm.Out; j++ {
		for i, m := range c.Bufs {
			if k.Bound.Bufs[j].Name == m.Name+"Tolerance" {
				out[i] = make([]float64, len(m.Data)/m.Elem.Bytes())
				args = append(args, plan.View[byte](plan.Of(out[i])))
			}
		}
	}
	n, err := vm.Work(k.Bound, c.Dims)
	if err != nil {
		return nil, err
	}
	if _, err = interpret(k.Bound, c, args, [][2]int{{0, n}}); err != nil {
		return nil, fmt.Errorf("the tolerance: %w", err)
	}
	return out, nil
}
