package exec

import (
	"github.com/trinity-engine/trinity/runtime/bind"
	"github.com/trinity-engine/trinity/runtime/plan"
)

// Row is one row of a batch.
type Row struct{ Token, Seq, Pos int32 }

// Options are how an Engine runs; the zero value is a good choice for one chat.
type Options struct {
	Threads   int // workers; 0: GOMAXPROCS
	Batch     int // rows a batch may have; 0: 256
	Outputs   int // rows of a batch that may reach the outputs; 0: 32, or Batch where that is less
	Context   int // positions a sequence may have; 0: 2048; less where the model embeds fewer
	Sequences int // 0: 1
	Pages     int // pages in all; 0: as many as the sequences can fill
	Runner    Runner
	Observer  Observer
}

func (o Options) filled() Options {
	fill := func(v *int, otherwise int) {
		if *v <= 0 {
			*v = otherwise
		}
	}
	fill(&o.Batch, 256)
	fill(&o.Outputs, 32)
	o.Outputs = min(o.Outputs, o.Batch)
	fill(&o.Context, 2048)
	fill(&o.Sequences, 1)
	o.Pages = max(o.Pages, 0)
	if o.Runner == nil {
		o.Runner = Native{}
	}
	return o
}

// Runner executes kernel calls. Run is called from several goroutines.
type Runner interface {
	// Work gives the number of items of a call, and what ranges are best a multiple of.
	Work(k *plan.Kernel, c *plan.Call) (items, grain int, err error)
	// Run computes the items lo <= i < hi. scratch is aligned to 64 bytes, and at
	// least k.Scratch(c) long.
	Run(k *plan.Kernel, c *plan.Call, lo, hi int, scratch []byte) error
}

// Native runs the kernels' own code, in their forms for a variant of package cpu; "" is the best that this
// processor has.
type Native struct{ CPU string }

// Work gives the kernel's own.
func (Native) Work(k *plan.Kernel, c *plan.Call) (items, grain int, err error) {
	return k.Work(c), k.Grain, nil
}

// Run calls the kernel.
func (Native) Run(k *plan.Kernel, c *plan.Call, lo, hi int, scratch []byte) error {
	k.Run(c, lo, hi, scratch)
	return nil
}

// Observer sees each step before and after it runs, on the goroutine that called Forward;
// nothing else runs then. Its error ends Forward. What it is given is valid until it returns.
type Observer interface {
	Before(*Observation) error
	After(*Observation) error
}

// Observation is a step and its call, on the memory that it works on.
type Observation struct {
	Step   *bind.Step
	Kernel *plan.Kernel // of the step, as the engine runs it
	Call   *plan.Call
	Index  int // of the step in the program
	pages  int // that were ever used
}
