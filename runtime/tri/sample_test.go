package tri_test

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"github.com/trinity-engine/trinity/runtime/tri"
)

// memory is a file in memory that can be written anywhere in.
type memory struct {
	data []byte
	at   int
	room int // bytes it can have; 0: any
}

var errFull = errors.New("no space is left")

func (m *memory) Write(b []byte) (int, error) {
	if m.room > 0 && m.at+len(b) > m.room {
		return 0, errFull
	}
	if need := m.at + len(b); need > len(m.data) {
		m.data = append(m.data, make([]byte, need-len(m.data))...)
	}
	m.at += copy(m.data[m.at:], b)
	return len(b), nil
}

func (m *memory) Seek(offset int64, whence int) (int64, error) {
	if whence != io.SeekStart {
		return 0, errors.ErrUnsupported
	}
	m.at = int(offset)
	return offset, nil
}

// part is a tensor and its data.
type part struct {
	tri.Tensor
	rows []byte
}

var metadata = []byte("GGUF, or what else it may be")

// parts has a tensor that is longer than a piece and a page, one that is a page, one with a tail.
func parts() []part {
	long := make([]byte, 1<<20+5000)
	for i := range long {
		long[i] = byte(i * i >> 7)
	}
	return []part{
		{tri.Tensor{Name: "blk.0.attn_q.weight", Dims: []uint64{256, 4}, Format: "packed", Digest: "0123abcd"}, long},
		{tri.Tensor{Name: "norm", Dims: []uint64{1024}, Format: "f32"}, bytes.Repeat([]byte{7}, 4096)},
		{tri.Tensor{Name: "bläk", Dims: []uint64{2, 1, 1, 3}, Format: "scaled", Digest: "ff", Tail: []byte{1, 2, 3}}, []byte("abcdefgh")},
	}
}

func write(t testing.TB, metadata []byte, parts []part) []byte {
	t.Helper()
	m := &memory{}
	if err := writeTo(m, metadata, parts); err != nil {
		t.Fatal(err)
	}
	return m.data
}

func writeTo(out io.WriteSeeker, metadata []byte, parts []part) error {
	var tensors []tri.Tensor
	for _, p := range parts {
		tensors = append(tensors, p.Tensor)
	}
	w, err := tri.NewWriter(out, metadata, tensors)
	for i := 0; err == nil && i < len(parts); i++ {
		err = w.Write(parts[i].rows)
	}
	if err == nil {
		err = w.Close()
	}
	return err
}

// small has sections of a few bytes.
func small(t testing.TB) []byte {
	return write(t, metadata, []part{
		{tri.Tensor{Name: "a", Dims: []uint64{4}, Format: "f32", Digest: "12"}, []byte("0123456789abcdef")},
		{tri.Tensor{Name: "b", Dims: []uint64{8, 2}, Format: "q", Digest: "34", Tail: []byte{9}}, []byte("xyz")},
	})
}
