package pages

import (
	"fmt"
	"slices"
)

// None is the table's entry where a sequence has no page.
const None = -1

// Place is a position of a sequence.
type Place struct{ Seq, Pos int32 }

// Table owns the pages of all states of a model: a page number stands for one page in each of
// them. It is not safe for concurrent use.
type Table struct {
	page, context, span, capacity int

	entries   []int32 // [sequences, span]
	sequences []sequence
	refs      []int32 // sequences that a page belongs to; pages below len were used at some time
	free      []int32 // pages of no sequence
	sorted    []Place // scratch
}

type sequence struct {
	open bool
	len  int // positions written
}

// New makes a table for a number of sequences of at most context positions, with page
// positions a page, and capacity pages in all (0: enough for all sequences).
func New(sequences, context, page, capacity int) (*Table, error) {
	if sequences < 1 || context < 1 || page < 1 || capacity < 0 || context > 1<<30 || sequences > 1<<20 {
		return nil, fmt.Errorf("pages: %d sequences of %d positions, pages of %d: must be positive", sequences, context, page)
	}
	span := (context + page - 1) / page
	if span*sequences > 1<<30 {
		return nil, fmt.Errorf("pages: %d sequences of %d positions are too many", sequences, context)
	}
	if capacity == 0 {
		capacity = span * sequences
	}
	t := &Table{page: page, context: context, span: span, capacity: capacity,
		entries: make([]int32, sequences*span), sequences: make([]sequence, sequences)}
	for i := range t.entries {
		t.entries[i] = None
	}
	return t, nil
}

// Entries gives the table, i32[sequences, span]; it changes in place.
func (t *Table) Entries() []int32 { return t.entries }

// Sequences and Span give the table's shape.
func (t *Table) Sequences() int { return len(t.sequences) }
func (t *Table) Span() int      { return t.span }

// Capacity gives how many pages there can be; Used, how many were ever used: those are the
// first ones.
func (t *Table) Capacity() int { return t.capacity }
func (t *Table) Used() int     { return len(t.refs) }

// InUse gives how many pages belong to sequences.
func (t *Table) InUse() int { return len(t.refs) - len(t.free) }

// Open gives an empty sequence.
func (t *Table) Open() (int32, error) {
	for i := range t.sequences {
		if !t.sequences[i].open {
			t.sequences[i] = sequence{open: true}
			return int32(i), nil
		}
	}
	return 0, fmt.Errorf("pages: all %d sequences are in use", len(t.sequences))
}

// Close frees a sequence and its pages.
func (t *Table) Close(seq int32) error {
	if err := t.Truncate(seq, 0); err != nil {
		return err
	}
	t.sequences[seq].open = false
	return nil
}

// Len gives how many positions of a sequence are written.
func (t *Table) Len(seq int32) (int, error) {
	if err := t.valid(seq); err != nil {
		return 0, err
	}
	return t.sequences[seq].len, nil
}

func (t *Table) valid(seq int32) error {
	if seq < 0 || int(seq) >= len(t.sequences) || !t.sequences[seq].open {
		return fmt.Errorf("pages: %d is no open sequence", seq)
	}
	return nil
}

// Truncate drops the positions from n on.
func (t *Table) Truncate(seq int32, n int) error {
	if err := t.valid(seq); err != nil {
		return err
	}
	if n < 0 || n > t.sequences[seq].len {
		return fmt.Errorf("pages: sequence %d has %d positions: it can't be cut at %d", seq, t.sequences[seq].len, n)
	}
	t.sequences[seq].len = n
	t.trim(seq)
	return nil
}

// Fork gives a sequence with the positions of seq, and shares their pages with it.
func (t *Table) Fork(seq int32) (int32, error) {
	if err := t.valid(seq); err != nil {
		return 0, err
	}
	to, err := t.Open()
	if err != nil {
		return 0, err
	}
	t.trim(seq)
	t.sequences[to].len = t.sequences[seq].len
	copy(t.row(to), t.row(seq))
	for _, p := range t.row(to) {
		if p != None {
			t.refs[p]++
		}
	}
	return to, nil
}

func (t *Table) row(seq int32) []int32 { return t.entries[int(seq)*t.span:][:t.span] }

