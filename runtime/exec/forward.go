package exec

import (
	"context"
	"fmt"
	"runtime/debug"

	"github.com/trinity-engine/trinity/runtime/bind"
	"github.com/trinity-engine/trinity/runtime/pages"
	"github.com/trinity-engine/trinity/runtime/workers"
)

// Forward runs a batch: rows of any open sequences, the positions of each following those
// that it has. The rows out[0], out[1], … reach the outputs, and of those the set want
// is computed, to be read by Output. Sequences grow by their rows when it returns nil;
// after an error they are as before.
func (e *Engine) Forward(ctx context.Context, rows []Row, out []int32, want bind.Outputs) error {
	if len(rows) == 0 {
		return nil
	}
	if err := e.load(rows, out); err != nil {
		return err
	}
	if err := e.frame.fit(e, len(rows), len(out)); err != nil {
		return err
	}
	if err := e.table.Reserve(e.places[:len(rows)], e.copyPage); err != nil {
		return err
	}
	todo, err := e.schedule(want)
	if err != nil {
		return err
	}
	stop := ctx.Done()
	for i := range todo.passes {
		select {
		case <-stop:
			return context.Cause(ctx)
		default:
		}
		if err := e.pass(&todo.passes[i]); err != nil {
			return err
		}
	}
	e.table.Commit()
	return nil
}

// load checks a batch and puts it where the steps find it.
func (e *Engine) load(rows []Row, out []int32) error {
	if len(rows) > len(e.tokens) || len(out) > len(e.outs) {
		return fmt.Errorf("exec: a batch of %d rows with %d outputs, at most %d and %d are possible", len(rows), len(out), len(e.tokens), len(e.outs))
	}
	for i, r := range rows {
		if r.Token < 0 || e.limit > 0 && int(r.Token) >= e.limit {
			return fmt.Errorf("exec: row %d: token %d is not one of the model's %d", i, r.Token, e.limit)
		}
	}
	for _, o := range out {
		if o < 0 || int(o) >= len(rows) {
			return fmt.Errorf("exec: output row %d is not in a batch of %d", o, len(rows))
		}
	}
	for i, r := range rows {
		e.tokens[i], e.seqs[i], e.poss[i] = r.Token, r.Seq, r.Pos
		e.places[i] = pages.Place{Seq: r.Seq, Pos: r.Pos}
	}
	copy(e.outs, out)
	return nil
}

// pass runs one pass.
func (e *Engine) pass(p *pass) error {
	if e.options.Observer == nil {
		return e.run(p)
	}
	i := p.chains[0].steps[0]
	o := Observation{Step: &e.program.Steps[i], Kernel: e.kernels[i], Call: &e.frame.calls[i].Call, Index: i, pages: e.table.Used()}
	if err := e.options.Observer.Before(&o); err != nil {
		return err
	}
	if err := e.run(p); err != nil {
		return err
	}
	return e.options.Observer.After(&o)
}

func (e *Engine) run(p *pass) error {
	e.job.pass = p
	grain := 1
	if p.alone {
		grain = p.pieces
	}
	return e.pool.Do(p.pieces, grain, &e.job)
}

// job is the pass that the workers share.
type job struct {
	engine *Engine
	pass   *pass
}

// Run runs some of the pieces.
func (j *job) Run(worker, lo, hi int) error {
	for i := range j.pass.chains {
		c := &j.pass.chains[i]
		if lo < c.pieces {
			if err := j.engine.follow(c, worker, lo, min(hi, c.pieces)); err != nil {
				return err
			}
		}
		if hi <= c.pieces {
			break
		}
		lo, hi = max(lo-c.pieces, 0), hi-c.pieces
	}
	return nil
}

// follow runs the steps of a chain on some of its pieces.
func (e *Engine) follow(c *chain, worker, lo, hi int) (err error) {
	step := 0
	defer func() {
		if v := recover(); v != nil {
			err = &workers.PanicError{Value: v, Stack: debug.Stack()}
		}
		if err != nil {
			err = stepError(&e.program.Steps[step], err)
		}
	}()
	for k, s := range c.steps {
		step = s
		call := &e.frame.calls[s]
		from, to := lo*c.items[k], min(hi*c.items[k], call.items)
		if from == to {
			continue
		}
		if err := e.options.Runner.Run(call.kernel, &call.Call, from, to, e.scratch[worker]); err != nil {
			return err
		}
	}
	return nil
}

// Each runs any number of rows, in batches: in order, and cut so that a batch has no more rows
// and outputs than an engine allows. out must ascend. After each batch that holds outputs, visit
// is told that Output now gives the rows out[lo:hi]. Rows that can't all be run are refused
// before any is; after a later error the sequences have grown by the batches done.
func (e *Engine) Each(ctx context.Context, rows []Row, out []int32, want bind.Outputs, visit func(lo, hi int) error) error {
	for i, o := range out {
		if o < 0 || int(o) >= len(rows) || i > 0 && o <= out[i-1] {
			return fmt.Errorf("exec: output rows must ascend and be among the %d rows", len(rows))
		}
	}
	places := make([]pages.Place, len(rows))
	for i, r := range rows {
		places[i] = pages.Place{Seq: r.Seq, Pos: r.Pos}
	}
	if err := e.table.Check(places); err != nil {
		return err
	}
	for start, lo := 0, 0; start < len(rows); {
		end, hi := min(start+len(e.tokens), len(rows)), lo
		for hi < len(out) && int(out[hi]) < end {
			if hi-lo == len(e.outs) {
				end = int(out[hi])
				break
			}
			e.chunk[hi-lo] = out[hi] - int32(start)
			hi++
		}
		wanted := want
		if hi == lo {
			wanted = 0
		}
		if err := e.Forward(ctx, rows[start:end], e.chunk[:hi-lo], wanted); err != nil {
			return err
		}
		if hi > lo && visit != nil {
			if err := visit(lo, hi); err != nil {
				return err
			}
		}
		start, lo = end, hi
	}
	return nil
}
