//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package oracle

const closed = false

// guarded gives n bytes; where no page can be closed, canaries alone tell of writes.
func guarded(n int) ([]byte, error) { return make([]byte, n), nil }
