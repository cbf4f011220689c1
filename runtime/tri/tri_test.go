package tri_test

import (
	"bytes"
	"errors"
	"hash/crc32"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/trinity-engine/trinity/runtime/tri"
)

func TestRoundTrip(t *testing.T) {
	for name, want := range map[string][]part{"all": parts(), "none": nil, "one": parts()[2:]} {
		t.Run(name, func(t *testing.T) {
			data := write(t, metadata, want)
			f, err := tri.Parse(data)
			if err != nil {
				t.Fatal(err)
			}
			for _, threads := range []int{0, 1, 3} {
				if err := f.Check(threads); err != nil {
					t.Error(err)
				}
			}
			if f.Version != tri.Version || f.Size() != len(data) {
				t.Errorf("version %d, %d bytes of %d", f.Version, f.Size(), len(data))
			}
			if diff := cmp.Diff(metadata, f.Metadata); diff != "" {
				t.Error(diff)
			}
			var tensors []tri.Tensor
			for i, p := range want {
				tensors = append(tensors, p.Tensor)
				if i < len(f.Tensors) && !bytes.Equal(p.rows, f.Rows(i)) {
					t.Errorf("tensor %d has other data", i)
				}
			}
			if diff := cmp.Diff(tensors, f.Tensors, cmpopts.EquateEmpty()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestSum: a checksum of checksums, computed here in one line each.
func TestSum(t *testing.T) {
	table := crc32.MakeTable(crc32.Castagnoli)
	crc := func(b []byte) []byte {
		s := crc32.Checksum(b, table)
		return []byte{byte(s), byte(s >> 8), byte(s >> 16), byte(s >> 24)}
	}
	data := parts()[0].rows
	const mib = 1 << 20
	for _, c := range []struct {
		n    int
		want []byte
	}{
		{0, nil}, {5, crc(data[:5])}, {mib, crc(data[:mib])}, {mib + 1, append(crc(data[:mib]), crc(data[mib:mib+1])...)},
	} {
		if got, want := tri.Sum(data[:c.n]), crc32.Checksum(c.want, table); got != want {
			t.Errorf("%d bytes: %08x, want %08x", c.n, got, want)
		}
	}
}

func TestWriterRefuses(t *testing.T) {
	one := parts()[1:2]
	tensor := func(change func(*tri.Tensor)) []part {
		p := one[0]
		change(&p.Tensor)
		return []part{p}
	}
	for _, c := range []struct {
		what  string
		parts []part
		want  string
	}{
		{"no name", tensor(func(t *tri.Tensor) { t.Name = "" }), "tri: header: section 1: name: 0 bytes, it must have 1 to 256"},
		{"no format", tensor(func(t *tri.Tensor) { t.Format = "" }), `tri: header: section 1: "norm": format: 0 bytes, it must have 1 to 256`},
		{"no dims", tensor(func(t *tri.Tensor) { t.Dims = nil }), `tri: header: section 1: "norm": rank: 0, it must be 1 to 4`},
		{"five dims", tensor(func(t *tri.Tensor) { t.Dims = make([]uint64, 5) }), `tri: header: section 1: "norm": rank: 5, it must be 1 to 4`},
		{"a dim of 0", tensor(func(t *tri.Tensor) { t.Dims = []uint64{2, 0} }), `tri: header: section 1: "norm": dims: [2 0] are no tensor's`},
		{"a long tail", tensor(func(t *tri.Tensor) { t.Tail = make([]byte, 5000) }), `tri: header: section 1: "norm": tail: 5000 bytes, it must have 0 to 4096`},
		{"no data", []part{{one[0].Tensor, nil}}, `tri: section "norm" is empty`},
	} {
		if err := writeTo(&memory{}, metadata, c.parts); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %s", c.what, err, c.want)
		}
	}
	w, err := tri.NewWriter(&memory{}, metadata, []tri.Tensor{one[0].Tensor})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err == nil || err.Error() != `tri: section "norm" is not written` {
		t.Errorf("closed too early: %v", err)
	}
	if err := w.Write(one[0].rows); err != nil {
		t.Error(err)
	}
	if err := w.Write(one[0].rows); err == nil || err.Error() != "tri: all 1 tensors are written" {
		t.Errorf("written twice: %v", err)
	}
}

// TestFullDisk: wherever the room ends, the error says so and what is there is no file.
func TestFullDisk(t *testing.T) {
	whole := small(t)
	for room := 1; room < len(whole); room++ {
		m := &memory{room: room}
		err := writeTo(m, metadata, []part{
			{tri.Tensor{Name: "a", Dims: []uint64{4}, Format: "f32", Digest: "12"}, []byte("0123456789abcdef")},
			{tri.Tensor{Name: "b", Dims: []uint64{8, 2}, Format: "q", Digest: "34", Tail: []byte{9}}, []byte("xyz")},
		})
		if !errors.Is(err, errFull) {
			t.Fatalf("%d bytes: %v", room, err)
		}
		if _, err := tri.Parse(m.data); err == nil {
			t.Fatalf("%d of %d bytes are a file", len(m.data), len(whole))
		}
	}
}
