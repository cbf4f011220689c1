package sample

// A window counts the last tokens.
type window struct {
	counts []int32 // of each token of the vocabulary; nil: nothing is counted
	ring   []int32 // the last tokens; nil: all count
	next   int     // where the ring goes on
	full   bool
}

// newWindow counts the last n tokens of a vocabulary: 0 none, -1 all.
func newWindow(n, vocab int) window {
	switch {
	case n == 0:
		return window{}
	case n < 0:
		return window{counts: make([]int32, vocab)}
	}
	return window{counts: make([]int32, vocab), ring: make([]int32, n)}
}

func (w *window) add(id int) {
	if id < 0 || id >= len(w.counts) {
		return
	}
	w.counts[id]++
	if w.ring == nil {
		return
	}
	if w.full {
		w.counts[w.ring[w.next]]--
	}
	w.ring[w.next] = int32(id)
	if w.next++; w.next == len(w.ring) {
		w.next, w.full = 0, true
	}
}

func (w *window) reset() {
	clear(w.counts)
	w.next, w.full = 0, false
}
