package property

import (
	"encoding/binary"

	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// reach is how far a sequence goes where no domain says otherwise: into its fourth page of 64.
const reach = 200

// places draws the places of each parameter, which are all different, and so how many sequences and
// positions there are.
func (r *run) places() {
	r.sequences = 1 + r.random.IntN(3)
	most, bounds := reach, map[*spec.Input][2]int{}
	for _, in := range r.Property.Inputs {
		if in.Kind != spec.Place {
			continue
		}
		lo, hi := 0, reach
		if d := in.Domain; d != nil && d.Set == nil {
			lo, hi = r.integer(d.Lo), max(r.integer(d.Hi), r.integer(d.Lo)+1) // empty only where there is no place
		}
		if d := in.Domain; d != nil && d.Set != nil {
			lo = r.integer(d.Set[r.random.IntN(len(d.Set))])
			hi = lo + 1
		}
		most = max(most, hi)
		bounds[in] = [2]int{lo, hi}
		r.sequences = max(r.sequences, (r.count(in.Shape)+hi-lo-1)/(hi-lo))
	}
	for _, in := range r.Property.Inputs {
		b, ok := bounds[in]
		if !ok {
			continue
		}
		n, width := r.count(in.Shape), b[1]-b[0]
		seq, pos := memory(4*n), memory(4*n)
		for i, place := range r.random.Perm(r.sequences * width)[:n] {
			binary.LittleEndian.PutUint32(seq[4*i:], uint32(place/width))
			binary.LittleEndian.PutUint32(pos[4*i:], uint32(b[0]+place%width))
		}
		r.values[in.Param] = &value{bufs: [][]byte{seq, pos}}
	}
	r.positions = most
}

// state draws a pool of pages and a page table, in which the pages lie in any order.
func (r *run) state(in *spec.Input) *value {
	f := in.Format
	perSequence := (r.positions + f.Count - 1) / f.Count
	of := map[string]int{}
	for i, p := range f.Params {
		of[p] = r.integer(in.Shape[i])
	}
	inner := &run{dims: of}
	size := 0
	for _, field := range f.Fields {
		size += inner.count(field.Dims) * field.Elem.Bytes
	}
	pages := r.sequences * perSequence
	pool, table := memory(pages*size), memory(4*pages)
	at := 0
	for range pages {
		for _, field := range f.Fields {
			n := inner.count(field.Dims) * field.Elem.Bytes
			r.fill(pool[at:at+n], field.Elem, in.Domain)
			at += n
		}
	}
	for i, page := range r.random.Perm(pages) {
		binary.LittleEndian.PutUint32(table[4*i:], uint32(page))
	}
	return &value{bufs: [][]byte{pool, table}, pages: perSequence}
}
