package main

import (
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"golang.org/x/term"
)

const (
	progressAfter = time.Second
	progressEvery = 100 * time.Millisecond
)

// progress shows on a terminal how far work is that takes more than a second.
type progress struct {
	what        string
	done, total atomic.Int64
	ended, gone chan struct{}
}

func startProgress(what string) *progress {
	p := &progress{what: what, ended: make(chan struct{}), gone: make(chan struct{})}
	if !term.IsTerminal(int(os.Stderr.Fd())) {
		close(p.gone)
		return p
	}
	go p.show()
	return p
}

// set says how far the work is.
func (p *progress) set(done, total int) {
	p.total.Store(int64(total))
	p.done.Store(int64(done))
}

// stop wipes the line; it may be called again.
func (p *progress) stop() {
	select {
	case <-p.ended:
	default:
		close(p.ended)
	}
	<-p.gone
}

func (p *progress) show() {
	defer close(p.gone)
	for next, shown := progressAfter, false; ; next = progressEvery {
		select {
		case <-p.ended:
			if shown {
				fmt.Fprint(os.Stderr, "\r\x1b[K")
			}
			return
		case <-time.After(next):
			fmt.Fprintf(os.Stderr, "\r%s …\x1b[K", p)
			shown = true
		}
	}
}

func (p *progress) String() string {
	total := p.total.Load()
	if total == 0 {
		return p.what
	}
	done := min(p.done.Load(), total)
	return fmt.Sprintf("%s %d/%d (%d %%)", p.what, done, total, 100*done/total)
}
