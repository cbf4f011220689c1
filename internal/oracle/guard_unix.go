//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package oracle

import "syscall"

// closed says that memory beside guarded bytes can't be touched without a fault.
const closed = true

// guarded gives n bytes, a multiple of the size of a page, between two pages that nothing may touch.
func guarded(n int) ([]byte, error) {
	page := syscall.Getpagesize()
	all, err := syscall.Mmap(-1, 0, n+2*page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		return nil, err
	}
	if err := syscall.Mprotect(all[:page], syscall.PROT_NONE); err != nil {
		return nil, err
	}
	if err := syscall.Mprotect(all[page+n:], syscall.PROT_NONE); err != nil {
		return nil, err
	}
	return all[page : page+n : page+n], nil
}
