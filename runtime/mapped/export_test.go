package mapped

import (
	"errors"
	"os"
)

// LoadUnmapped opens a file as on a system that can't map it.
func LoadUnmapped(path string) (data []byte, mapped bool, err error) {
	data, unmap, err := load(path, func(*os.File, int) ([]byte, func() error, error) {
		return nil, nil, errors.ErrUnsupported
	})
	return data, unmap != nil, err
}
