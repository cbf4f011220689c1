package gguf

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"strings"
	"unicode/utf8"
)

const (
	maxKey           = 1<<16 - 1             // bytes of a key
	maxName          = 256                   // bytes of a tensor's name
	leastKey         = 8 + 1 + 4 + 1         // bytes of an entry with a name of one letter
	leastTensor      = 8 + 1 + 4 + 8 + 4 + 8 // and one dimension
	defaultAlignment = 32
)

// Parse reads a file that is in memory and keeps data, which must not change.
// It allocates less than three times the bytes of what it reads.
func Parse(data []byte) (*File, error) {
	f := &File{data: data}
	if err := f.parse(); err != nil {
		return nil, fmt.Errorf("gguf: %w", err)
	}
	return f, nil
}

func (f *File) parse() error {
	f.Alignment = defaultAlignment
	c := cursor{data: f.data}
	magic, err := c.take(4, "magic")
	if err != nil {
		return err
	}
	if string(magic) != "GGUF" {
		return fmt.Errorf("magic: the file begins with %q instead of \"GGUF\": it is not a GGUF file", magic)
	}
	if f.Version, err = c.u32("version"); err != nil {
		return err
	}
	switch v := f.Version; {
	case v == 2 || v == 3:
	case v&0xffff == 0 && v != 0:
		return fmt.Errorf("version: the file is big-endian (version %d): only little-endian files are read", bits.ReverseBytes32(v))
	case v == 1:
		return fmt.Errorf("version: 1 is too old: convert the file to version 3")
	default:
		return fmt.Errorf("version: %d is unknown: versions 2 and 3 are read", v)
	}
	// The smallest tensor and the smallest key bound what the counts may claim.
	tensors, err := c.count(leastTensor, "tensor count")
	if err != nil {
		return err
	}
	keys, err := c.count(leastKey, "key count")
	if err != nil {
		return err
	}
	if err := f.metadata(&c, keys); err != nil {
		return err
	}
	if err := f.align(); err != nil {
		return err
	}
	return f.tensors(&c, tensors)
}

// metadata reads the keys and values. Keys are gathered once their length is
// known, in one allocation.
func (f *File) metadata(c *cursor, n int) error {
	start, size := c.pos, 0
	f.keys, f.spans = make([]string, n), make([]span, n)
	for i := range n {
		key, value, err := c.pair(i)
		if err != nil {
			return err
		}
		size += len(key)
		f.spans[i] = value
	}
	names := names{}
	names.Grow(size)
	again := cursor{data: f.data, pos: start}
	for i, value := range f.spans {
		key, _ := again.name(maxKey)
		f.keys[i], again.pos = names.add(key), value.end
	}
	var twice [2]int
	if f.byKey, twice = sorted(n, func(i int32) string { return f.keys[i] }); twice != [2]int{} {
		return fmt.Errorf("key %d: %.200q was given before, by key %d", twice[1], f.keys[twice[1]], twice[0])
	}
	return nil
}

// pair reads the i-th key, its value's type and its value.
func (c *cursor) pair(i int) (key []byte, value span, err error) {
	key, err = c.name(maxKey)
	if err != nil {
		return nil, span{}, fmt.Errorf("key %d: %w", i, err)
	}
	value.start = c.pos
	kind, err := c.u32("type")
	if err == nil {
		_, err = c.value(Kind(kind), 0)
	}
	if err != nil {
		return nil, span{}, fmt.Errorf("key %.200q: %w", key, err)
	}
	value.end = c.pos
	return key, value, nil
}

// name reads the name of a key or of a tensor.
func (c *cursor) name(most int) ([]byte, error) {
	name, err := c.text("name length", "name")
	switch {
	case err != nil:
		return nil, err
	case len(name) == 0:
		return nil, fmt.Errorf("name: is empty")
	case len(name) > most:
		return nil, fmt.Errorf("name: %d bytes long, at most %d are allowed", len(name), most)
	case !utf8.Valid(name):
		return nil, fmt.Errorf("name: %.200q is not UTF-8", name)
	}
	return name, nil
}

// at gives the i-th metadata value.
func (f *File) at(i int) Value {
	raw := f.data[f.spans[i].start:f.spans[i].end]
	return decode(Kind(binary.LittleEndian.Uint32(raw)), raw[4:])
}

// align reads the alignment, which the metadata may state.
func (f *File) align() error {
	v, ok := f.Value("general.alignment")
	if !ok {
		return nil
	}
	n, ok := v.Uint()
	if !ok || n < 8 || n&(n-1) != 0 {
		return fmt.Errorf("key \"general.alignment\": %v is no alignment: it must be a power of two, 8 or more", v)
	}
	f.Alignment = n
	return nil
}

// names gathers texts in one allocation.
type names struct{ strings.Builder }

func (n *names) add(text []byte) string {
	start := n.Len()
	n.Write(text)
	return n.String()[start:]
}
