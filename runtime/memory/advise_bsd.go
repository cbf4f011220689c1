//go:build darwin || freebsd || netbsd || openbsd || dragonfly

package memory

const noReserve = 0

func smallPages([]byte) {}
