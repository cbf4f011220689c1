package oracle

import (
	"encoding/binary"
	"math/rand/v2"

	"github.com/trinity-engine/trinity/runtime/plan"
)

// place gives each row a sequence and a position of its own, mostly beside the ends of pages. In every other case most rows
// follow the one before, as those of a prompt do.
func (s *shape) place(r *rand.Rand, op *plan.Op) {
	rows, limit := 0, 1<<17
	for _, p := range op.Params {
		if p.Kind == plan.ParamPlace {
			rows = s.eval(p.Shape[0])
			if p.Limit != nil {
				limit = s.limit(&p)
			}
		}
	}
	if s.page > 0 {
		limit = s.per * s.page
	}
	taken := map[[2]int]bool{}
	prompt := r.IntN(2) == 0
	for len(s.at) < rows {
		pos := []int{0, 1, 63, 64, 65, 127, 128, r.IntN(limit)}[r.IntN(8)]
		at := [2]int{r.IntN(s.seqs), pos}
		if n := len(s.at); n > 0 && prompt && r.IntN(8) > 0 {
			at = [2]int{s.at[n-1][0], s.at[n-1][1] + 1}
		}
		if at[1] < limit && (s.page == 0 || !taken[at]) {
			taken[at] = true
			s.at = append(s.at, at)
		} else if taken[at] && r.IntN(4) == 0 { // those beside the ends of pages are few
			at[1] = r.IntN(limit)
			if !taken[at] {
				taken[at] = true
				s.at = append(s.at, at)
			}
		}
	}
}

// places are the sequences and the positions of the rows.
func (s *shape) places() (seq, pos []byte) {
	for _, at := range s.at {
		seq = binary.LittleEndian.AppendUint32(seq, uint32(at[0]))
		pos = binary.LittleEndian.AppendUint32(pos, uint32(at[1]))
	}
	return seq, pos
}

// pages makes a pool of pages and a table that names them in no order. What lies behind
// the last position of a sequence has no page.
func (s *shape) pages(r *rand.Rand, size int) (pool, table []byte) {
	const spare = 2
	n := s.seqs * s.per
	order := r.Perm(n + spare)
	last := make([]int, s.seqs)
	for _, at := range s.at {
		last[at[0]] = max(last[at[0]], at[1]/s.page)
	}
	for i := range n {
		page := int32(order[i])
		if i%s.per > last[i/s.per] {
			page = -1
		}
		table = binary.LittleEndian.AppendUint32(table, uint32(page))
	}
	return make([]byte, (n+spare)*size), table
}
