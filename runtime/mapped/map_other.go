//go:build !(linux || darwin || freebsd || netbsd || openbsd || dragonfly)

package mapped

import (
	"errors"
	"os"
)

// mapFile always fails here: the file is read.
func mapFile(*os.File, int) (data []byte, unmap func() error, err error) {
	return nil, nil, errors.ErrUnsupported
}
