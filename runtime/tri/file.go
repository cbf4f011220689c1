package tri

import (
	"fmt"
	"slices"
	"strings"

	"github.com/trinity-engine/trinity/runtime/workers"
)

// File is a parsed file. Its methods may be called from several goroutines.
type File struct {
	Version  uint32
	Tensors  []Tensor // in the order of the file
	Metadata []byte   // a window on the file's bytes

	data     []byte
	sections []section // of the tensors
}

// Parse reads a file that is in memory and keeps data, which must not change. The header, the places of all
// sections and the metadata are checked; the tensors' data is by [File.Check].
func Parse(data []byte) (*File, error) {
	f := &File{data: data}
	if err := f.parse(); err != nil {
		return nil, fmt.Errorf("tri: %w", err)
	}
	return f, nil
}

func (f *File) parse() error {
	version, sections, length, err := parseHeader(f.data)
	if err != nil {
		return err
	}
	if err := f.placed(sections, length); err != nil {
		return err
	}
	if len(sections) == 0 || sections[0].kind != kindMetadata {
		return fmt.Errorf("header: the first section is not the metadata")
	}
	f.Version, f.Metadata, f.sections = version, f.window(&sections[0]), sections[1:]
	if sum := Sum(f.Metadata); sum != sections[0].sum {
		return sections[0].damaged(sum)
	}
	f.Tensors = make([]Tensor, len(f.sections))
	for i := range f.sections {
		if f.sections[i].kind != kindTensor {
			return fmt.Errorf("header: there are two sections of metadata")
		}
		f.Tensors[i] = f.sections[i].tensor
	}
	return f.distinct()
}

// placed checks that the sections lie one after another, each on the first page after the one before, and end where
// the file does.
func (f *File) placed(sections []section, length int) error {
	last, before := uint64(length), "the header"
	for i := range sections {
		s := &sections[i]
		end, ok := s.end()
		switch {
		case s.size == 0:
			return fmt.Errorf("%v is empty", s)
		case s.offset%Page != 0:
			return fmt.Errorf("%v begins at %d, which is no multiple of %d", s, s.offset, Page)
		case s.offset < last:
			return fmt.Errorf("%v begins at %d, before %s ends, at %d", s, s.offset, before, last)
		case s.offset != aligned(last):
			return fmt.Errorf("%v begins at %d, and should at %d, on the first page after %s", s, s.offset, aligned(last), before)
		case !ok:
			return fmt.Errorf("%v has %d bytes, more than a file can", s, s.size)
		case end > uint64(len(f.data)):
			return fmt.Errorf("%v ends at %d, the file at %d: copy the whole file again", s, end, len(f.data))
		}
		last, before = end, s.String()
	}
	if uint64(len(f.data)) != last {
		return fmt.Errorf("the file goes on after %s, which ends at %d: it has %d bytes: copy it again", before, last, len(f.data))
	}
	return nil
}

// distinct checks that no two tensors have one name.
func (f *File) distinct() error {
	names := make([]string, len(f.Tensors))
	for i := range names {
		names[i] = f.Tensors[i].Name
	}
	slices.SortFunc(names, strings.Compare)
	for i := 1; i < len(names); i++ {
		if names[i] == names[i-1] {
			return fmt.Errorf("header: there are two sections %s", quoted(names[i]))
		}
	}
	return nil
}

// Rows gives the data of tensor i, a window on the file's bytes that begins on a page; read only.
func (f *File) Rows(i int) []byte { return f.window(&f.sections[i]) }

func (f *File) window(s *section) []byte {
	end, _ := s.end()
	return f.data[s.offset:end:end]
}

// Size gives the file's length in bytes.
func (f *File) Size() int { return len(f.data) }

// Check compares the checksum of every tensor's data, with n threads; 0: as many as GOMAXPROCS.
func (f *File) Check(n int) error {
	pool := workers.New(n)
	defer pool.Close()
	rows := make([][]byte, len(f.sections))
	for i := range rows {
		rows[i] = f.Rows(i)
	}
	got, err := sums(pool, rows)
	if err != nil {
		return fmt.Errorf("tri: %w", err)
	}
	for i := range f.sections {
		if s := &f.sections[i]; got[i] != s.sum {
			return fmt.Errorf("tri: %w", s.damaged(got[i]))
		}
	}
	return nil
}

func (s *section) damaged(sum uint32) error {
	return fmt.Errorf("%v is damaged, its checksum is %08x and not %08x: copy the file again, or convert the model again", s, sum, s.sum)
}
