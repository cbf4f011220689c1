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

// muchAtOnce is what is worth large pages, which round it up to a multiple of 2 MiB.
const muchAtOnce = 256 << 10

// Reserve gives size zeroed bytes, aligned to 64, of which as many are touched at once, from the start on.
func Reserve(size, atOnce int) (Region, error) {
	switch {
	case size < 0:
		return Region{}, fmt.Errorf("memory: %d bytes", size)
	case size == 0:
		return Region{}, nil
	}
	return reserve(size, atOnce >= muchAtOnce)
}

// Large says that all of b, which is fresh and no part of anything else, will be touched.
func Large(b []byte) {
	const page = 4 << 10
	if len(b) < muchAtOnce {
		return
	}
	skip := int(-uintptr(unsafe.Pointer(unsafe.SliceData(b))) & (page - 1))
	if n := (len(b) - skip) / page * page; n > 0 {
		largePages(b[skip : skip+n])
	}
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
