package mapped

import (
	"fmt"
	"os"
	"unsafe"
)

// Open maps a file into memory, or reads it where that can't be done. release gives the memory back; it may be
// nil. Until then the file must not be changed or shortened.
func Open(path string) (data []byte, release func() error, err error) {
	return load(path, mapFile)
}

// Forget says that a part of data, which Open mapped, is not read soon: it takes no memory until then. What lies
// elsewhere is left alone.
func Forget(data, part []byte) {
	page := uintptr(os.Getpagesize())
	start, lo := uintptr(unsafe.Pointer(unsafe.SliceData(data))), uintptr(unsafe.Pointer(unsafe.SliceData(part)))
	hi := lo + uintptr(len(part))
	if lo < start || hi > start+uintptr(len(data)) {
		return
	}
	lo, hi = (lo-start+page-1)/page*page, (hi-start)/page*page // of whole pages
	if lo < hi {
		forget(data[lo:hi])
	}
}

// A mapper maps the first size bytes of a file into memory, read only.
type mapper func(file *os.File, size int) (data []byte, unmap func() error, err error)

// load gives a file's bytes, and how to give them back when they are mapped.
func load(path string, mapFile mapper) (data []byte, unmap func() error, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	switch {
	case err != nil:
		return nil, nil, err
	case info.IsDir():
		return nil, nil, fmt.Errorf("%s is a directory: name the model file inside it", path)
	case !info.Mode().IsRegular():
		return nil, nil, fmt.Errorf("%s is not a regular file", path)
	case info.Size() == 0:
		return nil, nil, fmt.Errorf("%s is empty: fetch the model again", path)
	case int64(int(info.Size())) != info.Size():
		return nil, nil, fmt.Errorf("%s has %d bytes, more than this machine can address", path, info.Size())
	}
	if data, unmap, err = mapFile(file, int(info.Size())); err == nil {
		return data, unmap, nil
	}
	data = make([]byte, info.Size())
	if n, err := file.ReadAt(data, 0); n < len(data) {
		return nil, nil, fmt.Errorf("%s: read %d of %d bytes: %w", path, n, len(data), err)
	}
	return data, nil, nil
}
