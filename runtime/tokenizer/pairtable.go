package tokenizer

import (
	"math/bits"
	"math/rand/v2"
)

// pairTable maps a pair of tokens to their merge: an open hash table, at most half
// full, because most of encoding is looking up pairs that don't merge.
type pairTable struct {
	slots []pairSlot // a power of two
	shift uint8      // 64 less its logarithm
	seed  uint64
}

type pairSlot struct {
	pair uint64 // left+1 above right+1; 0 is empty
	merge
}

// merge is what a pair becomes, the lower the rank the earlier.
type merge struct {
	rank uint32
	id   int32
}

func newPairTable(n int) pairTable {
	log := bits.Len(uint(2*n + 1))
	return pairTable{slots: make([]pairSlot, 1<<log), shift: uint8(64 - log), seed: rand.Uint64() | 1}
}

// add keeps the first merge of a pair.
func (t *pairTable) add(left, right int32, m merge) {
	key := pairKey(left, right)
	if s := t.slot(key); s.pair == 0 {
		*s = pairSlot{pair: key, merge: m}
	}
}

// find looks a pair up, of which either may be none.
func (t *pairTable) find(left, right int32) (merge, bool) {
	s := t.slot(pairKey(left, right))
	return s.merge, s.pair != 0
}

func pairKey(left, right int32) uint64 {
	return uint64(uint32(left+1))<<32 | uint64(uint32(right+1))
}

// slot is where the pair is, or else the empty one where it would be.
func (t *pairTable) slot(key uint64) *pairSlot {
	hi, lo := bits.Mul64(key^t.seed, 0x9E3779B97F4A7C15)
	for i := (hi ^ lo) >> t.shift; ; i = (i + 1) & uint64(len(t.slots)-1) {
		if s := &t.slots[i]; s.pair == key || s.pair == 0 {
			return s
		}
	}
}
