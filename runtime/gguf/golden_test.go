package gguf_test

import (
	"path/filepath"
	"testing"

	"github.com/trinity-engine/trinity/internal/shared"
	"github.com/trinity-engine/trinity/runtime/gguf"
)

// blocks gives the values and bytes of a block for the types of the golden files.
var blocks = map[uint32][3]int{
	0: {1, 4}, 1: {1, 2}, 2: {32, 18}, 3: {32, 20}, 6: {32, 22}, 7: {32, 24}, 8: {32, 34},
	10: {256, 84}, 11: {256, 110}, 12: {256, 144}, 13: {256, 176}, 14: {256, 210}, 20: {32, 18},
	34: {256, 54}, 35: {256, 66}, 36: {128, 32, 32},
}

func TestGoldenFiles(t *testing.T) {
	var paths []string
	for _, dir := range []string{"golden/arch", "golden/quant", "models"} {
		found, err := filepath.Glob(filepath.Join(shared.Path(t, dir), "*.gguf"))
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: no files: %v", dir, err)
		}
		paths = append(paths, found...)
	}
	paths = append(paths, shared.Model(t, "smollm2"))
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) { checkFile(t, path) })
	}
}

// checkFile opens a real file, in which every key is to have a value and every
// tensor is to fill its region but for less than the alignment.
func checkFile(t *testing.T, path string) {
	f, err := gguf.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if v, ok := f.Value("general.architecture"); !ok || v.Kind() != gguf.String {
		t.Errorf("general.architecture: %v", v)
	}
	for _, key := range f.Keys() {
		v, ok := f.Value(key)
		if !ok || v.String() == "none" {
			t.Errorf("key %q: %v, found: %v", key, v, ok)
		}
	}
	for _, tensor := range f.Tensors {
		b, ok := blocks[tensor.Type]
		if !ok {
			t.Errorf("tensor %q: type %d", tensor.Name, tensor.Type)
			continue
		}
		data, err := tensor.Sized(b[0], b[1], b[2])
		if err != nil {
			t.Error(err)
		} else if spare := len(tensor.Data) - len(data); spare < 0 || spare >= int(f.Alignment) {
			t.Errorf("tensor %q: %d bytes of %d are spare", tensor.Name, spare, len(tensor.Data))
		}
		if found, ok := f.Tensor(tensor.Name); !ok || found.Offset != tensor.Offset {
			t.Errorf("tensor %q: found %v", tensor.Name, found)
		}
	}
	if _, ok := f.Tensor("no such tensor"); ok {
		t.Error("found a tensor that is not there")
	}
}
