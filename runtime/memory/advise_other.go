//go:build !linux

package memory

func largePages([]byte) {}
