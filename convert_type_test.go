package trinity

import (
	"context"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/trinity-engine/trinity/gen"
	"github.com/trinity-engine/trinity/runtime/gguf"
	"github.com/trinity-engine/trinity/runtime/modelfile"
)

// written puts a GGUF file's bytes into a file.
func written(t *testing.T, data []byte) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "model.gguf")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// inF32 makes all tensors of a GGUF file f32.
func inF32(t *testing.T, data []byte) []byte {
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
	tensors := modelfile.OfGGUF(file, gen.Formats).Tensors
	for i := range tensors {
		x, bytes := &tensors[i], []byte{}
		if x.Format.Name == "f32" {
			if bytes, _, err = x.Data(); err != nil {
				t.Fatal(err)
			}
		} else {
			for _, v := range decoded(t, x) {
				bytes = binary.LittleEndian.AppendUint32(bytes, math.Float32bits(v))
			}
		}
		at := head.Add(x.Name, x.Dims, 0, len(bytes))
		body = append(append(body, make([]byte, int(at)-len(body))...), bytes...)
	}
	return append(head.Bytes(), body...)
}

// TestConvertTernary: values that are ternary come back as the very weights that they were.
func TestConvertTernary(t *testing.T) {
	for _, typ := range []string{"tq1_0", "tq2_0"} {
		for _, tied := range []bool{false, true} {
			was := synthesized(t, tiny("bitnet", tied), typ)
			path := filepath.Join(t.TempDir(), "model.tri")
			made, err := Convert(context.Background(), written(t, inF32(t, was)), path, ConvertOptions{Type: typ, Head: "q8_0"})
			if err != nil {
				t.Fatal(err)
			}
			if made.Packed != 2*7+1 {
				t.Errorf("%s: %d tensors are packed", typ, made.Packed)
			}
			for _, ends := range []string{".attn_q.weight", ".ffn_down.weight"} {
				x, y := tensorOf(t, written(t, was), "blk.1"+ends), tensorOf(t, path, "blk.1"+ends)
				if !slices.Equal(x, y) {
					t.Errorf("%s: blk.1%s has other values", typ, ends)
				}
			}
		}
	}
}

// tensorOf decodes a tensor of a file.
func tensorOf(t *testing.T, path, name string) []float32 {
	t.Helper()
	file, err := modelfile.Open(path, gen.Formats)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	x, ok := file.Tensor(name)
	if !ok {
		t.Fatalf("%s is not there", name)
	}
	return decoded(t, x)
}

// TestConvertTypes: every type that has an encode, of layers and head each for itself; what is rounded is near.
func TestConvertTypes(t *testing.T) {
	near := map[string]float64{"f32": 0, "f16": 1e-3, "bf16": 4e-3, "q8_0": 0.01, "q4_0": 0.15, "q4_1": 0.15, "tq1_0": 1, "tq2_0": 1} // of the mean square's root
	gguf := written(t, synthesized(t, tiny("llama", false), "f32"))
	seen := 0
	for _, k := range gen.Host["encode"].Kernels {
		typ := k.Formats[0]
		bound, ok := near[typ]
		if !ok {
			t.Errorf("%s can be written, and has no bound here", typ)
		}
		for name, o := range map[string]ConvertOptions{"blk.1.ffn_up.weight": {Type: typ}, "output.weight": {Head: strings.ToUpper(typ)}, "token_embd.weight": {Head: typ}} {
			path := filepath.Join(t.TempDir(), "model.tri")
			if _, err := Convert(context.Background(), gguf, path, o); err != nil {
				t.Fatal(err)
			}
			x, y := tensorOf(t, gguf, name), tensorOf(t, path, name)
			var off, size float64
			for i := range x {
				off += math.Pow(float64(x[i])-float64(y[i]), 2)
				size += math.Pow(float64(x[i]), 2)
			}
			if got := math.Sqrt(off / size); got > bound || bound > 0 && got < bound/20 {
				t.Errorf("%s as %s is off by %.4f of its size, at most %v is expected", name, typ, got, bound)
			}
			info, err := Describe(path)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range info.Tensors {
				layer := strings.HasPrefix(x.Name, "blk.")
				matrix := len(x.Shape) == 2
				if is, want := strings.TrimSuffix(x.Type, "_x16"), matrix && layer == (o.Type != ""); is != "f32" && !want || is != typ && want {
					t.Errorf("%+v: %s has become %s", o, x.Name, x.Type)
				}
			}
			if n := len(logitsOf(t, path, []int32{1, 2})); n != 600 {
				t.Errorf("%d logits", n)
			}
			seen++
		}
	}
	if seen < 3*6 {
		t.Errorf("%d types only", seen/3)
	}
}

func TestConvertTypeMistakes(t *testing.T) {
	for _, c := range []struct {
		o    ConvertOptions
		want string
	}{
		{ConvertOptions{Type: "q9"}, `"q9" is no type that weights can be rounded to: there are f32 f16 bf16 `},
		{ConvertOptions{Head: "q3_k"}, `"q3_k" is no type that weights can be rounded to: there are `},
		{ConvertOptions{Type: "q8_0_x16"}, `"q8_0_x16" is no type that weights can be rounded to`},
	} {
		if _, err := Convert(context.Background(), "tales", filepath.Join(t.TempDir(), "x.tri"), c.o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %s", c.o, err, c.want)
		}
	}
	narrow := tiny("llama", false)
	narrow.Keys["feed_forward_length"] = "96"
	gguf := written(t, synthesized(t, narrow, "q8_0"))
	_, err := Convert(context.Background(), gguf, filepath.Join(t.TempDir(), "x.tri"), ConvertOptions{Type: "tq2_0"})
	if err == nil || !strings.Contains(err.Error(), `tensor "blk.0.ffn_down.weight": width 96 is no multiple of the 256 values of a block of tq2_0: give another type`) {
		t.Errorf("a narrow matrix: %v", err)
	}
}
