package exec

import (
	"fmt"

	"github.com/trinity-engine/trinity/runtime/bind"
	"github.com/trinity-engine/trinity/runtime/cpu"
	"github.com/trinity-engine/trinity/runtime/eval"
	"github.com/trinity-engine/trinity/runtime/memory"
	"github.com/trinity-engine/trinity/runtime/pages"
	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/runtime/workers"
)

// Engine runs one program. Its methods may not be called at the same time.
type Engine struct {
	program *bind.Program
	options Options
	kernels []*plan.Kernel // of each step, in the form that runs
	pool    *workers.Pool
	table   *pages.Table
	arena   memory.Region
	pools   []memory.Region // of each state
	offsets []int           // of each buffer, in the arena
	scratch [][]byte        // of each worker
	limit   int             // tokens are below it; 0: any

	tokens, seqs, poss, outs []int32 // inputs
	places                   []pages.Place
	chunk                    []int32 // outs of a chunk
	schedules                map[bind.Outputs]*schedule
	frame                    frame
	job                      job
}

// New makes an engine. It reserves address space for the largest batch and for full contexts,
// and takes memory as it is used.
func New(p *bind.Program, o Options) (*Engine, error) {
	o = o.filled()
	e := &Engine{program: p, options: o, schedules: map[bind.Outputs]*schedule{}}
	if err := e.reserve(); err != nil {
		e.Close()
		return nil, fmt.Errorf("exec: %w", err)
	}
	e.frame.prepare(e)
	e.pool = workers.New(o.Threads)
	e.scratch = make([][]byte, e.pool.Size())
	e.job.engine = e
	if err := e.pack(); err != nil {
		e.Close()
		return nil, fmt.Errorf("exec: %w", err)
	}
	return e, nil
}

// reserve makes the page table and all memory.
func (e *Engine) reserve() (err error) {
	o, p := &e.options, e.program
	page := 64
	if len(p.States) > 0 {
		page = p.States[0].Page
	}
	for _, in := range p.Inputs {
		switch {
		case in.Limit == 0:
		case in.Kind == bind.Tokens && (e.limit == 0 || in.Limit < e.limit):
			e.limit = in.Limit
		case in.Kind == bind.Places: // as many positions as the model has rows for
			o.Context = min(o.Context, in.Limit)
		}
	}
	if e.table, err = pages.New(o.Sequences, o.Context, page, o.Pages); err != nil {
		return err
	}
	for i := range p.Steps {
		k := p.Steps[i].Kernel
		if n, native := o.Runner.(Native); native {
			if k.Run == nil {
				return fmt.Errorf("kernel %s has no native code", k.Name)
			}
			variant, err := cpu.Choose(n.CPU)
			if err != nil {
				return err
			}
			k = cpu.Kernel(k, variant)
		}
		e.kernels = append(e.kernels, k)
	}
	most := eval.Batch{T: o.Batch, R: o.Outputs, Sequences: o.Sequences, Pages: e.table.Span()}
	var size int
	if e.offsets, size, err = p.Layout(most); err != nil {
		return err
	}
	if e.arena, err = memory.Reserve(size, size); err != nil {
		return fmt.Errorf("the arena of a batch of %d: %w", o.Batch, err)
	}
	e.pools = make([]memory.Region, len(p.States))
	for i, s := range p.States {
		bytes, ok := eval.Mul(int64(s.Bytes), int64(e.table.Capacity()))
		if !ok || int64(int(bytes)) != bytes {
			return fmt.Errorf("state %s: a context of %d is too large", s.Name, o.Context)
		}
		if e.pools[i], err = memory.Reserve(int(bytes), s.Bytes); err != nil {
			return fmt.Errorf("a context of %d: %w", o.Context, err)
		}
	}
	e.tokens, e.seqs, e.poss = make([]int32, o.Batch), make([]int32, o.Batch), make([]int32, o.Batch)
	e.outs, e.chunk = make([]int32, o.Outputs), make([]int32, o.Outputs)
	e.places = make([]pages.Place, o.Batch)
	return nil
}

// Close ends the workers and gives the memory back.
func (e *Engine) Close() {
	if e.pool != nil {
		e.pool.Close()
	}
	_ = e.arena.Release()
	for i := range e.pools {
		_ = e.pools[i].Release()
	}
}

// Program gives what the engine runs, Threads how many workers it has, Batch the rows a batch
// may have, Context the positions a sequence may have.
func (e *Engine) Program() *bind.Program { return e.program }
func (e *Engine) Threads() int           { return e.pool.Size() }
func (e *Engine) Batch() int             { return e.options.Batch }
func (e *Engine) Context() int           { return e.options.Context }

// Memory gives the bytes of states in use.
func (e *Engine) Memory() int {
	n := 0
	for _, s := range e.program.States {
		n += s.Bytes * e.table.InUse()
	}
	return n
}

// Open gives an empty sequence, Free gives one back.
func (e *Engine) Open() (int32, error)       { return e.table.Open() }
func (e *Engine) Free(seq int32) error       { return e.table.Close(seq) }
func (e *Engine) Len(seq int32) (int, error) { return e.table.Len(seq) }

// Truncate drops the positions of seq from n on.
func (e *Engine) Truncate(seq int32, n int) error { return e.table.Truncate(seq, n) }

// Fork gives a sequence that starts as a copy of seq, and shares its pages.
func (e *Engine) Fork(seq int32) (int32, error) { return e.table.Fork(seq) }

// copyPage copies one page of every state.
func (e *Engine) copyPage(dst, src int32) {
	for i, s := range e.program.States {
		pool := e.pools[i].Bytes
		copy(pool[int(dst)*s.Bytes:][:s.Bytes], pool[int(src)*s.Bytes:])
	}
}

// Output gives the f32 values of output i, [R, …], of the last Forward, which must have wanted
// it. They are overwritten by the next.
func (e *Engine) Output(i int) []float32 {
	b := e.program.Outputs[i].Buffer
	n, err := e.program.Buffers[b].Values(&e.frame.batch)
	if err != nil || e.frame.batch.T == 0 {
		return nil
	}
	return plan.View[float32](e.slot(b, 4*n))
}

// slot gives the memory of a buffer.
func (e *Engine) slot(buffer, bytes int) plan.Buf {
	at := e.offsets[buffer]
	return plan.Of(e.arena.Bytes[at : at+bytes : at+bytes])
}
