package bind

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trinity-engine/trinity/internal/ggufwrite"
	"github.com/trinity-engine/trinity/runtime/gguf"
	"github.com/trinity-engine/trinity/runtime/modelfile"
	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/runtime/tri"
)

// sided are a format and one that packs 4 of its rows.
var sided = []plan.Format{
	{Name: "f32", Rows: 1, Block: 1, Bytes: 4, Elem: "f32"},
	{Name: "q", GGUF: 8, Rows: 1, Block: 4, Bytes: 3},
	{Name: "q_x4", GGUF: -1, Rows: 4, Block: 4, Bytes: 12, Packs: "q"},
}

var (
	weightW = plan.Param{Name: "W", Kind: plan.ParamWeight}
	packedW = plan.Param{Name: "W", Kind: plan.ParamWeight, Packs: true}
	storedW = plan.Param{Name: "W", Kind: plan.ParamWeight, Stored: true}
	resultY = plan.Param{Name: "y", Kind: plan.ParamTensor, Elem: "f32", Write: true}
)

// taking is an op of one weight.
func taking(name string, w plan.Param, formats ...string) *plan.Op {
	o := &plan.Op{Name: name, Params: []plan.Param{w, resultY}}
	for _, f := range formats {
		o.Kernels = append(o.Kernels, plan.Kernel{Name: name + "_" + f, Formats: []string{f}})
	}
	return o
}

var (
	multiply = taking("multiply", weightW, "q", "f32")
	beside   = taking("beside", packedW, "q_x4")
	lookUp   = taking("look_up", storedW, "q", "q_x4", "f32")
)

// takes is a model of a table w [8, 4] and of matrices in its one layer, each taken by the ops that are listed for it.
func takes(table []*plan.Op, whole []*plan.Op, slices map[int]*plan.Op) *plan.Model {
	four, eight := plan.Int(4), plan.Int(8)
	steps := func(w string, ops []*plan.Op) (nodes []plan.Node) {
		for i, o := range ops {
			y := w + string(rune('0'+i))
			nodes = append(nodes, &plan.Buffer{Name: y, Elem: "f32", Shape: []plan.Expr{plan.BatchRows}},
				&plan.Step{Op: o, Args: names(w, y)})
		}
		return nodes
	}
	body := append([]plan.Node{&plan.Weight{Name: "w", Formats: "any", Shape: []plan.Expr{eight, four}, Tensor: "table"}}, steps("w", table)...)
	layer := append([]plan.Node{&plan.Weight{Name: "m", Formats: "any", Shape: []plan.Expr{eight, four}, Tensor: "blk.{i}.m"}}, steps("m", whole)...)
	for lo, o := range slices {
		name := "part" + string(rune('0'+lo))
		layer = append(layer, &plan.Weight{Name: name, Formats: "any", Shape: []plan.Expr{plan.Int(2), four}, Tensor: name + ".absent",
			Else: &plan.Alias{Weight: "m", Lo: plan.Int(lo), Hi: plan.Int(lo + 2)}})
		layer = append(layer, steps(name, []*plan.Op{o})...)
	}
	return &plan.Model{Name: "takes", Arch: "takes", Ignore: []string{"*"},
		Body: append(body, &plan.Repeat{Var: "i", Lo: plan.Int(0), Hi: plan.Int(1), Body: layer})}
}

var repack = &plan.Op{Name: "repack", Kernels: []plan.Kernel{{Name: "repack_q", Formats: []string{"q", "q_x4"}}}}

