package gguf

import (
	"fmt"
	"slices"
	"strings"

	"github.com/trinity-engine/trinity/runtime/mapped"
)

// File is an opened GGUF file. Its methods may be called from several goroutines,
// but not beside Close.
type File struct {
	Version   uint32   // 2 or 3
	Alignment uint64   // of tensors' offsets, in bytes: a power of two
	Tensors   []Tensor // in the order of the file

	data    []byte
	unmap   func() error // nil: the bytes are not mapped
	keys    []string     // in the order of the file
	spans   []span       // of each key's type and value
	byKey   []int32      // indices of keys, sorted by key
	byName  []int32      // indices of Tensors, sorted by name
	dataPos uint64       // where tensor data begins
}

// A span is a range of the file.
type span struct{ start, end int }

// Open maps a file into memory, or reads it where that can't be done, and checks
// its structure. While a file is open it must not be changed or shortened.
func Open(path string) (*File, error) {
	data, unmap, err := mapped.Open(path)
	if err != nil {
		return nil, fmt.Errorf("gguf: %w", err)
	}
	f := &File{data: data, unmap: unmap}
	if err := f.parse(); err != nil {
		f.Close()
		return nil, fmt.Errorf("gguf: %s: %w", path, err)
	}
	return f, nil
}

// Close gives the file's memory back. No Value and no tensor's Data may be used
// after it; what accessors of a Value returned may be.
func (f *File) Close() error {
	unmap := f.unmap
	*f = File{Version: f.Version, Alignment: f.Alignment}
	if unmap == nil {
		return nil
	}
	if err := unmap(); err != nil {
		return fmt.Errorf("gguf: close: %w", err)
	}
	return nil
}

// Size gives the file's length in bytes.
func (f *File) Size() int { return len(f.data) }

// Keys gives the metadata's keys in the order of the file; the slice is the
// file's own and not to be changed.
func (f *File) Keys() []string { return f.keys }

// Value gives the metadata value of a key.
func (f *File) Value(key string) (Value, bool) {
	at, ok := slices.BinarySearchFunc(f.byKey, key, func(i int32, key string) int {
		return strings.Compare(f.keys[i], key)
	})
	if !ok {
		return Value{}, false
	}
	return f.at(int(f.byKey[at])), true
}

// Tensor gives the tensor of a name.
func (f *File) Tensor(name string) (Tensor, bool) {
	at, ok := slices.BinarySearchFunc(f.byName, name, func(i int32, name string) int {
		return strings.Compare(f.Tensors[i].Name, name)
	})
	if !ok {
		return Tensor{}, false
	}
	return f.Tensors[f.byName[at]], true
}
