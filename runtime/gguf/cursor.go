package gguf

import (
	"encoding/binary"
	"fmt"
	"math"
)

// A cursor reads forward through a file's bytes and never past their end.
type cursor struct {
	data []byte
	pos  int
}

func (c *cursor) left() uint64 { return uint64(len(c.data) - c.pos) }

// take returns the next n bytes; what names the field in the error.
func (c *cursor) take(n uint64, what string) ([]byte, error) {
	if n > c.left() {
		return nil, fmt.Errorf("%s: needs %d bytes, the file has %d left: fetch the whole file again", what, n, c.left())
	}
	start := c.pos
	c.pos += int(n)
	return c.data[start:c.pos:c.pos], nil
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

// text reads a string: its length, then its bytes.
func (c *cursor) text(length, what string) ([]byte, error) {
	n, err := c.u64(length)
	if err != nil {
		return nil, err
	}
	return c.take(n, what)
}

// count reads how many things follow, each of at least size bytes.
func (c *cursor) count(size uint64, what string) (int, error) {
	n, err := c.u64(what)
	if err != nil {
		return 0, err
	}
	if n > c.left()/size || n > math.MaxInt32 {
		return 0, fmt.Errorf("%s: %d of at least %d bytes each, the file has %d bytes left: fetch the whole file again", what, n, size, c.left())
	}
	return int(n), nil
}
