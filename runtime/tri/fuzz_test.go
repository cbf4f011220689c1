package tri_test

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trinity-engine/trinity/runtime/tri"
)

// FuzzParse: no bytes make the reader panic, and what it reads, the writer writes.
func FuzzParse(f *testing.F) {
	whole := small(f)
	f.Add(whole)
	f.Add(whole[:9000])
	f.Add(write(f, metadata, nil))
	for _, at := range []int{versionAt, lengthAt, countAt, first, first + offset, a + offset, a + size, a + 24, b + 24, b + offset} {
		d := bytes.Clone(whole)
		d[at] ^= 3
		f.Add(d)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if n := len(data); n > lengthAt+4 { // most checks come after that of the checksum
			if end := binary.LittleEndian.Uint32(data[lengthAt:]); end >= 24 && uint64(end) <= uint64(n) {
				data = signed(bytes.Clone(data))
			}
		}
		read, err := tri.Parse(data)
		if err != nil {
			return
		}
		if read.Check(1) != nil {
			return
		}
		var parts []part
		for i := range read.Tensors {
			parts = append(parts, part{read.Tensors[i], read.Rows(i)})
		}
		again, err := tri.Parse(write(t, read.Metadata, parts))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(read.Tensors, again.Tensors); diff != "" {
			t.Error(diff)
		}
		for i := range again.Tensors {
			if !bytes.Equal(read.Rows(i), again.Rows(i)) {
				t.Errorf("tensor %d is another one", i)
			}
		}
	})
}
