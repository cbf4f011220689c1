package modelfile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/trinity-engine/trinity/runtime/gguf"
	"github.com/trinity-engine/trinity/runtime/mapped"
	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/runtime/tri"
)

// Kinds of files.
const (
	GGUF = "GGUF"
	Tri  = "tri"
)

// File is an open model file. Its methods may be called from several goroutines, but not beside Close.
type File struct {
	Kind    string   // GGUF or Tri
	Version uint32   // of the kind
	Tensors []Tensor // in the order of the file

	metadata *gguf.File
	byName   map[string]int
	formats  []plan.Format
	size     int
	check    func(threads int) error // nil: it has no checksums
	release  func() error            // nil: nothing
	mapped   []byte                  // the file in memory, as far as the system may drop it
}

// Tensor is one of a file.
type Tensor struct {
	Name   string
	Dims   []uint64     // the fastest varying first: [width, rows, …]
	Type   string       // what the file says of its format
	Format *plan.Format // nil: the specs have none such

	data func() (rows, tail []byte, err error)
}

// Open maps a file. formats are those that its tensors may have. Of a GGUF file the structure is checked, of a .tri
// file the header and the metadata; see [File.Check].
func Open(path string, formats []plan.Format) (*File, error) {
	data, release, err := mapped.Open(path)
	if err != nil {
		return nil, err
	}
	f, err := Own(data, release, formats)
	if err != nil {
		if release != nil {
			_ = release()
		}
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if release != nil {
		f.mapped = data
	}
	return f, nil
}

// Own reads a file that is in memory and keeps data, which must not change, and which release, unless it is nil, gives
// back when the file is closed. Where it fails it does not.
func Own(data []byte, release func() error, formats []plan.Format) (f *File, err error) {
	if strings.HasPrefix(string(data[:min(len(data), len(tri.Magic))]), tri.Magic[:4]) {
		f, err = ofTri(data, formats)
	} else {
		f, err = parseGGUF(data, formats)
	}
	if err == nil {
		f.release = release
	}
	return f, err
}

// Forget says that a tensor's bytes are not read soon: where the file is mapped they take no memory until then.
func (f *File) Forget(rows []byte) { mapped.Forget(f.mapped, rows) }

// index finds tensors by name.
func (f *File) index() {
	f.byName = make(map[string]int, len(f.Tensors))
	for i := range f.Tensors {
		f.byName[f.Tensors[i].Name] = i
	}
}

// Planned gives a file of the same metadata and tensors in other formats, without data: a model can be bound to it, to
// see what it would take of such a file.
func (f *File) Planned(format func(t *Tensor) *plan.Format) *File {
	p := &File{Kind: f.Kind, Version: f.Version, metadata: f.metadata, formats: f.formats}
	p.Tensors = slices.Clone(f.Tensors)
	for i := range p.Tensors {
		t := &p.Tensors[i]
		t.Format = format(&f.Tensors[i])
		t.data = func() (rows, tail []byte, err error) { return nil, make([]byte, t.Format.Tail), nil }
	}
	p.index()
	return p
}

// Keys gives the metadata's keys in the order of the file; the slice is the file's own and not to be changed.
func (f *File) Keys() []string { return f.metadata.Keys() }

// Value gives the metadata value of a key.
func (f *File) Value(key string) (gguf.Value, bool) { return f.metadata.Value(key) }

// Tensor gives the tensor of a name.
func (f *File) Tensor(name string) (*Tensor, bool) {
	i, ok := f.byName[name]
	if !ok {
		return nil, false
	}
	return &f.Tensors[i], true
}

// Supported lists the formats that tensors of files of its kind may have, sorted.
func (f *File) Supported() (names []string) {
	for i := range f.formats {
		if f.Kind != GGUF || f.formats[i].GGUF >= 0 {
			names = append(names, f.formats[i].Name)
		}
	}
	slices.Sort(names)
	return names
}

// Size gives the file's length in bytes.
func (f *File) Size() int { return f.size }

// Check compares the checksums of all tensors' data, where the file has such, with n threads; 0: as many as GOMAXPROCS.
func (f *File) Check(n int) error {
	if f.check == nil {
		return nil
	}
	return f.check(n)
}

// Close gives the file's memory back. No Value and no tensor's data may be used after it.
func (f *File) Close() error {
	release := f.release
	f.release, f.mapped, f.Tensors, f.byName, f.metadata = nil, nil, nil, nil, &gguf.File{}
	if release == nil {
		return nil
	}
	if err := release(); err != nil {
		return fmt.Errorf("close: %w", err)
	}
	return nil
}

// Values gives the number of values: the product of Dims.
func (t *Tensor) Values() uint64 {
	n := uint64(1)
	for _, d := range t.Dims {
		n *= d
	}
	return n
}

// Data gives the tensor's rows in its Format, which must not be nil, and what the format has after them; both are
// windows on the file's bytes, read only. That the file has too few is an error.
func (t *Tensor) Data() (rows, tail []byte, err error) { return t.data() }
