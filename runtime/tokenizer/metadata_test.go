package tokenizer_test

import (
	"github.com/trinity-engine/trinity/runtime/gguf"
)

// file is a GGUF file's metadata.
type file struct{ *gguf.File }

func (f file) value(key string) gguf.Value {
	v, _ := f.Value(key)
	return v
}

func (f file) Has(key string) bool {
	_, ok := f.Value(key)
	return ok
}

func (f file) Text(key string) (string, bool)      { return f.value(key).Text() }
func (f file) Texts(key string) ([]string, bool)   { return f.value(key).Texts() }
func (f file) Floats(key string) ([]float32, bool) { return f.value(key).Floats() }
func (f file) Ints(key string) ([]int64, bool)     { return f.value(key).Ints() }
func (f file) Uint(key string) (uint64, bool)      { return f.value(key).Uint() }
func (f file) Bool(key string) (bool, bool)        { return f.value(key).Bool() }

// pairs is metadata in a test's own words.
type pairs map[string]any

func get[T any](p pairs, key string) (T, bool) {
	v, ok := p[key].(T)
	return v, ok
}

func (p pairs) Has(key string) bool {
	_, ok := p[key]
	return ok
}

func (p pairs) Text(key string) (string, bool)      { return get[string](p, key) }
func (p pairs) Texts(key string) ([]string, bool)   { return get[[]string](p, key) }
func (p pairs) Floats(key string) ([]float32, bool) { return get[[]float32](p, key) }
func (p pairs) Ints(key string) ([]int64, bool)     { return get[[]int64](p, key) }
func (p pairs) Uint(key string) (uint64, bool)      { return get[uint64](p, key) }
func (p pairs) Bool(key string) (bool, bool)        { return get[bool](p, key) }
