package tri

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/bits"
)

// append writes an entry of the table.
func (s *section) append(b []byte) []byte {
	b = binary.LittleEndian.AppendUint32(b, s.kind)
	b = binary.LittleEndian.AppendUint64(b, s.offset)
	b = binary.LittleEndian.AppendUint64(b, s.size)
	b = binary.LittleEndian.AppendUint32(b, s.sum)
	if s.kind != kindTensor {
		return b
	}
	t := &s.tensor
	b = appendText(b, t.Name)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(t.Dims)))
	for _, d := range t.Dims {
		b = binary.LittleEndian.AppendUint64(b, d)
	}
	return appendText(appendText(appendText(b, t.Format), t.Digest), string(t.Tail))
}

func appendText(b []byte, s string) []byte {
	return append(binary.LittleEndian.AppendUint32(b, uint32(len(s))), s...)
}

// leastSection is the bytes of the shortest entry.
const leastSection = 4 + 8 + 8 + 4

// table reads the entries.
func (c *cursor) table() ([]section, error) {
	n, err := c.u32("section count")
	if err != nil {
		return nil, err
	}
	if int64(n) > int64(len(c.data)-c.pos)/leastSection {
		return nil, fmt.Errorf("header: %d sections do not fit its %d bytes", n, len(c.data))
	}
	sections := make([]section, n)
	for i := range sections {
		if err := c.section(&sections[i]); err != nil {
			return nil, fmt.Errorf("header: section %d: %w", i, err)
		}
	}
	if c.pos != len(c.data) {
		return nil, fmt.Errorf("header: %d bytes follow its last section", len(c.data)-c.pos)
	}
	return sections, nil
}

// section reads an entry.
func (c *cursor) section(s *section) (err error) {
	if s.kind, err = c.u32("kind"); err != nil {
		return err
	}
	if s.offset, err = c.u64("offset"); err != nil {
		return err
	}
	if s.size, err = c.u64("size"); err != nil {
		return err
	}
	if s.sum, err = c.u32("checksum"); err != nil {
		return err
	}
	switch s.kind {
	case kindMetadata:
		return nil
	case kindTensor:
		return c.tensor(&s.tensor)
	}
	return fmt.Errorf("kind: %d is unknown", s.kind)
}

// tensor reads what an entry says of a tensor.
func (c *cursor) tensor(t *Tensor) (err error) {
	if t.Name, err = c.text("name", 1, mostName); err != nil {
		return err
	}
	if t.Dims, err = c.dims(); err != nil {
		return fmt.Errorf("%s: %w", quoted(t.Name), err)
	}
	if t.Format, err = c.text("format", 1, mostFormat); err != nil {
		return fmt.Errorf("%s: %w", quoted(t.Name), err)
	}
	if t.Digest, err = c.text("digest", 0, mostFormat); err != nil {
		return fmt.Errorf("%s: %w", quoted(t.Name), err)
	}
	if t.Tail, err = c.bytes("tail", 0, mostTail); err != nil {
		return fmt.Errorf("%s: %w", quoted(t.Name), err)
	}
	return nil
}

func (c *cursor) dims() ([]uint64, error) {
	rank, err := c.u32("rank")
	if err != nil {
		return nil, err
	}
	if rank < 1 || rank > mostRank {
		return nil, fmt.Errorf("rank: %d, it must be 1 to %d", rank, mostRank)
	}
	dims, values := make([]uint64, rank), uint64(1)
	for i := range dims {
		if dims[i], err = c.u64("dim"); err != nil {
			return nil, err
		}
		var high uint64
		if high, values = bits.Mul64(values, dims[i]); high != 0 || values == 0 || values > math.MaxInt64 {
			return nil, fmt.Errorf("dims: %v are no tensor's", dims[:i+1])
		}
	}
	return dims, nil
}
