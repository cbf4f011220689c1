package gguf_test

import (
	"encoding/binary"
	"fmt"
	"runtime"
	"testing"

	"github.com/trinity-engine/trinity/internal/ggufwrite"
	"github.com/trinity-engine/trinity/runtime/gguf"
)

// dense are sound files that are all structure: the smallest keys, tensors and
// elements that there can be, as many as fit.
func dense() map[string][]byte {
	name := func(i int) string { // the shortest names that differ
		s := ""
		for ; i > 0 || s == ""; i /= 96 {
			s += string(rune(' ' + i%96))
		}
		return s
	}
	keys, tensors, texts, nested := ggufwrite.New(), ggufwrite.New(), ggufwrite.New(), ggufwrite.New()
	keys.Set("general.alignment", uint32(8))
	tensors.Set("general.alignment", uint32(8))
	tensors.Alignment = 8
	for i := range 60000 {
		keys.Set("."+name(i), uint8(0))
	}
	for i := range 40000 {
		tensors.Add("."+name(i), 0, []uint64{1}, []byte{1})
	}
	texts.Set("t", make([]string, 300000))
	nested.Set("n", make([][]uint8, 100000))
	return map[string][]byte{
		"keys": keys.Bytes(), "tensors": tensors.Bytes(), "texts": texts.Bytes(), "nested": nested.Bytes(),
		"bytes": ggufwrite.New().Set("b", make([]uint8, 1<<20)).Bytes(),
		"words": ggufwrite.New().Set("w", make([]uint16, 1<<19)).Bytes(),
		"flags": ggufwrite.New().Set("f", make([]bool, 1<<20)).Bytes(),
	}
}

// allocated gives the bytes that f allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

func TestMemoryOfDenseFiles(t *testing.T) {
	for what, data := range dense() {
		limit := uint64(4*len(data) + 1<<20)
		var f *gguf.File
		opened := allocated(func() { f = parse(t, data) })
		// A file that can't be mapped is read: that is its size once more.
		if opened+uint64(len(data)) > limit {
			t.Errorf("%s: opening allocates %d for a file of %d bytes", what, opened, len(data))
		}
		var most uint64
		for _, key := range f.Keys()[:1] {
			v, _ := f.Value(key)
			for name, ask := range map[string]func(){
				"Texts": func() { v.Texts() }, "Ints": func() { v.Ints() }, "Floats": func() { v.Floats() },
				"Bools": func() { v.Bools() }, "Bytes": func() { v.Bytes() }, "String": func() { _ = v.String() },
			} {
				n := allocated(ask)
				most = max(most, n)
				if opened+n > limit {
					t.Errorf("%s: %s allocates %d for a file of %d bytes", what, name, n, len(data))
				}
			}
		}
		t.Logf("%s: a file of %d bytes, %d to open (%.2fx), at most %d for one value", what, len(data), opened, float64(opened)/float64(len(data)), most)
	}
}

// Headers that promise more than there is: refused before anything is allocated.
func TestMemoryOfBrokenFiles(t *testing.T) {
	for _, c := range append(lies(), wrongs()...) {
		if n := allocated(func() { gguf.Parse(c.data) }); n > uint64(4*len(c.data)+1<<20) {
			t.Errorf("%s: %d bytes allocated for a file of %d", c.what, n, len(c.data))
		}
	}
	for _, data := range dense() {
		for _, at := range []int{8, 16} { // the counts
			for _, lie := range []uint64{1, 1 << 16, 1 << 20, 1 << 24, 1 << 32, 1 << 60, 1<<64 - 1} {
				b := append([]byte(nil), data...)
				binary.LittleEndian.PutUint64(b[at:], binary.LittleEndian.Uint64(b[at:])+lie)
				if n := allocated(func() { gguf.Parse(b) }); n+uint64(len(b)) > uint64(4*len(b)+1<<20) {
					t.Errorf("count at %d raised by %d: %d bytes allocated for a file of %d", at, lie, n, len(b))
				}
			}
		}
	}
}

func BenchmarkOpen(b *testing.B) {
	build := ggufwrite.New()
	tokens, scores := make([]string, 150000), make([]float32, 150000)
	for i := range tokens {
		tokens[i] = fmt.Sprint("token", i)
	}
	build.Set("tokenizer.ggml.tokens", tokens).Set("tokenizer.ggml.scores", scores)
	for i := range 500 {
		build.Add(fmt.Sprint("blk.", i, ".weight"), 0, []uint64{8, 8}, make([]byte, 256))
	}
	path := build.File(b)
	b.ReportAllocs()
	for b.Loop() {
		f, err := gguf.Open(path)
		if err != nil {
			b.Fatal(err)
		}
		v, _ := f.Value("tokenizer.ggml.tokens")
		if texts, ok := v.Texts(); !ok || len(texts) != len(tokens) {
			b.Fatal("no tokens")
		}
		f.Close()
	}
}
