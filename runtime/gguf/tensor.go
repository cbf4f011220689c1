package gguf

import (
	"fmt"
	"math/bits"
)

// Tensor is one tensor of a file, its type a number of the file whose meaning is
// not known here.
type Tensor struct {
	Name   string
	Dims   []uint64 // 1 to 4 of them, the fastest varying first: [width, rows, …]
	Type   uint32
	Offset uint64 // in bytes, from where the file's tensor data begins
	Data   []byte // the file from the tensor's first byte to the next tensor or the file's end; read only

	at   uint64 // position of Data in the file
	next string // the tensor that follows in the file, "" for the last
}

// Values gives the number of values: the product of Dims.
func (t Tensor) Values() uint64 {
	n := uint64(1)
	for _, d := range t.Dims {
		n *= d
	}
	return n
}

// Sized gives the tensor's bytes in a format that packs values of one row into
// blocks of bytes, with tail bytes after all rows: a slice of Data, of length
// width/values * rows * bytes + tail. A width that is no multiple of a block and
// bytes that reach past the file or into the next tensor are errors.
func (t Tensor) Sized(values, bytes, tail int) ([]byte, error) {
	if values < 1 || bytes < 1 || tail < 0 {
		return nil, fmt.Errorf("gguf: tensor %.200q: a block of %d values in %d bytes, then %d bytes: no such format", t.Name, values, bytes, tail)
	}
	if len(t.Dims) == 0 {
		return nil, fmt.Errorf("gguf: tensor %.200q: has no dimensions", t.Name)
	}
	if t.Dims[0]%uint64(values) != 0 {
		return nil, fmt.Errorf("gguf: tensor %.200q: width %d is no multiple of the %d values of a block", t.Name, t.Dims[0], values)
	}
	high, size := bits.Mul64(t.Values()/uint64(values), uint64(bytes))
	size, c0 := bits.Add64(size, uint64(tail), 0)
	end, c1 := bits.Add64(size, t.at, 0)
	switch have := uint64(len(t.Data)); {
	case high != 0 || c0 != 0 || c1 != 0:
		return nil, fmt.Errorf("gguf: tensor %.200q: %v values are more bytes than a file can hold", t.Name, t.Dims)
	case size <= have:
		return t.Data[:size:size], nil
	case t.next != "":
		return nil, fmt.Errorf("gguf: tensor %.200q: data ends at %d, tensor %.200q begins at %d", t.Name, end, t.next, t.at+have)
	default:
		return nil, fmt.Errorf("gguf: tensor %.200q: data ends at %d, file at %d: fetch the whole file again", t.Name, end, t.at+have)
	}
}