// fileOf is a GGUF file with both tensors, or a .tri file with them packed.
func fileOf(t *testing.T, packed bool) *modelfile.File {
	t.Helper()
	data := bytesOf(24)
	if !packed {
		f, err := gguf.Parse(ggufwrite.New().Add("table", 8, []uint64{4, 8}, data).Add("blk.0.m", 8, []uint64{4, 8}, data).Bytes())
		if err != nil {
			t.Fatal(err)
		}
		return modelfile.OfGGUF(f, sided)
	}
	path := filepath.Join(t.TempDir(), "file.tri")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	w, err := tri.NewWriter(out, ggufwrite.New().Bytes(), []tri.Tensor{
		{Name: "table", Dims: []uint64{4, 8}, Format: "q_x4"}, {Name: "blk.0.m", Dims: []uint64{4, 8}, Format: "q_x4"}})
	for range 2 {
		if err == nil {
			err = w.Write(data)
		}
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	f, err := modelfile.Open(path, sided)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestUses(t *testing.T) {
	type ops = []*plan.Op
	for _, c := range []struct {
		what         string
		model        *plan.Model
		table, layer Use
		packs        [2]bool // table, layer
	}{
		{"a tied head", takes(ops{lookUp, beside}, ops{beside}, nil), Stored | Packed, Packed | Layered, [2]bool{true, true}},
		{"a table alone", takes(ops{lookUp}, ops{multiply}, nil), Stored, Raw | Layered, [2]bool{}},
		{"both forms", takes(ops{beside, multiply}, ops{multiply, beside}, nil), Packed | Raw, Packed | Raw | Layered, [2]bool{}},
		{"whole bands", takes(ops{beside}, nil, map[int]*plan.Op{0: beside, 4: beside}), Packed, Packed | Layered, [2]bool{true, true}},
		{"half a band", takes(ops{beside}, nil, map[int]*plan.Op{0: beside, 2: beside}), Packed, Packed | Raw | Layered, [2]bool{true, false}},
		{"nothing", takes(nil, nil, nil), 0, 0, [2]bool{}},
	} {
		for _, planned := range []bool{false, true} {
			file := fileOf(t, false)
			if planned {
				file = file.Planned(func(t *modelfile.Tensor) *plan.Format { return t.Format })
			}
			p, err := BindPacked(c.model, file, Packing{Op: repack, Formats: sided})
			if err != nil {
				t.Fatalf("%s: %v", c.what, err)
			}
			table, layer := p.Uses("table"), p.Uses("blk.0.m")
			if diff := cmp.Diff([]Use{c.table, c.layer}, []Use{table, layer}); diff != "" {
				t.Errorf("%s, planned %v: %s", c.what, planned, diff)
			}
			if got := [2]bool{table.Packs(), layer.Packs()}; got != c.packs {
				t.Errorf("%s: packed: %v", c.what, got)
			}
			if planned && len(p.repacks) > 0 {
				t.Errorf("%s: %d weights are to be packed where there are none", c.what, len(p.repacks))
			}
		}
	}
}

// TestPackedFile: steps point into the file, and nothing is packed again.
func TestPackedFile(t *testing.T) {
	file := fileOf(t, true)
	p, err := BindPacked(takes([]*plan.Op{lookUp, beside}, nil, map[int]*plan.Op{4: beside}), file, Packing{Op: repack, Formats: sided})
	if err != nil {
		t.Fatal(err)
	}
	if len(p.repacks) > 0 || len(p.Steps) != 3 {
		t.Errorf("%d steps, %d weights to be packed", len(p.Steps), len(p.repacks))
	}
	for i, want := range [][]byte{bytesOf(24), bytesOf(24), bytesOf(24)[12:]} {
		if got := plan.View[byte](p.Steps[i].Operands[0].Buf); !bytes.Equal(got, want) {
			t.Errorf("step %d takes %v, not %v", i, got, want)
		}
	}
	for _, c := range []struct {
		what  string
		model *plan.Model
		pack  Packing
		is    error
		want  string
	}{
		{"exact", takes([]*plan.Op{multiply}, nil, nil), Packing{}, ErrPacked, `W: tensor "table" is q_x4, packed for activations of 8 bits: for exact ones give the GGUF file`},
		{"half a band", takes(nil, nil, map[int]*plan.Op{2: beside}), Packing{Op: repack, Formats: sided}, nil, `tensor "blk.0.m": rows from 2 on are asked for, in q_x4 4 lie side by side`},
	} {
		_, err := BindPacked(c.model, file, c.pack)
		if err == nil || c.is != nil && !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", c.what, err, c.want)
		}
	}
}
