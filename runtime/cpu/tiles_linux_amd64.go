package cpu

import (
	"sync"
	"syscall"
)

// tilesPermitted asks the kernel for the tiles of AMX, once, for all threads of the process. A kernel that does not set
// bits 17 and 18 of XCR0, by which tiles are saved for a thread, grants nothing.
var tilesPermitted = sync.OnceValue(func() bool {
	const (
		requestPermission = 0x1023 // ARCH_REQ_XCOMP_PERM
		tileData          = 18     // XFEATURE_XTILEDATA
	)
	_, _, err := syscall.RawSyscall(syscall.SYS_ARCH_PRCTL, requestPermission, tileData, 0)
	return err == 0
})
