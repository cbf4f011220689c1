package gguf

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"
)

// info is a tensor's entry in the file.
type info struct {
	name   []byte
	dims   [4]uint64
	rank   int
	typ    uint32
	offset uint64
}

// info reads the i-th tensor's entry.
func (c *cursor) info(i int) (t info, err error) {
	if t.name, err = c.name(maxName); err != nil {
		return t, fmt.Errorf("tensor %d: %w", i, err)
	}
	if err = c.shape(&t); err != nil {
		return t, fmt.Errorf("tensor %.200q: %w", t.name, err)
	}
	return t, nil
}

// shape reads what follows a tensor's name.
func (c *cursor) shape(t *info) error {
	rank, err := c.u32("dimension count")
	if err != nil {
		return err
	}
	if rank < 1 || rank > 4 {
		return fmt.Errorf("dimension count: %d, must be 1 to 4", rank)
	}
	t.rank = int(rank)
	values := uint64(1)
	for d := range t.rank {
		if t.dims[d], err = c.u64("dimension"); err != nil {
			return err
		}
		if t.dims[d] == 0 {
			return fmt.Errorf("dimension %d: is 0", d)
		}
		var high uint64
		if high, values = bits.Mul64(values, t.dims[d]); high != 0 || values > math.MaxInt64 {
			return fmt.Errorf("dimension %d: the product of %v overflows", d, slices.Clone(t.dims[:d+1]))
		}
	}
	if t.typ, err = c.u32("type"); err != nil {
		return err
	}
	t.offset, err = c.u64("offset")
	return err
}

// tensors reads the tensors' entries and finds their data.
func (f *File) tensors(c *cursor, n int) error {
	start, bytes, ranks := c.pos, 0, 0
	for i := range n {
		t, err := c.info(i)
		if err != nil {
			return err
		}
		bytes, ranks = bytes+len(t.name), ranks+t.rank
	}
	f.dataPos = (uint64(c.pos) + f.Alignment - 1) &^ (f.Alignment - 1)
	c.pos = start
	for i := range n {
		t, _ := c.info(i)
		if err := f.inside(t); err != nil {
			return err
		}
	}
	// Distinct aligned offsets need room, which bounds the memory a tensor takes.
	if room := uint64(len(f.data)) - min(f.dataPos, uint64(len(f.data))); n > 0 && uint64(n-1) > room/f.Alignment {
		return fmt.Errorf("tensor count: %d tensors cannot all begin in %d bytes of data", n, room)
	}

	f.Tensors = make([]Tensor, n)
	dims, names := make([]uint64, 0, ranks), names{}
	names.Grow(bytes)
	c.pos = start
	for i := range f.Tensors {
		t, _ := c.info(i)
		dims = append(dims, t.dims[:t.rank]...)
		f.Tensors[i] = Tensor{
			Name: names.add(t.name), Dims: dims[len(dims)-t.rank : len(dims) : len(dims)],
			Type: t.typ, Offset: t.offset, at: f.dataPos + t.offset,
		}
	}
	var twice [2]int
	if f.byName, twice = sorted(n, func(i int32) string { return f.Tensors[i].Name }); twice != [2]int{} {
		return fmt.Errorf("tensor %d: %q was given before, by tensor %d", twice[1], f.Tensors[twice[1]].Name, twice[0])
	}
	return f.place()
}

// inside checks that a tensor begins at an aligned place of the file.
func (f *File) inside(t info) error {
	if t.offset&(f.Alignment-1) != 0 {
		return fmt.Errorf("tensor %q: offset: %d is no multiple of the alignment %d", t.name, t.offset, f.Alignment)
	}
	at, carry := bits.Add64(f.dataPos, t.offset, 0)
	if carry != 0 || at >= uint64(len(f.data)) {
		return fmt.Errorf("tensor %q: offset: %d after the start of data at %d is past the file's end at %d", t.name, t.offset, f.dataPos, len(f.data))
	}
	return nil
}

// place gives each tensor the file's bytes up to the next tensor.
func (f *File) place() error {
	order := make([]int32, len(f.Tensors))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(f.Tensors[a].Offset, f.Tensors[b].Offset), cmp.Compare(a, b))
	})
	for k, i := range order {
		t, end := &f.Tensors[i], uint64(len(f.data))
		if k+1 < len(order) {
			next := &f.Tensors[order[k+1]]
			if next.Offset == t.Offset {
				return fmt.Errorf("tensor %q: offset: %d is where tensor %q begins", next.Name, t.Offset, t.Name)
			}
			t.next, end = next.Name, next.at
		}
		t.Data = f.data[t.at:end:end]
	}
	return nil
}

// sorted gives the indices 0..n in the order of their names, and the first two
// indices with the same name.
func sorted(n int, name func(i int32) string) (order []int32, twice [2]int) {
	order = make([]int32, n)
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(strings.Compare(name(a), name(b)), cmp.Compare(a, b))
	})
	for k := 1; k < n; k++ {
		if a, b := order[k-1], order[k]; name(a) == name(b) {
			return order, [2]int{int(a), int(b)}
		}
	}
	return order, twice
}
