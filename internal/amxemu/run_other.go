//go:build !linux || !amd64

package amxemu

import "io"

// Run is for Linux on amd64 alone.
func Run([]string, io.Writer) (int, error) { return 0, ErrUnavailable }
