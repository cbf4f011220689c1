package workers

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"testing"
	"unsafe"
)

// count counts how often each item is done, and what ranges are given.
type count struct {
	done  []atomic.Int32
	grain int
	busy  []atomic.Bool // workers
	bad   atomic.Pointer[string]
}

func (c *count) Run(worker, lo, hi int) error {
	if !c.busy[worker].CompareAndSwap(false, true) {
		s := fmt.Sprintf("worker %d runs twice", worker)
		c.bad.Store(&s)
	}
	if lo >= hi || lo%c.grain != 0 || hi%c.grain != 0 && hi != len(c.done) {
		s := fmt.Sprintf("range %d to %d of %d, grain %d", lo, hi, len(c.done), c.grain)
		c.bad.Store(&s)
	}
	for i := lo; i < hi; i++ {
		c.done[i].Add(1)
	}
	c.busy[worker].Store(false)
	return nil
}

func TestEveryItemOnce(t *testing.T) {
	const seed = 1
	random := rand.New(rand.NewPCG(seed, seed))
	for _, n := range []int{1, 2, 3, 8} {
		p := New(n)
		for range 2000 {
			c := &count{done: make([]atomic.Int32, random.IntN(300)), grain: 1 + random.IntN(9), busy: make([]atomic.Bool, n)}
			if err := p.Do(len(c.done), c.grain, c); err != nil {
				t.Fatal(err)
			}
			if bad := c.bad.Load(); bad != nil {
				t.Fatalf("seed %d: %s", seed, *bad)
			}
			for i := range c.done {
				if k := c.done[i].Load(); k != 1 {
					t.Fatalf("seed %d: %d workers, grain %d: item %d done %d times", seed, n, c.grain, i, k)
				}
			}
		}
		p.Close()
		p.Close()
	}
}

type function func(worker, lo, hi int) error

func (f function) Run(worker, lo, hi int) error { return f(worker, lo, hi) }

func TestErrors(t *testing.T) {
	p := New(4)
	defer p.Close()
	wrong := errors.New("wrong")
	for range 100 {
		err := p.Do(100, 1, function(func(_, lo, hi int) error {
			if lo <= 50 && 50 < hi {
				return wrong
			}
			if lo > 50 {
				return errors.New("later")
			}
			return nil
		}))
		if err != wrong {
			t.Fatalf("%v", err)
		}
	}
	for _, work := range []int{1, 100} {
		err := p.Do(work, 1, function(func(_, lo, _ int) error {
			if lo == 0 {
				var none []int
				_ = none[work]
			}
			return nil
		}))
		if e, ok := errors.AsType[*PanicError](err); !ok || len(e.Stack) == 0 {
			t.Errorf("a panic gives %v", err)
		}
		err = p.Do(work, 1, function(func(_, lo, _ int) error {
			if lo == 0 {
				*(*byte)(unsafe.Add(unsafe.Pointer(t), 1<<46)) = 1
			}
			return nil
		}))
		if _, ok := errors.AsType[*PanicError](err); !ok {
			t.Errorf("a fault gives %v", err)
		}
	}
	if err := p.Do(100, 1, function(func(int, int, int) error { return nil })); err != nil {
		t.Errorf("after errors: %v", err)
	}
}

type nothing struct{}

func (nothing) Run(int, int, int) error { return nil }

func TestNoAllocation(t *testing.T) {
	p := New(2)
	defer p.Close()
	if n := testing.AllocsPerRun(100, func() { _ = p.Do(64, 1, nothing{}) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func BenchmarkBarrier(b *testing.B) {
	for _, n := range []int{1, 2} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			p := New(n)
			defer p.Close()
			for b.Loop() {
				_ = p.Do(64, 1, nothing{})
			}
		})
	}
}

// meeting is a task of two items that go on only when both have begun: two workers must take part.
type meeting struct{ begun atomic.Int64 }

func (m *meeting) Run(int, int, int) error {
	x := uint32(0)
	for n := (m.begun.Add(1) + 1) &^ 1; m.begun.Load() < n; {
		x = idle(x)
	}
	return nil
}

func BenchmarkMeeting(b *testing.B) {
	p := New(2)
	defer p.Close()
	m := &meeting{}
	for b.Loop() {
		_ = p.Do(2, 1, m)
	}
}
