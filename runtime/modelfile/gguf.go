package modelfile

import (
	"strconv"

	"github.com/trinity-engine/trinity/runtime/gguf"
	"github.com/trinity-engine/trinity/runtime/plan"
)

func parseGGUF(data []byte, formats []plan.Format) (*File, error) {
	file, err := gguf.Parse(data)
	if err != nil {
		return nil, err
	}
	return OfGGUF(file, formats), nil
}

// OfGGUF makes a File of a GGUF file, which the caller closes.
func OfGGUF(file *gguf.File, formats []plan.Format) *File {
	f := &File{Kind: GGUF, Version: file.Version, metadata: file, formats: formats, size: file.Size()}
	byType := map[uint32]*plan.Format{}
	for i := range formats {
		if formats[i].GGUF >= 0 {
			byType[uint32(formats[i].GGUF)] = &formats[i]
		}
	}
	f.Tensors = make([]Tensor, len(file.Tensors))
	for i, t := range file.Tensors {
		format := byType[t.Type]
		f.Tensors[i] = Tensor{Name: t.Name, Dims: t.Dims, Type: strconv.FormatUint(uint64(t.Type), 10), Format: format,
			data: func() (rows, tail []byte, err error) { return sized(&t, format) }}
	}
	f.index()
	return f
}

// sized cuts a tensor's bytes to what its format needs.
func sized(t *gguf.Tensor, f *plan.Format) (rows, tail []byte, err error) {
	data, err := t.Sized(f.Block, f.Bytes, f.Tail)
	if err != nil {
		return nil, nil, err
	}
	n := len(data) - f.Tail
	return data[:n:n], data[n:], nil
}
