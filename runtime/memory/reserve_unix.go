//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package memory

import (
	"fmt"
	"syscall"
)

// reserve maps anonymous pages, which the system gives memory to when they are touched.
func reserve(size int, large bool) (Region, error) {
	b, err := syscall.Mmap(-1, 0, size, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE|syscall.MAP_ANON|noReserve)
	if err != nil {
		return Region{}, fmt.Errorf("memory: no %d bytes to be had: %w", size, err)
	}
	if large {
		largePages(b)
	} else {
		smallPages(b)
	}
	return Region{Bytes: b, release: func() error { return syscall.Munmap(b) }}, nil
}
