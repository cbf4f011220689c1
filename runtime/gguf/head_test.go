package gguf_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trinity-engine/trinity/runtime/gguf"
)

// TestHead: a file's keys and tensors, written again, are its bytes.
func TestHead(t *testing.T) {
	want := sample().Bytes()
	f, head := parse(t, want), gguf.Head{}
	for _, key := range f.Keys() {
		v, _ := f.Value(key)
		head.Set(key, v)
	}
	for _, x := range f.Tensors {
		if at := head.Add(x.Name, x.Dims, x.Type, len(x.Data)); at != x.Offset {
			t.Errorf("%s: at %d, the file has it at %d", x.Name, at, x.Offset)
		}
	}
	got := head.Bytes()
	if len(got)+head.Size() != len(want) {
		t.Errorf("%d bytes and %d of data, the file has %d", len(got), head.Size(), len(want))
	}
	if diff := cmp.Diff(want[:len(got)], got); diff != "" {
		t.Error(diff)
	}
}

func TestHeadOfNothing(t *testing.T) {
	var head gguf.Head
	if f := parse(t, head.Bytes()); len(f.Keys()) != 0 || len(f.Tensors) != 0 || f.Version != 3 {
		t.Errorf("%v %v, version %d", f.Keys(), f.Tensors, f.Version)
	}
}

// TestMade: each value that is made reads as what it was made of.
func TestMade(t *testing.T) {
	var head gguf.Head
	head.Set("u", gguf.OfUint32(1<<31))
	head.Set("f", gguf.OfFloat32(1e-5))
	head.Set("t", gguf.OfText("Ġthe"))
	head.Set("ts", gguf.OfTexts([]string{"a", "", "\xff"}))
	head.Set("fs", gguf.OfFloats([]float32{0.5, -3e38}))
	head.Set("is", gguf.OfInts([]int32{-1, 7}))
	head.Set("none", gguf.OfTexts(nil))
	f := parse(t, head.Bytes())
	value := func(key string) gguf.Value {
		v, ok := f.Value(key)
		if !ok {
			t.Errorf("%s is missing", key)
		}
		return v
	}
	if u, _ := value("u").Uint(); u != 1<<31 {
		t.Errorf("u is %d", u)
	}
	if x, _ := value("f").Float(); x != float64(float32(1e-5)) {
		t.Errorf("f is %v", x)
	}
	if s, _ := value("t").Text(); s != "Ġthe" {
		t.Errorf("t is %q", s)
	}
	if s, ok := value("ts").Texts(); !ok || !slices.Equal(s, []string{"a", "", "\xff"}) {
		t.Errorf("ts is %q", s)
	}
	if x, ok := value("fs").Floats(); !ok || !slices.Equal(x, []float32{0.5, -3e38}) {
		t.Errorf("fs is %v", x)
	}
	if x, ok := value("is").Ints(); !ok || !slices.Equal(x, []int64{-1, 7}) {
		t.Errorf("is is %v", x)
	}
	if s, ok := value("none").Texts(); !ok || len(s) != 0 {
		t.Errorf("none is %q", s)
	}
}
