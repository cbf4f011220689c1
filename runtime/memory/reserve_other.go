//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package memory

func reserve(size int, _ bool) (Region, error) { return allocate(size) }
