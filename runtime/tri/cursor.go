package tri

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"unicode/utf8"
)

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
