package amxemu

import (
	"bytes"
	"errors"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"testing"
	"unsafe"

	"golang.org/x/sys/cpu"
	"golang.org/x/sys/unix"
)

// routine is code that is called with a configuration, a place of memory and a stride, in AX, BX and CX.
type routine func(config, at *byte, stride int)

// square is tile 0 = tile 1 * tile 2, all of them from and to the same place.
var square = []byte{
	0xc4, 0xe2, 0x78, 0x49, 0x00, // ldtilecfg (%rax)
	0xc4, 0xe2, 0x7b, 0x49, 0xc0, // tilezero %tmm0
	0xc4, 0xe2, 0x7b, 0x4b, 0x0c, 0x0b, // tileloadd (%rbx,%rcx,1), %tmm1
	0xc4, 0xe2, 0x7b, 0x4b, 0x14, 0x0b, // tileloadd (%rbx,%rcx,1), %tmm2
	0xc4, 0xe2, 0x6b, 0x5e, 0xc1, // tdpbssd %tmm2, %tmm1, %tmm0
	0xc4, 0xe2, 0x7a, 0x4b, 0x04, 0x0b, // tilestored %tmm0, (%rbx,%rcx,1)
	0xc4, 0xe2, 0x78, 0x49, 0xc0, // tilerelease
	0xc3, // ret
}

// assemble makes code callable.
func assemble(t *testing.T, code []byte) routine {
	page, err := unix.Mmap(-1, 0, 4096, unix.PROT_READ|unix.PROT_WRITE|unix.PROT_EXEC, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		t.Skipf("no memory for code: %v", err)
	}
	copy(page, code)
	start := unsafe.Pointer(&page[0])
	fn := &start
	return *(*routine)(unsafe.Pointer(&fn))
}

// again runs one test of this program under emulation.
func again(t *testing.T, name string) (string, int, error) {
	var out bytes.Buffer
	n, err := Run([]string{os.Args[0], "-test.run=^" + name + "$", "-test.v", "-test.count=1"}, &out)
	if errors.Is(err, ErrUnavailable) {
		t.Skip(err)
	}
	return out.String(), n, err
}

// TestRun multiplies tiles on several threads, and reads a place where there is nothing.
func TestRun(t *testing.T) {
	if cpu.X86.HasAMXTile {
		t.Skip("this processor has tiles: their instructions are not illegal")
	}
	if !Active() {
		out, n, err := again(t, "TestRun")
		if err != nil || !strings.Contains(out, "--- PASS: TestRun") {
			t.Errorf("%v\n%s", err, out)
		}
		if want := 7*80 + 2; n != want {
			t.Errorf("%d instructions were done, not %d", n, want)
		}
		return
	}
	f := assemble(t, square)
	var all sync.WaitGroup
	for worker := range 4 {
		all.Go(func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			for turn := range 20 {
				v := byte(worker*20 + turn)
				memory := bytes.Repeat([]byte{v}, 1024)
				f(&config([2]int{16, 64}, [2]int{16, 64}, [2]int{16, 64})[0], &memory[0], 64)
				want := int32(int8(v)) * int32(int8(v)) * 64
				for i := range 256 {
					if got := *(*int32)(unsafe.Pointer(&memory[4*i])); got != want {
						t.Errorf("%d: element %d is %d, want %d", v, i, got, want)
						return
					}
				}
			}
		})
	}
	all.Wait()
	closed, err := unix.Mmap(-1, 0, 8192, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err == nil {
		err = unix.Mprotect(closed[4096:], unix.PROT_NONE)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if recover() == nil {
			t.Error("a load from a closed page went well")
		}
	}()
	f(&config([2]int{16, 64}, [2]int{16, 64}, [2]int{16, 64})[0], &closed[4096-512], 64)
}

// TestIllegal: an instruction that is none of a tile ends the program, and the error says which it was.
func TestIllegal(t *testing.T) {
	if Active() {
		assemble(t, []byte{0x0f, 0x0b, 0xc3})(nil, nil, 0) // ud2
		return
	}
	if _, _, err := again(t, "TestIllegal"); err == nil || !strings.Contains(err.Error(), "no tile instruction: 0f 0b") {
		t.Error(err)
	}
}
