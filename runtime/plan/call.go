package plan

import "unsafe"

// Buf is memory handed to a kernel: Len bytes at Ptr.
type Buf struct {
	Ptr unsafe.Pointer
	Len int
}

// Call holds the arguments of one kernel call, in the order of the op's parameters:
// a tensor is one Buf; a weight of a format with a tail is two (rows, tail); a
// place[T] is two (i32 sequences, i32 positions); a state is two (its pool of
// pages, the i32 page table [sequences, pages per sequence]).
// Dim holds the op's symbolic dims, then the pages a sequence of each state, then its
// dim parameters; F its f32 parameters.
type Call struct {
	Buf []Buf
	Dim []int
	F   []float32
}

// Of gives the memory of s.
func Of[E any](s []E) Buf {
	var e E
	return Buf{unsafe.Pointer(unsafe.SliceData(s)), len(s) * int(unsafe.Sizeof(e))}
}

// View gives b's memory as elements; its length is rounded down.
func View[E any](b Buf) []E {
	var e E
	return unsafe.Slice((*E)(b.Ptr), b.Len/int(unsafe.Sizeof(e)))
}

// Carve takes n elements from the front of scratch, and gives what is left, which stays
// aligned to 64 bytes. n < 0 or scratch too small is a bug of the caller: it panics.
func Carve[E any](scratch []byte, n int) (part []E, rest []byte) {
	var e E
	size := (n*int(unsafe.Sizeof(e)) + 63) &^ 63
	return View[E](Of(scratch[:size]))[:n], scratch[size:]
}

// Bytes points to b's memory.
func (b Buf) Bytes() *byte { return (*byte)(b.Ptr) }
