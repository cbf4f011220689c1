package gguf_test

import (
	"math"
	"testing"
	"unsafe"

	"github.com/trinity-engine/trinity/internal/ggufwrite"
	"github.com/trinity-engine/trinity/runtime/gguf"
)

func FuzzParse(f *testing.F) {
	f.Add(sample().Bytes())
	f.Add(ggufwrite.New().Bytes())
	for i, c := range allBroken() {
		if i%7 == 0 && len(c.data) < 4096 {
			f.Add(c.data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := gguf.Parse(data)
		if err != nil {
			return
		}
		for _, key := range file.Keys() {
			v, ok := file.Value(key)
			if !ok {
				t.Fatalf("key %q has no value", key)
			}
			if len(v.String()) > 100000 {
				t.Errorf("key %q: String gives %d bytes", key, len(v.String()))
			}
			all(v)
			walk(t, v)
		}
		for _, tensor := range file.Tensors {
			if found, ok := file.Tensor(tensor.Name); !ok || found.Offset != tensor.Offset {
				t.Fatalf("tensor %q is not found", tensor.Name)
			}
			within(t, data, tensor.Data)
			for _, size := range [][3]int{{1, 4, 0}, {32, 18, 0}, {256, 66, 0}, {128, 32, 32}, {1, math.MaxInt, math.MaxInt}} {
				sized, err := tensor.Sized(size[0], size[1], size[2])
				if err == nil && uint64(len(sized)) != tensor.Values()/uint64(size[0])*uint64(size[1])+uint64(size[2]) {
					t.Errorf("%v in blocks of %v: %d bytes", tensor.Dims, size, len(sized))
				}
			}
		}
	})
}

// walk visits every element of a value.
func walk(t *testing.T, v gguf.Value) {
	n := 0
	for _, e := range v.Elements() {
		walk(t, e)
		n++
	}
	if n != v.Len() {
		t.Errorf("%d elements of %d", n, v.Len())
	}
}

// within checks that part is a piece of the file.
func within(t *testing.T, file, part []byte) {
	at := uintptr(unsafe.Pointer(unsafe.SliceData(part))) - uintptr(unsafe.Pointer(unsafe.SliceData(file)))
	if len(part) == 0 || at >= uintptr(len(file)) || uintptr(cap(part)) > uintptr(len(file))-at {
		t.Errorf("%d bytes at %d of a file of %d", cap(part), at, len(file))
	}
}
