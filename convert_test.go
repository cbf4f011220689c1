package trinity

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trinity-engine/trinity/gen"
	"github.com/trinity-engine/trinity/internal/shared"
	"github.com/trinity-engine/trinity/internal/tales"
	"github.com/trinity-engine/trinity/runtime/gguf"
	"github.com/trinity-engine/trinity/runtime/modelfile"
	"github.com/trinity-engine/trinity/runtime/synthetic"
)

// convert makes a .tri file of a model.
func convert(t *testing.T, in string) (path string, made *Converted) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "model.tri")
	made, err := Convert(context.Background(), in, path, ConvertOptions{Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	return path, made
}

// logitsOf are the bits of the logits after each of some tokens.
func logitsOf(t *testing.T, path string, ids []int32) (bits []uint32) {
	t.Helper()
	m, err := Open(path, Options{Threads: 2, Context: 32})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	for row, err := range m.Logits(context.Background(), ids) {
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range row {
			bits = append(bits, math.Float32bits(x))
		}
	}
	return bits
}

// TestConvertKeepsBits: for each type of weights, for a tied head, which is a table of embeddings, too, and for another.
func TestConvertKeepsBits(t *testing.T) {
	packs := map[string]bool{} // in codes: bf16 stays as it is, for whoever is not fast
	for _, f := range gen.Formats {
		packs[f.Packs] = packs[f.Packs] || !f.Paired
	}
	for _, f := range gen.Formats {
		if f.GGUF < 0 {
			continue
		}
		for _, tied := range []bool{false, true} {
			gguf := filepath.Join(t.TempDir(), "model.gguf")
			if err := os.WriteFile(gguf, synthesized(t, tiny("llama", tied), f.Name), 0o600); err != nil {
				t.Fatal(err)
			}
			path, made := convert(t, gguf)
			want := 0
			if packs[f.Name] {
				want = 2*7 + 1 // the layers' matrices, and the head
			}
			if made.Packed != want {
				t.Errorf("%s, tied %v: %d tensors are packed, not %d", f.Name, tied, made.Packed, want)
			}
			ids := []int32{5, 299, 0, 17}
			if !slices.Equal(logitsOf(t, path, ids), logitsOf(t, gguf, ids)) {
				t.Errorf("%s, tied %v: the logits differ", f.Name, tied)
			}
		}
	}
}

// TestConvertFused: matrices that are rows of another. One of those begins amid 16 that would lie side by side, so the
// whole stays as it is.
func TestConvertFused(t *testing.T) {
	for keys, packed := range map[string]int{"32": 2*4 + 1, "24": 2*3 + 1} {
		shape := &synthetic.Shape{Name: "fused", Arch: "phi3", Vocabulary: 300, Keys: map[string]json.Number{
			"block_count": "2", "embedding_length": "128", "feed_forward_length": "256", "attention.head_count": "4",
			"attention.head_count_kv": "1", "attention.layer_norm_rms_epsilon": "1e-5", "attention.key_length": json.Number(keys),
			"attention.value_length": json.Number(keys), "rope.dimension_count": json.Number(keys), "context_length": "128",
		}}
		path := filepath.Join(t.TempDir(), "model.gguf")
		if err := os.WriteFile(path, fused(t, synthesized(t, shape, "q4_0")), 0o600); err != nil {
			t.Fatal(err)
		}
		tri, made := convert(t, path)
		if made.Packed != packed {
			t.Errorf("keys of %s: %d of %d tensors are packed, not %d", keys, made.Packed, made.Tensors, packed)
		}
		ids := []int32{5, 299, 0, 17}
		if !slices.Equal(logitsOf(t, tri, ids), logitsOf(t, path, ids)) {
			t.Errorf("keys of %s: the logits differ", keys)
		}
	}
}

// fused makes one tensor of a layer's queries, keys and values.
func fused(t *testing.T, data []byte) []byte {
	t.Helper()
	file, err := gguf.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	var head gguf.Head
	var body []byte
	for _, k := range file.Keys() {
		v, _ := file.Value(k)
		head.Set(k, v)
	}
	add := func(name string, parts ...gguf.Tensor) {
		dims, all := slices.Clone(parts[0].Dims), []byte{}
		for i, x := range parts {
			if i > 0 {
				dims[1] += x.Dims[1]
			}
			f, _ := modelfile.OfGGUF(file, gen.Formats).Tensor(x.Name)
			rows, _, err := f.Data()
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, rows...)
		}
		at := head.Add(name, dims, parts[0].Type, len(all))
		body = append(append(body, make([]byte, int(at)-len(body))...), all...)
	}
	for _, x := range file.Tensors {
		layer, q := strings.CutSuffix(x.Name, "attn_q.weight")
		switch {
		case q:
			k, _ := file.Tensor(layer + "attn_k.weight")
			v, _ := file.Tensor(layer + "attn_v.weight")
			add(layer+"attn_qkv.weight", x, k, v)
		case !strings.Contains(x.Name, "attn_k") && !strings.Contains(x.Name, "attn_v"):
			add(x.Name, x)
		}
	}
	return append(head.Bytes(), body...)
}

