package trinity

import (
	"bytes"
	"context"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/trinity-engine/trinity/gen"
	"github.com/trinity-engine/trinity/runtime/modelfile"
	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/runtime/synthetic"
)

// tiny is a shape whose widths are whole blocks of each type.
func tiny(arch string, tied bool) *synthetic.Shape {
	return &synthetic.Shape{Name: "tiny", Arch: arch, Tied: tied, Vocabulary: 300, Keys: map[string]json.Number{
		"block_count": "2", "embedding_length": "256", "feed_forward_length": "512", "attention.head_count": "4",
		"attention.head_count_kv": "2", "attention.layer_norm_rms_epsilon": "1e-5", "rope.freq_base": "10000.0", "context_length": "128",
	}}
}

func synthesized(t *testing.T, shape *synthetic.Shape, typ string) []byte {
	t.Helper()
	f, err := synthetic.New(shape, typ, synthetic.Specs{Models: gen.Models, Formats: gen.Formats, Decode: gen.Host["rows"]}, nil)
	if err != nil {
		t.Fatal(err)
	}
	data := make([]byte, f.Size())
	if err := f.Fill(data, 2); err != nil {
		t.Fatal(err)
	}
	var written bytes.Buffer
	if n, err := f.WriteTo(&written); err != nil || int(n) != f.Size() || !bytes.Equal(written.Bytes(), data) {
		t.Errorf("%s: %d bytes are written, %d made in memory, %v: they differ", typ, n, f.Size(), err)
	}
	return data
}

// TestSyntheticTypes: a file of each type of weights is a model, whose logits are of a sane size.
func TestSyntheticTypes(t *testing.T) {
	types := 0
	for _, f := range gen.Formats {
		if f.GGUF < 0 {
			continue
		}
		types++
		for _, shape := range []*synthetic.Shape{tiny("llama", false), tiny("bitnet", true)} {
			for _, exact := range []bool{false, true} {
				file, err := modelfile.Own(synthesized(t, shape, f.Name), nil, gen.Formats)
				if err != nil {
					t.Fatal(err)
				}
				m, err := open(file, Options{Threads: 1, Context: 16, Exact: exact})
				if err != nil {
					t.Fatalf("%s %s: %v", shape.Arch, f.Name, err)
				}
				if n := m.TokenCount(); n != shape.Vocabulary {
					t.Errorf("%s: %d tokens", f.Name, n)
				}
				sum := 0.0
				for logits, err := range m.Logits(context.Background(), []int32{5, 6, 7}) {
					if err != nil {
						t.Fatal(err)
					}
					for _, x := range logits {
						sum += float64(x) * float64(x) / float64(3*len(logits))
					}
				}
				if rms := math.Sqrt(sum); !(rms > 0.1 && rms < 10) {
					t.Errorf("%s %s, exact %v: the root mean square of logits is %v, about 1 is expected", shape.Arch, f.Name, exact, rms)
				}
				m.Close()
			}
		}
	}
	if types < 17 {
		t.Errorf("%d types only", types)
	}
}

// TestSyntheticTernary: weights have three values, and one scale a tensor.
func TestSyntheticTernary(t *testing.T) {
	for _, typ := range []string{"tq1_0", "tq2_0", "i2_s"} {
		file, err := modelfile.Own(synthesized(t, tiny("bitnet", true), typ), nil, gen.Formats)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"blk.0.attn_q.weight", "blk.1.ffn_down.weight"} {
			x, ok := file.Tensor(name)
			if !ok {
				t.Fatalf("%s: no %s", typ, name)
			}
			counts := map[float32]int{}
			for _, v := range decoded(t, x) {
				counts[v]++
			}
			if len(counts) != 3 || counts[0] == 0 {
				t.Fatalf("%s %s: %d values: %v", typ, name, len(counts), counts)
			}
			for v, n := range counts {
				if n*4 < int(x.Values()) {
					t.Errorf("%s %s: %v comes %d times of %d", typ, name, v, n, x.Values())
				}
			}
		}
	}
}

// decoded gives the values of a tensor's rows.
func decoded(t *testing.T, x *modelfile.Tensor) []float32 {
	t.Helper()
	f := x.Format
	rows, width := int(x.Dims[1]), int(x.Dims[0])
	out, ids := make([]float32, rows*width), make([]int32, rows)
	data, tail, err := x.Data()
	if err != nil {
		t.Fatal(err)
	}
	call := plan.Call{Buf: []plan.Buf{plan.Of(data)}, Dim: []int{rows, width, rows}}
	if f.Tail > 0 {
		call.Buf = append(call.Buf, plan.Of(tail))
	}
	for i := range ids {
		ids[i] = int32(i)
	}
	call.Buf = append(call.Buf, plan.Of(ids), plan.Of(out))
	for _, k := range gen.Host["rows"].Kernels {
		if k.Formats[0] == f.Name {
			k.Run(&call, 0, rows, make([]byte, k.Scratch(&call)))
			return out
		}
	}
	t.Fatalf("nothing decodes %s", f.Name)
	return nil
}

// TestSyntheticShapes: the shapes' sizes are those of the models that they stand for.
func TestSyntheticShapes(t *testing.T) {
	for _, c := range []struct {
		name string
		size float64 // millions of bytes
	}{
		{"smol135:q8_0", 145}, {"smol135:f16", 271}, {"smol360:q4_1", 228}, {"smol1.7b:q8_0", 1823}, {"smol1.7b:q4_k", 965},
		{"bitnet2b:tq2_0", 890}, {"bitnet2b:tq1_0", 792}, {"bitnet2b:i2_s", 873}, {"llama8b:q8_0", 8536},
	} {
		s, err := NewSynthetic(c.name, "")
		if err != nil {
			t.Fatal(err)
		}
		if size := float64(s.Size()) / 1e6; math.Abs(size/c.size-1) > 0.02 {
			t.Errorf("%s: %.0f million bytes, %.0f are expected", c.name, size, c.size)
		}
	}
}

func TestSyntheticMistakes(t *testing.T) {
	for _, c := range []struct{ name, vocabulary, want string }{
		{"smol135", "", `"smol135" is no SHAPE:TYPE: shapes are smol135, smol360`},
		{"huge:q8_0", "", "shapes are smol135"},
		{"smol135:q9", "", `"q9" is no type of weights: there are bf16 f16 f32`},
		{"smol135:q8_0_x16", "", "no type of weights"},
		{"smol135:q4_k", "", "width 576 is no multiple of the 256 values of a block of q4_k: take another shape or type"},
		{"smol135:q8_0", "tales", "the vocabulary has 4096 tokens, the shape 49152"},
	} {
		if _, err := NewSynthetic(c.name, c.vocabulary); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}
