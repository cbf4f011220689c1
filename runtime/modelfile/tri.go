package modelfile

import (
	"fmt"
	"math"
	"math/bits"

	"github.com/trinity-engine/trinity/runtime/gguf"
	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/runtime/tri"
)

func ofTri(data []byte, formats []plan.Format) (*File, error) {
	file, err := tri.Parse(data)
	if err != nil {
		return nil, err
	}
	metadata, err := gguf.Parse(file.Metadata)
	if err != nil {
		return nil, fmt.Errorf("tri: the metadata: %w", err)
	}
	if n := len(metadata.Tensors); n > 0 {
		return nil, fmt.Errorf("tri: the metadata lists %d tensors of its own", n)
	}
	f := &File{Kind: Tri, Version: file.Version, metadata: metadata, formats: formats, size: file.Size(), check: file.Check}
	byName := map[string]*plan.Format{}
	for i := range formats {
		byName[formats[i].Name] = &formats[i]
	}
	f.Tensors = make([]Tensor, len(file.Tensors))
	for i := range file.Tensors {
		t, format := &file.Tensors[i], byName[file.Tensors[i].Format]
		f.Tensors[i] = Tensor{Name: t.Name, Dims: t.Dims, Type: t.Format, Format: format,
			data: func() (rows, tail []byte, err error) {
				rows = file.Rows(i)
				return rows, t.Tail, conforms(t, rows, format)
			}}
	}
	f.index()
	return f, nil
}

// conforms checks that a tensor's data is of a format, and all of it.
func conforms(t *tri.Tensor, rows []byte, f *plan.Format) error {
	if t.Digest != f.Digest {
		return fmt.Errorf("tri: tensor %q is stored as %s of another version: convert the model again", t.Name, t.Format)
	}
	if t.Dims[0]%uint64(f.Block) != 0 {
		return fmt.Errorf("tri: tensor %q: width %d is no multiple of the %d values of a block of %s", t.Name, t.Dims[0], f.Block, f.Name)
	}
	height := uint64(1)
	for _, d := range t.Dims[1:] {
		height *= d // no more than the values, which fit
	}
	high, size := bits.Mul64((height-1)/uint64(f.Rows)+1, t.Dims[0]/uint64(f.Block)*uint64(f.Bytes))
	if high != 0 || t.Dims[0] > math.MaxInt64/uint64(f.Bytes) || size != uint64(len(rows)) {
		return fmt.Errorf("tri: tensor %q: %v values of %s are not %d bytes", t.Name, t.Dims, f.Name, len(rows))
	}
	if len(t.Tail) != f.Tail {
		return fmt.Errorf("tri: tensor %q: a tail of %d bytes, %s has %d", t.Name, len(t.Tail), f.Name, f.Tail)
	}
	return nil
}