// trim gives back the pages that hold no written position.
func (t *Table) trim(seq int32) {
	row := t.row(seq)
	for i := (t.sequences[seq].len + t.page - 1) / t.page; i < t.span && row[i] != None; i++ {
		t.drop(row[i])
		row[i] = None
	}
}

func (t *Table) drop(page int32) {
	if t.refs[page]--; t.refs[page] == 0 {
		t.free = append(t.free, page)
	}
}

// take gives a page of no sequence.
func (t *Table) take() (int32, error) {
	if n := len(t.free); n > 0 {
		p := t.free[n-1]
		t.free = t.free[:n-1]
		t.refs[p] = 1
		return p, nil
	}
	if len(t.refs) == t.capacity {
		return 0, fmt.Errorf("all %d pages of the cache are in use: close a sequence", t.capacity)
	}
	t.refs = append(t.refs, 1)
	return int32(len(t.refs) - 1), nil
}

// Reserve makes the table hold pages for the places of a batch. The places of a sequence,
// in any order, must be the positions that follow those written. A page that is shared is
// replaced: copyPage copies it, in all states. After an error nothing has changed.
func (t *Table) Reserve(places []Place, copyPage func(dst, src int32)) error {
	if err := t.Check(places); err != nil {
		return err
	}
	for _, p := range t.sorted {
		if err := t.own(p, copyPage); err != nil {
			t.release()
			return err
		}
	}
	return nil
}

// Check gives Reserve's error for places that do not follow those written, or that are more
// than a context.
func (t *Table) Check(places []Place) error {
	t.sorted = append(t.sorted[:0], places...)
	slices.SortFunc(t.sorted, comparePlaces)
	for i, n := 0, 0; i < len(t.sorted); i += n {
		var err error
		if n, err = t.check(t.sorted[i:]); err != nil {
			return err
		}
	}
	return nil
}

func comparePlaces(a, b Place) int {
	if a.Seq != b.Seq {
		return int(a.Seq) - int(b.Seq)
	}
	return int(a.Pos) - int(b.Pos)
}

// check checks the places of the first sequence, and gives how many there are.
func (t *Table) check(places []Place) (int, error) {
	seq := places[0].Seq
	if err := t.valid(seq); err != nil {
		return 0, err
	}
	n := 0
	for n < len(places) && places[n].Seq == seq {
		n++
	}
	start := t.sequences[seq].len
	for i, p := range places[:n] {
		pos := int(p.Pos)
		switch {
		case i > 0 && p == places[i-1]:
			return 0, fmt.Errorf("position %d of sequence %d is given twice in a batch", pos, seq)
		case pos < 0:
			return 0, fmt.Errorf("position %d of sequence %d is negative", pos, seq)
		case pos < start:
			return 0, fmt.Errorf("position %d of sequence %d is written already: cut the sequence there first", pos, seq)
		case pos > start+i:
			return 0, fmt.Errorf("position %d of sequence %d is written before position %d", pos, seq, start+i)
		}
	}
	if start+n > t.context {
		return 0, &FullError{Context: t.context, Len: start, Added: n}
	}
	return n, nil
}

// FullError says that a sequence would be longer than the context.
type FullError struct {
	Context int // positions a sequence can have
	Len     int // positions it has
	Added   int // positions that a batch would add
}

func (e *FullError) Error() string {
	return fmt.Sprintf("context of %d is full: it holds %d positions and %d more do not fit", e.Context, e.Len, e.Added)
}

// own gives the sequence of p a page for it that no other sequence has.
func (t *Table) own(p Place, copyPage func(dst, src int32)) error {
	entry := &t.row(p.Seq)[int(p.Pos)/t.page]
	old := *entry
	if old != None && t.refs[old] == 1 {
		return nil
	}
	page, err := t.take()
	if err != nil {
		return err
	}
	if *entry = page; old != None {
		copyPage(page, old)
		t.drop(old)
	}
	return nil
}

// release takes back what a failed Reserve has given.
func (t *Table) release() {
	for i, p := range t.sorted {
		if i == 0 || p.Seq != t.sorted[i-1].Seq {
			t.trim(p.Seq)
		}
	}
}

// Commit notes that the places of the last Reserve are written.
func (t *Table) Commit() {
	for _, p := range t.sorted {
		t.sequences[p.Seq].len = max(t.sequences[p.Seq].len, int(p.Pos)+1)
	}
	t.sorted = t.sorted[:0]
}
