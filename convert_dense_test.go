package trinity

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trinity-engine/trinity/gen"
	"github.com/trinity-engine/trinity/runtime/gguf"
	"github.com/trinity-engine/trinity/runtime/modelfile"
)

// forms are how many tensors of a converted file have each format.
func forms(t *testing.T, path string) map[string]int {
	t.Helper()
	d, err := Describe(path)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]int{}
	for _, x := range d.Tensors {
		out[x.Type]++
	}
	return out
}

// TestConvertDense: matrices of trits take the smallest form and give the same bits; one with a code that is no trit, or with
// scales of its own, keeps its form, and so does what is not ternary.
func TestConvertDense(t *testing.T) {
	fourth := func(rows []byte) { rows[17] |= 3 } // a code of 2
	scaled := func(rows []byte) { rows[65] ^= 1 } // the first block's scale
	none := func([]byte) {}
	for _, c := range []struct {
		what, typ string
		change    func(rows []byte)
		want      map[string]int
	}{
		{"trits", "tq2_0", none, map[string]int{"tq2_0_dense_x16": 14, "q8_0": 1, "q8_0_x16": 1, "f32": 5}},
		{"a fourth code", "tq2_0", fourth, map[string]int{"tq2_0_dense_x16": 13, "tq2_0_uniform_x16": 1, "q8_0": 1, "q8_0_x16": 1, "f32": 5}},
		{"scales", "tq2_0", scaled, map[string]int{"tq2_0_dense_x16": 13, "tq2_0_x16": 1, "q8_0": 1, "q8_0_x16": 1, "f32": 5}},
		{"other blocks", "i2_s", none, map[string]int{"i2_s_dense_x16": 14, "q8_0": 1, "q8_0_x16": 1, "f32": 5}},
		{"no trits", "q4_0", none, map[string]int{"q4_0_x16": 15, "q4_0": 1, "f32": 5}},
	} {
		data := synthesized(t, tiny("llama", false), c.typ)
		file, err := gguf.Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		x, _ := modelfile.OfGGUF(file, gen.Formats).Tensor("blk.1.attn_v.weight")
		rows, _, err := x.Data()
		if err != nil {
			t.Fatal(err)
		}
		c.change(rows)
		in, out := written(t, data), filepath.Join(t.TempDir(), "dense.tri")
		if _, err := Convert(context.Background(), in, out, ConvertOptions{Threads: 2, Dense: true}); err != nil {
			t.Fatalf("%s: %v", c.what, err)
		}
		if diff := cmp.Diff(c.want, forms(t, out)); diff != "" {
			t.Errorf("%s: tensors of each format (-want +got):\n%s", c.what, diff)
		}
		ids := []int32{5, 299, 0, 17}
		if !slices.Equal(logitsOf(t, out, ids), logitsOf(t, in, ids)) {
			t.Errorf("%s: the logits differ", c.what)
		}
	}
}

// TestConvertDenseTales: a model that was trained so gets smaller by a fifth where its trits are.
func TestConvertDenseTales(t *testing.T) {
	wide, _ := convert(t, "tales")
	dense := filepath.Join(t.TempDir(), "dense.tri")
	if _, err := Convert(context.Background(), "tales", dense, ConvertOptions{Dense: true}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]int{"tq2_0_dense_x16": 56, "q8_0_x16": 1, "f32": 33}, forms(t, dense)); diff != "" {
		t.Errorf("tensors of each format (-want +got):\n%s", diff)
	}
	sizes := [2]int64{}
	for i, path := range []string{wide, dense} {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		sizes[i] = info.Size()
	}
	if saved := sizes[0] - sizes[1]; saved < 1<<17 {
		t.Errorf("%d bytes, with four trits a byte %d", sizes[1], sizes[0])
	}
	ids := []int32{2648, 1467, 239, 624}
	if !slices.Equal(logitsOf(t, dense, ids), logitsOf(t, "tales", ids)) {
		t.Error("the logits differ")
	}
}
