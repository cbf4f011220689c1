package bind

import (
	"bytes"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trinity-engine/trinity/internal/ggufwrite"
	"github.com/trinity-engine/trinity/runtime/gguf"
	"github.com/trinity-engine/trinity/runtime/modelfile"
	"github.com/trinity-engine/trinity/runtime/plan"
)

// TestUniform: a tensor is packed by what its blocks have once where they all agree in it, and not otherwise; in the largest form
// of that kind, unless another is asked for.
func TestUniform(t *testing.T) {
	packing := Packing{
		Op: &plan.Op{Name: "repack", Kernels: []plan.Kernel{
			{Name: "all", Formats: []string{"b4", "b4_x2"}},
			{Name: "one", Formats: []string{"b4", "b4_once_x2"}}}},
		Formats: []plan.Format{
			{Name: "b4_dense_x2", Rows: 2, Block: 4, Bytes: 2, Tail: 8, Packs: "b4", Uniform: true, Once: []plan.Once{{To: 1, From: 2, Bytes: 1}}},
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
		name, kernel, packs string
		blocks              [4]byte // what each block of the two rows has last
		tail                []byte
	}{
		{"all agree", "once", "one", [4]byte{7, 7, 7, 7}, []byte{0, 7, 0, 0, 0, 0, 0, 0}},
		{"the first differs", "each", "all", [4]byte{6, 7, 7, 7}, nil},
		{"the last differs", "each", "all", [4]byte{7, 7, 7, 8}, nil},
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
			if len(p.repacks) != 1 || p.repacks[0].Kernel.Name != test.packs || !bytes.Equal(plan.View[byte](p.repacks[0].Call.Buf[0]), data) {
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

// TestDenser: forms that are smaller, the smallest first, where the blocks agree.
func TestDenser(t *testing.T) {
	of := plan.Format{Name: "b", Rows: 1, Block: 4, Bytes: 3}
	once := []plan.Once{{From: 2, Bytes: 1}}
	packing := Packing{Formats: []plan.Format{
		{Name: "half", Rows: 2, Block: 4, Bytes: 4, Packs: "b", Uniform: true, Once: once},
		{Name: "another's", Rows: 2, Block: 4, Bytes: 1, Packs: "c", Uniform: true, Once: once},
		{Name: "scaled", Rows: 2, Block: 4, Bytes: 2, Packs: "b"},
		{Name: "whole", Rows: 2, Block: 4, Bytes: 6, Packs: "b", Uniform: true, Once: once},
		{Name: "third", Rows: 4, Block: 8, Bytes: 8, Packs: "b", Uniform: true, Once: once},
	}}
	for _, c := range []struct {
		than  int
		last  byte // of the second block
		width int
		want  []string
	}{
		{3, 9, 8, []string{"third", "half"}},
		{0, 9, 8, []string{"third"}},
		{4, 9, 8, nil},
		{3, 8, 8, nil},
		{3, 9, 4, []string{"half"}},
	} {
		var got []string
		for _, f := range packing.Denser(&packing.Formats[c.than], &of, []byte{1, 2, 9, 3, 4, c.last}, c.width) {
			got = append(got, f.Name)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("than %s, %d: (-want +got)\n%s", packing.Formats[c.than].Name, c.last, diff)
		}
	}
}

// TestPaired: what holds bf16s and nothing else packs rows of whole blocks, for those who ask for it; for others nothing packs
// what has no codes.
func TestPaired(t *testing.T) {
	packing := Packing{Formats: []plan.Format{
		{Name: "coded_x2", Rows: 2, Block: 1, Bytes: 4, Packs: "a"},
		{Name: "a_x2", Rows: 2, Block: 4, Bytes: 16, Packs: "a", Paired: true},
		{Name: "b_x2", Rows: 2, Block: 4, Bytes: 16, Packs: "b", Paired: true},
	}}
	for _, c := range []struct {
		of           string
		width        int
		paired, code string // names; "": none
	}{
		{"a", 8, "a_x2", "coded_x2"},
		{"a", 6, "", "coded_x2"},
		{"b", 8, "b_x2", ""},
		{"c", 8, "", ""},
	} {
		name := func(f *plan.Format) string {
			if f == nil {
				return ""
			}
			return f.Name
		}
		if got := name(packing.Paired(c.of, c.width)); got != c.paired {
			t.Errorf("%s, %d wide: pairs are packed by %q, want %q", c.of, c.width, got, c.paired)
		}
		if got := name(packing.Of(c.of)); got != c.code {
			t.Errorf("%s: codes are packed by %q, want %q", c.of, got, c.code)
		}
	}
}

// TestPack: a memory is packed once for all that take so much of it, until packing fails.
func TestPack(t *testing.T) {
	model := takes([]*plan.Op{beside}, []*plan.Op{beside, beside}, map[int]*plan.Op{0: beside, 4: beside})
	p, err := BindPacked(model, fileOf(t, false), Packing{Op: repack, Formats: sided})
	if err != nil {
		t.Fatal(err)
	}
	packed := map[string][][]int{}
	for _, r := range p.repacks {
		packed[r.Tensor] = append(packed[r.Tensor], r.Call.Dim)
	}
	for _, dims := range packed {
		slices.SortFunc(dims, slices.Compare)
	}
	want := map[string][][]int{"table": {{8, 4}}, "blk.0.m": {{2, 4}, {2, 4}, {8, 4}}}
	if diff := cmp.Diff(want, packed); diff != "" {
		t.Errorf("heights and widths (-want +got):\n%s", diff)
	}
	full, calls := errors.New("the disk is full"), 0
	for range 2 {
		err := p.Pack(func(*Repack) error { calls++; return full })
		if !errors.Is(err, full) || !strings.Contains(err.Error(), `tensor "`+p.repacks[0].Tensor) || calls != 1 {
			t.Errorf("%v, after %d calls", err, calls)
		}
	}
}

// TestPackable: what has blocks that agree needs another answer than what packs any, and another name is the same weight.
func TestPackable(t *testing.T) {
	once := plan.Format{Name: "q_once_x4", Rows: 4, Block: 4, Bytes: 16, Tail: 1, Packs: "q", Uniform: true, Once: []plan.Once{{Bytes: 1}}}
	packing := Packing{Op: repack, Formats: append([]plan.Format{once}, sided...)}
	if f := packing.Of("q"); f == nil || f.Name != "q_x4" {
		t.Errorf("%v packs any q", f)
	}
	for _, c := range []struct {
		what     string
		packed   bool // in the file
		packable plan.Packable
		want     bool
	}{
		{"in the file", true, plan.Packable{Weight: "w"}, true},
		{"in the file, but with scales of its own", true, plan.Packable{Weight: "w", Uniform: true}, false},
		{"any", false, plan.Packable{Weight: "w"}, true},
		{"of blocks that differ", false, plan.Packable{Weight: "w", Uniform: true}, false},
		{"by another name", false, plan.Packable{Weight: "part"}, true},
	} {
		step := func(op *plan.Op) []plan.Node { return []plan.Node{&plan.Step{Op: op, Args: names("w", "y")}} }
		model := &plan.Model{Name: "test", Arch: "takes", Ignore: []string{"*"}, Body: []plan.Node{
			&plan.Weight{Name: "w", Tensor: "table", Formats: "any", Shape: []plan.Expr{plan.Int(8), plan.Int(4)}},
			&plan.Weight{Name: "part", Tensor: "absent", Formats: "any", Shape: []plan.Expr{plan.Int(4), plan.Int(4)},
				Else: &plan.Alias{Weight: "w", Lo: plan.Int(0), Hi: plan.Int(4)}},
			&plan.Buffer{Name: "y", Elem: "f32", Shape: []plan.Expr{plan.BatchRows}},
			&plan.If{Cond: c.packable, Then: step(beside), Else: step(lookUp)},
		}}
		p, err := BindPacked(model, fileOf(t, c.packed), packing)
		if err != nil {
			t.Fatalf("%s: %v", c.what, err)
		}
		if got := p.Steps[0].Op == beside; got != c.want {
			t.Errorf("%s: %v", c.what, got)
		}
	}
}
