package reference

import (
	"fmt"
	"io/fs"
	"sync"

	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/vm"
)

// Stage is which program of a kernel is run.
type Stage uint8

const (
	Loop Stage = iota
	Spec
	Bound // the tolerance between them: a call has the exact results, then the f64 bounds
)

// Runner runs kernels' bytecode; it is an exec.Runner.
type Runner struct {
	stage    Stage
	files    fs.FS
	mu       sync.Mutex
	programs map[string]*vm.Program
	machines sync.Pool
}

// New makes a runner for programs in files, NAME.vbc each.
func New(files fs.FS, stage Stage) *Runner {
	return &Runner{stage: stage, files: files, programs: map[string]*vm.Program{},
		machines: sync.Pool{New: func() any { return new(machine) }}}
}

type machine struct {
	vm.Machine
	args vm.Args
}

func (r *Runner) program(k *plan.Kernel) (*vm.Program, error) {
	name := k.Loop
	switch r.stage {
	case Spec:
		name = k.Spec
	case Bound:
		name = k.Tolerance
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if p := r.programs[name]; p != nil {
		return p, nil
	}
	data, err := fs.ReadFile(r.files, name+".vbc")
	if err != nil {
		return nil, fmt.Errorf("reference: kernel %s has no program %s", k.Name, name)
	}
	p, err := vm.Decode(data)
	if err != nil {
		return nil, fmt.Errorf("reference: %s: %w", name, err)
	}
	r.programs[name] = p
	return p, nil
}

// Work asks the program how many items there are.
func (r *Runner) Work(k *plan.Kernel, c *plan.Call) (items, grain int, err error) {
	p, err := r.program(k)
	if err != nil {
		return 0, 0, err
	}
	items, err = vm.Work(p, c.Dim)
	return items, max(p.Grain, 1), err
}

// Run interprets the items lo <= i < hi.
func (r *Runner) Run(k *plan.Kernel, c *plan.Call, lo, hi int, _ []byte) error {
	p, err := r.program(k)
	if err != nil {
		return err
	}
	m := r.machines.Get().(*machine)
	defer r.machines.Put(m)
	m.args.Bufs = m.args.Bufs[:0]
	for _, b := range c.Buf {
		m.args.Bufs = append(m.args.Bufs, plan.View[byte](b))
	}
	m.args.Dims, m.args.Scalars = c.Dim, c.F
	return m.Run(p, &m.args, lo, hi, vm.Limits{})
}
