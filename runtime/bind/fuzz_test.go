package bind

import (
	"maps"
	"slices"
	"testing"

	"github.com/trinity-engine/trinity/internal/ggufwrite"
	"github.com/trinity-engine/trinity/runtime/eval"
	"github.com/trinity-engine/trinity/runtime/gguf"
	"github.com/trinity-engine/trinity/runtime/plan"
)

func (f *file) bytes() []byte {
	b := ggufwrite.New()
	for _, k := range slices.Sorted(maps.Keys(f.keys)) {
		b.Set(k, f.keys[k])
	}
	for _, name := range slices.Sorted(maps.Keys(f.tensors)) {
		x := f.tensors[name]
		b.Add(name, x.typ, x.dims, x.data)
	}
	return b.Bytes()
}

// FuzzBind binds any file: it is refused, or what is bound lies in the file and can be laid out.
func FuzzBind(f *testing.F) {
	f.Add(good().bytes())
	for _, change := range []func(*file){
		func(g *file) { g.keys["test.c"] = []float32{1, 2} },
		func(g *file) { g.keys["test.c"] = []int64{1, -2} },
		func(g *file) { g.keys["test.layers"] = uint64(1) << 62 },
		func(g *file) { g.keys["test.layers"] = uint32(0); g.tensors = nil },
		func(g *file) { g.keys["test.width"] = uint64(1) << 52 },
		func(g *file) { g.tensors["blk.0.fused"] = tensor{8, []uint64{4, 12}, bytesOf(36)} },
		func(g *file) { delete(g.tensors, "blk.0.fused") },
	} {
		g := good()
		change(g)
		f.Add(g.bytes())
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		opened, err := gguf.Parse(data)
		if err != nil {
			return
		}
		p, err := Bind(model(), formats, opened)
		if err != nil {
			return
		}
		for _, s := range p.Steps {
			for _, o := range s.Operands {
				if o.Kind == Weight && o.Buf.Len > len(data) {
					t.Fatalf("a weight of %d bytes in a file of %d", o.Buf.Len, len(data))
				}
				if o.Kind == Weight {
					sum := byte(0)
					for _, b := range plan.View[byte](o.Buf) {
						sum += b
					}
					_ = sum
				}
			}
		}
		if _, _, err := p.Layout(eval.Batch{T: 3, R: 1}); err != nil {
			t.Logf("refused: %v", err)
		}
		p.Slice(1)
	})
}
