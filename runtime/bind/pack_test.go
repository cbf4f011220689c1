package bind

import (
	"bytes"
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trinity-engine/trinity/internal/ggufwrite"
	"github.com/trinity-engine/trinity/runtime/gguf"
	"github.com/trinity-engine/trinity/runtime/modelfile"
	"github.com/trinity-engine/trinity/runtime/plan"
)

// TestUniform: a tensor is packed by what its blocks have once where they all agree in it, and not otherwise.
func TestUniform(t *testing.T) {
	packing := Packing{
		Op: &plan.Op{Name: "repack", Kernels: []plan.Kernel{
			{Name: "all", Formats: []string{"b4", "b4_x2"}},
			{Name: "one", Formats: []string{"b4", "b4_once_x2"}}}},
		Formats: []plan.Format{
			{Name: "b4_x2", Rows: 2, Block: 4, Bytes: 6, Packs: "b4"},
			{Name: "b4_once_x2", Rows: 2, Block: 4, Bytes: 4, Tail: 8, Packs: "b4", Uniform: true, Once: []plan.Once{{To: 1, From: 2, Bytes: 1}}},
		}}
	product := func(name string, uniform bool, format string) *plan.Op {
		return &plan.Op{Name: name, Kernels: []plan.Kernel{{Name: name, Formats: []string{format}}},
			Params: []plan.Param{{Name: "W", Kind: plan.ParamWeight, Packs: true, Uniform: uniform}, {Name: "y", Kind: plan.ParamTensor, Elem: "f32", Write: true}}}
	}
	step := func(op *plan.Op) []plan.Node {
		return []plan.Node{&plan.Step{Op: op, Args: names("w", "y"), Where: "t.vibee:9"}}
	}
	model := &plan.Model{Name: "test", Arch: "test", Body: []plan.Node{
		&plan.Weight{Name: "w", Tensor: "w", Formats: "any", Shape: []plan.Expr{plan.Int(2), plan.Int(8)}},
		&plan.Buffer{Name: "y", Elem: "f32", Shape: []plan.Expr{plan.BatchRows}},
		&plan.If{Cond: plan.Packable{Weight: "w", Uniform: true},
			Then: step(product("once", true, "b4_once_x2")), Else: step(product("each", false, "b4_x2"))},
	}, Outputs: []plan.Output{{Name: "y", Value: "y"}}}
	for _, test := range []struct {
		name, kernel string
		blocks       [4]byte // what each block of the two rows has last
		tail         []byte
	}{
		{"all agree", "once", [4]byte{7, 7, 7, 7}, []byte{0, 7, 0, 0, 0, 0, 0, 0}},
		{"the first differs", "each", [4]byte{6, 7, 7, 7}, nil},
		{"the last differs", "each", [4]byte{7, 7, 7, 8}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			var data []byte
			for i, b := range test.blocks {
				data = append(data, byte(i), byte(3*i), b)
			}
			f, err := gguf.Parse(ggufwrite.New().Set("general.architecture", "test").Add("w", 8, []uint64{8, 2}, data).Bytes())
			if err != nil {
				t.Fatal(err)
			}
			p, err := BindPacked(model, modelfile.OfGGUF(f, slices.Collect(maps.Values(formats))), packing)
			if err != nil {
				t.Fatal(err)
			}
			if got := p.Steps[0].Kernel.Name; got != test.kernel {
				t.Errorf("kernel %s, want %s", got, test.kernel)
			}
			if len(p.repacks) != 1 || !bytes.Equal(plan.View[byte](p.repacks[0].Call.Buf[0]), data) {
				t.Errorf("%d packings of the tensor", len(p.repacks))
			}
			var tail []byte
			for _, o := range p.Steps[0].Operands[1:] {
				if o.Kind == Weight {
					tail = plan.View[byte](o.Buf)
				}
			}
			if diff := cmp.Diff(test.tail, tail); diff != "" {
				t.Errorf("tail (-want +got):\n%s", diff)
			}
		})
	}
}
