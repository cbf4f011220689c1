package tri

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"math"
	"math/bits"
	"strconv"
	"unicode/utf8"
)

// header gives the bytes of a file up to its first section's page.
func header(sections []section) ([]byte, error) {
	b := binary.LittleEndian.AppendUint32([]byte(Magic), Version)
	b = binary.LittleEndian.AppendUint32(b, 0) // its length, below
	b = binary.LittleEndian.AppendUint32(b, uint32(len(sections)))
	for i := range sections {
		b = sections[i].append(b)
	}
	if len(b)+4 > mostHeader {
		return nil, fmt.Errorf("header: %d sections take %d bytes, at most %d are allowed", len(sections), len(b)+4, mostHeader)
	}
	binary.LittleEndian.PutUint32(b[len(Magic)+4:], uint32(len(b)+4))
	return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, castagnoli)), nil
}

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

// parseHeader reads and checks the header of a file.
func parseHeader(data []byte) (version uint32, sections []section, length int, err error) {
	if len(data) < leastHeader {
		return 0, nil, 0, fmt.Errorf("header: the file has %d bytes, no header is so short: copy the whole file again", len(data))
	}
	if string(data[:len(Magic)]) != Magic {
		return 0, nil, 0, fmt.Errorf("magic: the file begins with %q: it is no .tri file, or was copied as text", data[:len(Magic)])
	}
	c := cursor{data: data[:leastHeader], pos: len(Magic)}
	version, _ = c.u32("version")
	switch {
	case version > Version:
		return version, nil, 0, fmt.Errorf("version: the file is of version %d, this program reads %d: get a newer one, or convert the model again", version, Version)
	case version != Version:
		return version, nil, 0, fmt.Errorf("version: %d is none: convert the model again", version)
	}
	size, _ := c.u32("length")
	switch {
	case size < uint32(leastHeader) || size > mostHeader:
		return version, nil, 0, fmt.Errorf("header: %d bytes long, it must have %d to %d: copy the file again", size, leastHeader, mostHeader)
	case uint64(size) > uint64(len(data)):
		return version, nil, 0, fmt.Errorf("header: ends at %d, the file at %d: copy the whole file again", size, len(data))
	}
	end := int(size) - 4
	if sum := crc32.Checksum(data[:end], castagnoli); sum != binary.LittleEndian.Uint32(data[end:]) {
		return version, nil, 0, fmt.Errorf("header: is damaged, its checksum is %08x and not %08x: copy the file again", sum, binary.LittleEndian.Uint32(data[end:]))
	}
	c.data = data[:end]
	sections, err = c.table()
	return version, sections, int(size), err
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

// cursor reads forward through the header and never past its end.
type cursor struct {
	data []byte
	pos  int
}

func (c *cursor) take(n uint64, what string) ([]byte, error) {
	if n > uint64(len(c.data)-c.pos) {
		return nil, fmt.Errorf("%s: needs %d bytes, the header has %d left", what, n, len(c.data)-c.pos)
	}
	c.pos += int(n)
	return c.data[c.pos-int(n) : c.pos : c.pos], nil
}

func (c *cursor) u32(what string) (uint32, error) {
	b, err := c.take(4, what)
	if err != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint32(b), nil
}

func (c *cursor) u64(what string) (uint64, error) {
	b, err := c.take(8, what)
	if err != nil {
		return 0, err
	}
	return binary.LittleEndian.Uint64(b), nil
}

// bytes reads a length and so many bytes, least to most.
func (c *cursor) bytes(what string, least, most uint32) ([]byte, error) {
	n, err := c.u32(what)
	if err != nil {
		return nil, err
	}
	if n < least || n > most {
		return nil, fmt.Errorf("%s: %d bytes, it must have %d to %d", what, n, least, most)
	}
	return c.take(uint64(n), what)
}

func (c *cursor) text(what string, least, most uint32) (string, error) {
	b, err := c.bytes(what, least, most)
	if err == nil && !utf8.Valid(b) {
		err = fmt.Errorf("%s: %s is not UTF-8", what, quoted(string(b)))
	}
	return string(b), err
}

func quoted(s string) string { return strconv.Quote(s) }
