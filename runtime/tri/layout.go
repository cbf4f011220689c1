package tri

import "math"

const (
	// Magic begins a file. It has a byte that is no text and both kinds of line end, so that a copy that was
	// made as text is told at once.
	Magic   = "\x89TRI\r\n\x1a\n"
	Version = 1

	// Page is what sections' offsets are multiples of.
	Page = 4096

	leastHeader = len(Magic) + 4 + 4 + 4 + 4 // with no section
	mostHeader  = 1 << 24
	mostRank    = 4
	mostName    = 256     // bytes of a tensor's name
	mostFormat  = 256     // of a format's name, and of its digest
	mostTail    = 1 << 12 // of a tail
)

// Kinds of sections.
const (
	kindMetadata = 1
	kindTensor   = 2
)

// Tensor is what a file says of a tensor.
type Tensor struct {
	Name   string
	Dims   []uint64 // 1 to 4 of them, the fastest varying first: [width, rows, …]
	Format string   // its name in the specs
	Digest string   // of the format's definition
	Tail   []byte   // what the format has once a tensor, after all rows
}

// section is an entry of the table: the metadata, or a tensor.
type section struct {
	kind   uint32
	offset uint64 // in the file
	size   uint64
	sum    uint32
	tensor Tensor
}

// String names the section in messages.
func (s *section) String() string {
	if s.kind == kindMetadata {
		return "the metadata"
	}
	return "section " + quoted(s.tensor.Name)
}

// end is where the section ends; whether that is a place a file can have.
func (s *section) end() (uint64, bool) {
	return s.offset + s.size, s.size <= math.MaxInt64 && s.offset <= math.MaxInt64-s.size
}

// aligned is the first place at or after n where a section may begin.
func aligned(n uint64) uint64 { return (n + Page - 1) &^ (Page - 1) }
