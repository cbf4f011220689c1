package trinity

import (
	"slices"

	"github.com/trinity-engine/trinity/gen"
	"github.com/trinity-engine/trinity/runtime/gguf"
	"github.com/trinity-engine/trinity/runtime/modelfile"
)

// metadata reads a file's keys, each as the kind that is wanted.
type metadata struct{ *modelfile.File }

// Has tells whether the file has the key.
func (m metadata) Has(key string) bool { _, ok := m.Value(key); return ok }

func read[T any](m metadata, key string, as func(gguf.Value) (T, bool)) (out T, ok bool) {
	v, ok := m.Value(key)
	if !ok {
		return out, false
	}
	return as(v)
}

func (m metadata) Text(key string) (string, bool)      { return read(m, key, gguf.Value.Text) }
func (m metadata) Texts(key string) ([]string, bool)   { return read(m, key, gguf.Value.Texts) }
func (m metadata) Floats(key string) ([]float32, bool) { return read(m, key, gguf.Value.Floats) }
func (m metadata) Ints(key string) ([]int64, bool)     { return read(m, key, gguf.Value.Ints) }
func (m metadata) Uint(key string) (uint64, bool)      { return read(m, key, gguf.Value.Uint) }

// Bool is a flag of the file, or one that its architecture's spec assumes.
func (m metadata) Bool(key string) (bool, bool) {
	if m.Has(key) {
		return read(m, key, gguf.Value.Bool)
	}
	arch, _ := m.Text("general.architecture")
	model := gen.Models[arch]
	assumed := model != nil && slices.Contains(model.Assume, key)
	return assumed, assumed
}

// Number is an integer or a float.
func (m metadata) Number(key string) (float64, bool) {
	if n, ok := read(m, key, gguf.Value.Int); ok {
		return float64(n), true
	}
	return read(m, key, gguf.Value.Float)
}
