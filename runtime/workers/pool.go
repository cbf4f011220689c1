package workers

import (
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
)

// Task computes the items lo <= i < hi. Calls with different items may run at the same
// time, those of one worker do not. worker is less than Pool.Size.
type Task interface {
	Run(worker, lo, hi int) error
}

// chunksEach is how many chunks of work a worker gets, on average: more balance better, fewer
// cost less.
const chunksEach = 8

// Pool is a set of workers. Its methods may not be called at the same time.
//
// Work is cut into chunks, and each worker has a segment of them, which it goes through in
// order before it helps others. The job is written before the segments are filled, and read
// only after a chunk was claimed: so a late worker sees either nothing to do or the current
// job. The caller waits for the chunks and not for the workers.
type Pool struct {
	task        Task // the job: its items, and items a chunk
	work, chunk int

	epoch   padded[atomic.Uint32] // changes with each job
	pending padded[atomic.Int32]  // chunks not done
	waiting padded[atomic.Bool]   // the caller sleeps until pending is 0
	done    chan struct{}

	segments []padded[atomic.Uint64] // of each worker: next chunk<<32 | end
	sleepers []sleeper               // of each worker
	closed   atomic.Bool
	all      sync.WaitGroup

	failed sync.Mutex
	err    error // of the lowest chunk that failed
	errAt  int
}

// padded keeps what different processors write on different cache lines.
type padded[T any] struct {
	v T
	_ [128]byte
}

// sleeper is where a worker without work sleeps.
type sleeper struct {
	asleep atomic.Bool
	wake   chan struct{}
}

// New starts a pool of n workers, the caller of Do among them; 0: as many as GOMAXPROCS.
func New(n int) *Pool {
	if n <= 0 {
		n = runtime.GOMAXPROCS(0)
	}
	p := &Pool{done: make(chan struct{}, 1), segments: make([]padded[atomic.Uint64], n), sleepers: make([]sleeper, n)}
	for w := 1; w < n; w++ {
		p.sleepers[w].wake = make(chan struct{}, 1)
		p.all.Add(1)
		go p.serve(w)
	}
	return p
}

// Size gives the number of workers.
func (p *Pool) Size() int { return len(p.segments) }

// Close ends the workers and waits for them.
func (p *Pool) Close() {
	if p.closed.Swap(true) {
		return
	}
	p.epoch.v.Add(1)
	for w := 1; w < p.Size(); w++ {
		p.sleepers[w].rouse()
	}
	p.all.Wait()
}

// Do runs task over the items 0 <= i < work, in ranges that are multiples of grain. Of several
// errors it gives that of the lowest items. It does not allocate unless task fails.
func (p *Pool) Do(work, grain int, task Task) error {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	grain = max(grain, 1)
	if p.Size() == 1 || work <= grain {
		if work <= 0 {
			return nil
		}
		return safely(task, 0, 0, work)
	}
	n := p.Size()
	p.task, p.work = task, work
	p.chunk = roundUp(roundUp(work, n*chunksEach)/(n*chunksEach), grain)
	p.err = nil
	chunks := (work-1)/p.chunk + 1
	p.pending.v.Store(int32(chunks))
	for s := range n {
		p.segments[s].v.Store(uint64(chunks*s/n)<<32 | uint64(chunks*(s+1)/n))
	}
	p.epoch.v.Add(1)
	for w := 1; w < min(n, chunks); w++ {
		p.sleepers[w].rouse()
	}
	p.help(0)
	p.wait()
	p.task = nil
	return p.err
}

func roundUp(n, to int) int { return (n + to - 1) / to * to }

// help claims and runs chunks until there are none, first those of worker's own segment.
func (p *Pool) help(worker int) {
	n := p.Size()
	for s := worker; s < worker+n; s++ {
		segment := &p.segments[s%n].v
		for c := segment.Load(); c>>32 < c&(1<<32-1); c = segment.Load() {
			if segment.CompareAndSwap(c, c+1<<32) {
				p.run(worker, int(c>>32))
			}
		}
	}
}

// run runs a claimed chunk.
func (p *Pool) run(worker, chunk int) {
	lo := chunk * p.chunk
	if err := safely(p.task, worker, lo, min(lo+p.chunk, p.work)); err != nil {
		p.failed.Lock()
		if p.err == nil || chunk < p.errAt {
			p.err, p.errAt = err, chunk
		}
		p.failed.Unlock()
	}
	if p.pending.v.Add(-1) == 0 && p.waiting.v.CompareAndSwap(true, false) {
		p.done <- struct{}{}
	}
}
