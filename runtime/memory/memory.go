package memory

import (
	"fmt"
	"unsafe"
)

// Region is reserved memory. The zero Region is empty.
type Region struct {
	Bytes   []byte // not to be used after Release
	release func() error
}

// Reserve gives size zeroed bytes, aligned to 64.
func Reserve(size int) (Region, error) {
	switch {
	case size < 0:
		return Region{}, fmt.Errorf("memory: %d bytes", size)
	case size == 0:
		return Region{}, nil
	}
	return reserve(size)
}

// Release gives the memory back.
func (r *Region) Release() error {
	release := r.release
	*r = Region{}
	if release == nil {
		return nil
	}
	return release()
}

// allocate takes memory from Go's heap, which aligns what is large to a page; a size that
// can't be had is an error.
func allocate(size int) (r Region, err error) {
	defer func() {
		if recover() != nil {
			err = fmt.Errorf("memory: no %d bytes to be had", size)
		}
	}()
	const align = 64
	b := make([]byte, size+align)
	skip := -int(uintptr(unsafe.Pointer(unsafe.SliceData(b)))) & (align - 1)
	return Region{Bytes: b[skip : skip+size : skip+size]}, nil
}
