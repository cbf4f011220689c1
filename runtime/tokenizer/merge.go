package tokenizer

import (
	"math"
	"slices"
	"sync"
)

// symbol is a part of a word: at first a byte or a character, merged from there on.
type symbol struct {
	start, end uint32 // bytes of the word
	id         int32  // its token, or none
	prev, next uint32 // its neighbours, or edge
}

const edge = math.MaxUint32

// longest is how many bytes of one word are merged at once: a word beyond it is cut.
const longest = 1 << 30

// rules say which neighbours merge: the lower the rank the earlier, equal ranks
// from left to right.
type rules interface {
	merged(word string, left, right *symbol) (rank uint32, id int32, ok bool)
}

// candidate is a merge that was possible when it was queued.
type candidate struct {
	key  uint64 // rank, then index of the left symbol
	size uint32 // bytes of both
	id   int32
}

// merger holds the memory of a merge, to be used again.
type merger struct {
	symbols []symbol
	queue   queue
}

var mergers = sync.Pool{New: func() any { return new(merger) }}

// borrow gives an empty merger for n symbols.
func borrow(n int) *merger {
	m := mergers.Get().(*merger)
	m.symbols = slices.Grow(m.symbols, n)
	return m
}

// add appends a symbol of n bytes to the word.
func (m *merger) add(n int, id int32) {
	start, prev := uint32(0), uint32(edge)
	if i := len(m.symbols); i > 0 {
		prev = uint32(i - 1)
		start = m.symbols[prev].end
		m.symbols[prev].next = uint32(i)
	}
	m.symbols = append(m.symbols, symbol{start: start, end: start + uint32(n), id: id, prev: prev, next: edge})
}

// merge merges the added symbols until no rule applies, in O(n log n). What is
// left is the chain that begins at symbol 0.
func (m *merger) merge(word string, r rules) {
	for i := 1; i < len(m.symbols); i++ {
		if c, ok := m.candidate(word, r, uint32(i-1), uint32(i)); ok {
			m.queue = append(m.queue, c)
		}
	}
	m.queue.order()
	for len(m.queue) > 0 {
		c := m.queue.pop()
		at := uint32(c.key)
		left := &m.symbols[at]
		if left.end == left.start || left.next == edge {
			continue
		}
		right := &m.symbols[left.next]
		if right.end-left.start != c.size {
			continue // one of the two has grown since
		}
		left.end, left.id, left.next = right.end, c.id, right.next
		right.start = right.end
		if left.next != edge {
			m.symbols[left.next].prev = at
			if c, ok := m.candidate(word, r, at, left.next); ok {
				m.queue.push(c)
			}
		}
		if left.prev != edge {
			if c, ok := m.candidate(word, r, left.prev, at); ok {
				m.queue.push(c)
			}
		}
	}
}

func (m *merger) candidate(word string, r rules, left, right uint32) (candidate, bool) {
	a, b := &m.symbols[left], &m.symbols[right]
	rank, id, ok := r.merged(word, a, b)
	return candidate{key: uint64(rank)<<32 | uint64(left), size: b.end - a.start, id: id}, ok
}

// release empties m and gives it back, unless its memory is large.
func (m *merger) release() {
	if cap(m.symbols) > 1<<16 {
		return
	}
	m.symbols, m.queue = m.symbols[:0], m.queue[:0]
	mergers.Put(m)
}

// queue is a binary heap: the least key comes first.
type queue []candidate

func (q queue) order() {
	for i := len(q)/2 - 1; i >= 0; i-- {
		q.sink(i)
	}
}

func (q *queue) push(c candidate) {
	h := append(*q, c)
	i := len(h) - 1
	for i > 0 {
		up := (i - 1) / 2
		if h[up].key <= c.key {
			break
		}
		h[i], i = h[up], up
	}
	h[i] = c
	*q = h
}

func (q *queue) pop() candidate {
	h := *q
	top := h[0]
	h[0] = h[len(h)-1]
	*q = h[:len(h)-1]
	q.sink(0)
	return top
}

func (q queue) sink(i int) {
	if i >= len(q) {
		return
	}
	c := q[i]
	for {
		down := 2*i + 1
		if down >= len(q) {
			break
		}
		if down+1 < len(q) && q[down+1].key < q[down].key {
			down++
		}
		if c.key <= q[down].key {
			break
		}
		q[i], i = q[down], down
	}
	q[i] = c
}
