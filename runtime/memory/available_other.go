//go:build !linux

package memory

// Available is not known here.
func Available() (bytes int, ok bool) { return 0, false }
