//go:build !linux

package cpu

// tilesPermitted: no other system is known to keep the tiles of a thread for those who ask.
func tilesPermitted() bool { return false }
