package ggufwrite

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// Builder gathers a file.
type Builder struct {
	Version   uint32 // 3 unless set
	Alignment int    // 32 unless set; written as general.alignment only by Set

	pairs   []pair
	tensors []tensor
}

type pair struct {
	key   string
	value any
}

type tensor struct {
	name string
	typ  uint32
	dims []uint64
	data []byte
}

// New starts an empty file of version 3.
func New() *Builder { return &Builder{Version: 3, Alignment: 32} }

// Set adds a metadata key. A value is an integer of stated width, a float, a bool,
// a string, or a slice of such, to any depth.
func (b *Builder) Set(key string, value any) *Builder {
	b.pairs = append(b.pairs, pair{key, value})
	return b
}

// Add adds a tensor of dims (the fastest varying first) and its data, which is put
// at the next aligned offset.
func (b *Builder) Add(name string, typ uint32, dims []uint64, data []byte) *Builder {
	b.tensors = append(b.tensors, tensor{name, typ, dims, data})
	return b
}

// Bytes gives the whole file.
func (b *Builder) Bytes() []byte {
	data, _ := b.Layout()
	return data
}

// File writes the file to a temporary folder and gives its path.
func (b *Builder) File(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "model.gguf")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Layout gives the file and its fields in order. Tensor data is padded to the
// alignment, but not after the last tensor.
func (b *Builder) Layout() ([]byte, []Field) {
	w := &writer{}
	w.put("magic", []byte("GGUF"))
	w.u32("version", b.Version)
	w.u64("tensor count", uint64(len(b.tensors)))
	w.u64("key count", uint64(len(b.pairs)))
	for i, p := range b.pairs {
		w.owner = fmt.Sprintf("key %d", i)
		w.text("name", p.key)
		w.owner = fmt.Sprintf("key %q", p.key)
		w.value(p.value)
	}
	offset := 0
	for i, t := range b.tensors {
		w.owner = fmt.Sprintf("tensor %d", i)
		w.text("name", t.name)
		w.owner = fmt.Sprintf("tensor %q", t.name)
		w.u32("dimension count", uint32(len(t.dims)))
		for _, d := range t.dims {
			w.u64("dimension", d)
		}
		w.u32("type", t.typ)
		w.u64("offset", uint64(offset))
		offset = b.aligned(offset + len(t.data))
	}
	for _, t := range b.tensors {
		w.data = append(w.data, make([]byte, b.aligned(len(w.data))-len(w.data))...)
		w.owner = fmt.Sprintf("tensor %q", t.name)
		w.put("data", t.data)
	}
	return w.data, w.fields
}

func (b *Builder) aligned(n int) int {
	return (n + b.Alignment - 1) / b.Alignment * b.Alignment
}

// Field is a range of the file. Owner and Name are how an error of the reader
// names it: key 0, name length.
type Field struct {
	Owner, Name string
	Start, End  int
}

// A writer appends fields to a file.
type writer struct {
	data   []byte
	fields []Field
	owner  string
}

func (w *writer) put(name string, data []byte) {
	start := len(w.data)
	w.data = append(w.data, data...)
	w.fields = append(w.fields, Field{w.owner, name, start, len(w.data)})
}

func (w *writer) u32(name string, x uint32) {
	w.put(name, binary.LittleEndian.AppendUint32(nil, x))
}

func (w *writer) u64(name string, x uint64) {
	w.put(name, binary.LittleEndian.AppendUint64(nil, x))
}

func (w *writer) text(name, s string) {
	w.u64(name+" length", uint64(len(s)))
	w.put(name, []byte(s))
}
