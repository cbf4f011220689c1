package workers

import (
	"fmt"
	"runtime/debug"
)

// spins is how often a waiter looks before it sleeps: some 50 µs, more than there is between
// two steps of a model and less than there is between two tokens.
const spins = 2500

// idle keeps a processor busy for some 20 ns with little use of what it shares with its twin.
//
//go:noinline
func idle(x uint32) uint32 {
	for range 12 {
		x = x*1664525 + 1013904223
	}
	return x
}

// serve is the life of a worker.
func (p *Pool) serve(worker int) {
	defer p.all.Done()
	debug.SetPanicOnFault(true)
	for seen := uint32(0); !p.closed.Load(); {
		seen = p.next(worker, seen)
		p.help(worker)
	}
}

// next waits until the epoch is not seen, and gives it.
func (p *Pool) next(worker int, seen uint32) uint32 {
	s, x := &p.sleepers[worker], uint32(0)
	for {
		for range spins {
			if e := p.epoch.v.Load(); e != seen {
				return e
			}
			x = idle(x)
		}
		s.asleep.Store(true)
		if p.epoch.v.Load() != seen && s.asleep.CompareAndSwap(true, false) {
			continue
		}
		<-s.wake
	}
}

// rouse wakes a worker that sleeps.
func (s *sleeper) rouse() {
	if s.asleep.Load() && s.asleep.CompareAndSwap(true, false) {
		s.wake <- struct{}{}
	}
}

// wait waits until no chunk is pending. A worker that finished the job before may wake it
// too early.
func (p *Pool) wait() {
	x := uint32(0)
	for {
		for range spins {
			if p.pending.v.Load() == 0 {
				return
			}
			x = idle(x)
		}
		p.waiting.v.Store(true)
		if p.pending.v.Load() == 0 && p.waiting.v.CompareAndSwap(true, false) {
			return
		}
		<-p.done
	}
}

// PanicError is a panic of a task.
type PanicError struct {
	Value any
	Stack []byte
}

func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// safely runs items and makes a panic an error.
func safely(task Task, worker, lo, hi int) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{v, debug.Stack()}
		}
	}()
	return task.Run(worker, lo, hi)
}
