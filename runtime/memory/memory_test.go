package memory

import (
	"math"
	"runtime"
	"testing"
	"unsafe"
)

func TestReserve(t *testing.T) {
	for name, f := range map[string]func(int) (Region, error){
		"system": func(size int) (Region, error) { return Reserve(size, 1) },
		"large":  func(size int) (Region, error) { return Reserve(size, size) },
		"heap":   allocate,
	} {
		for _, size := range []int{1, 63, 64, 4097, 1 << 20} {
			r, err := f(size)
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Bytes) != size || uintptr(unsafe.Pointer(&r.Bytes[0]))%64 != 0 {
				t.Errorf("%s: %d bytes, aligned to %d", name, len(r.Bytes), uintptr(unsafe.Pointer(&r.Bytes[0]))%64)
			}
			for _, b := range r.Bytes {
				if b != 0 {
					t.Fatalf("%s: not zeroed", name)
				}
			}
			r.Bytes[0], r.Bytes[size-1] = 1, 2
			if err := r.Release(); err != nil || r.Bytes != nil {
				t.Errorf("%s: release: %v", name, err)
			}
			if err := r.Release(); err != nil {
				t.Errorf("%s: release twice: %v", name, err)
			}
		}
		if _, err := f(math.MaxInt - 128); err == nil {
			t.Errorf("%s: all the memory there is", name)
		}
	}
	if _, err := Reserve(-1, 1); err == nil {
		t.Error("less than nothing")
	}
	if r, err := Reserve(0, 1); err != nil || r.Release() != nil {
		t.Error("nothing is possible")
	}
}

func TestAvailable(t *testing.T) {
	n, ok := Available()
	if !ok && runtime.GOOS == "linux" {
		t.Error("it is not known")
	}
	if ok && (n < 1<<20 || n > 1<<50) {
		t.Errorf("%d bytes", n)
	}
}