func TestConvertTales(t *testing.T) {
	path, made := convert(t, "tales")
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if want := (Converted{Tensors: 90, Packed: 57, In: int64(len(tales.GGUF)), Out: info.Size()}); *made != want {
		t.Errorf("%+v, want %+v", *made, want)
	}
	ids := []int32{2648, 1467, 239, 624}
	if !slices.Equal(logitsOf(t, path, ids), logitsOf(t, "tales", ids)) {
		t.Error("the logits differ")
	}
	was, err := Describe("tales")
	if err != nil {
		t.Fatal(err)
	}
	is, err := Describe(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(was.Metadata, is.Metadata); diff != "" {
		t.Error(diff)
	}
	if is.Kind != "tri" || is.Version != 1 || is.Parameters != was.Parameters || len(is.Tensors) != len(was.Tensors) {
		t.Errorf("%s version %d, %d parameters in %d tensors", is.Kind, is.Version, is.Parameters, len(is.Tensors))
	}
	for i := range is.Tensors {
		if was, is := was.Tensors[i], is.Tensors[i]; was.Name != is.Name || !slices.Equal(was.Shape, is.Shape) {
			t.Errorf("%+v has become %+v", was, is)
		}
	}
	m, err := Open(path, Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if m.WeightType() != "tq2_0" {
		t.Errorf("its weights are %s", m.WeightType())
	}
}

// TestConvertSmolLM2: Q4_1 and a tied head in Q8_0.
func TestConvertSmolLM2(t *testing.T) {
	gguf := shared.Model(t, "smollm2")
	path, _ := convert(t, gguf)
	ids := readGolden(t, "golden/smollm2/smollm2.json").Tokens[:24]
	if !slices.Equal(logitsOf(t, path, ids), logitsOf(t, gguf, ids)) {
		t.Error("the logits differ")
	}
}

func TestConvertMistakes(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	path, _ := convert(t, "tales")
	there := filepath.Join(dir, "there")
	if err := os.WriteFile(there, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	gone, cancel := context.WithCancelCause(ctx)
	why := errors.New("enough")
	cancel(why)
	for _, c := range []struct {
		what, in, out string
		ctx           context.Context
		is            error
		want          string
	}{
		{"a file that is there", "tales", there, ctx, fs.ErrExist, there + ": file already exists"},
		{"a .tri file", path, filepath.Join(dir, "x.tri"), ctx, nil, path + " is a .tri file already: give the GGUF file that it was made of"},
		{"no file", filepath.Join(dir, "none.gguf"), filepath.Join(dir, "x.tri"), ctx, fs.ErrNotExist, "none.gguf"},
		{"no folder", "tales", filepath.Join(dir, "none", "x.tri"), ctx, fs.ErrNotExist, filepath.Join(dir, "none")},
		{"a context that has ended", "tales", filepath.Join(dir, "x.tri"), gone, why, ""},
	} {
		_, err := Convert(c.ctx, c.in, c.out, ConvertOptions{})
		if err == nil || c.is != nil && !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %v, %q", c.what, err, c.is, c.want)
		}
	}
	gguf := written(t, tales.GGUF)
	if _, err := Convert(ctx, gguf, gguf, ConvertOptions{Force: true}); err == nil || err.Error() != gguf+" is both: give another name for the .tri file" {
		t.Errorf("of itself: %v", err)
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("%v are left, %v", left, err)
	}
	if data, err := os.ReadFile(there); err != nil || string(data) != "mine" {
		t.Errorf("%q, %v", data, err)
	}
	if _, err := Convert(ctx, "tales", there, ConvertOptions{Force: true}); err != nil {
		t.Error(err)
	}
	if _, err := Describe(there); err != nil {
		t.Error(err)
	}
}

func TestOpenTriMistakes(t *testing.T) {
	path, _ := convert(t, "tales")
	if _, err := Open(path, Options{Exact: true}); !errors.Is(err, ErrPacked) || !strings.Contains(err.Error(), `tensor "blk.0.attn_q.weight" is tq2_0_uniform_x16, packed for activations of 8 bits: for exact ones give the GGUF file`) {
		t.Errorf("exact: %v", err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	older := slices.Clone(gen.Formats)
	for i := range older {
		if older[i].Name == "tq2_0_uniform_x16" {
			older[i].Digest = "0000000000000000"
		}
	}
	damaged := bytes.Clone(whole)
	damaged[len(damaged)-1] ^= 1
	newer := bytes.Clone(whole)
	newer[8]++
	for _, c := range []struct {
		what string
		data []byte
		want string
	}{
		{"damaged", damaged, `tri: section "blk.7.ffn_up.weight" is damaged, its checksum is `},
		{"truncated", whole[:len(whole)-100], `tri: section "blk.7.ffn_up.weight" ends at `},
		{"newer", newer, "tri: version: the file is of version 2, this program reads 1"},
	} {
		bad := filepath.Join(t.TempDir(), "bad.tri")
		if err := os.WriteFile(bad, c.data, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(bad, Options{}); err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), bad+": tri: ") {
			t.Errorf("%s: %v, want %s", c.what, err, c.want)
		}
	}
	file, err := modelfile.Open(path, older)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := open(file, Options{}); err == nil || !strings.Contains(err.Error(), `tensor "blk.0.attn_q.weight" is stored as tq2_0_uniform_x16 of another version: convert the model again`) {
		t.Errorf("another layout of a format: %v", err)
	}
}
