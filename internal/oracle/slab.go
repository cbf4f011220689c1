package oracle

import (
	"bytes"
	"fmt"
	"unsafe"

	"github.com/trinity-engine/trinity/runtime/plan"
)

// A slab lends memory that ends, or starts, at a page that nothing may touch. On the other
// side lie canaries.
type slab struct {
	memory []byte
	used   []byte
	at     int       // where it starts
	near   [2][]byte // canaries before and after
}

const (
	canaries = 4096
	canary   = 0xa5
)

// lend gives n bytes at the slab's end or start.
func (s *slab) lend(n int, atEnd bool) ([]byte, error) {
	if len(s.memory) < n+canaries {
		size := 1 << 16
		for size < n+canaries {
			size *= 2
		}
		var err error
		if s.memory, err = guarded(size); err != nil {
			return nil, err
		}
	}
	lo := 0
	if atEnd {
		lo = len(s.memory) - n
	}
	hi := lo + n
	s.at = lo
	s.used = s.memory[lo:hi:hi]
	s.near = [2][]byte{s.memory[max(lo-canaries, 0):lo], s.memory[hi:min(hi+canaries, len(s.memory))]}
	for _, c := range s.near {
		for i := range c {
			c[i] = canary
		}
	}
	return s.used, nil
}

// buf is what was lent; even of nothing it has a place.
func (s *slab) buf() plan.Buf {
	return plan.Buf{Ptr: unsafe.Add(unsafe.Pointer(unsafe.SliceData(s.memory)), s.at), Len: len(s.used)}
}

// check tells whether something was written beside what was lent.
func (s *slab) check() error {
	for _, c := range s.near {
		if bytes.Count(c, []byte{canary}) != len(c) {
			return fmt.Errorf("bytes beside it were written")
		}
	}
	return nil
}
