package golang

import (
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dave/jennifer/jen"
	"github.com/google/go-cmp/cmp"

	"github.com/trinity-engine/trinity/runtime/plan"
)

// sample holds every kind of node and expression of package plan.
func sample(op *plan.Op) *plan.Model {
	d := plan.Name("D")
	return &plan.Model{
		Name: "llama", Arch: "llama",
		Config: []plan.Config{
			{Name: "D", Type: "dim", Key: "llama.embedding_length", Where: "specs/models/llama.vibee:12"},
			{Name: "theta", Type: "f32", Key: "llama.rope.freq_base", Default: plan.Float(10000.5)},
			{Name: "H", Type: "dim", Array: plan.Name("L"), Default: plan.Cond{If: plan.Present("kv"), Then: plan.Int(1), Else: plan.Unary{Op: "-", A: plan.Int(-3)}}},
			{Name: "lots", Type: "f32", Default: plan.Float(math.Inf(-1))},
			{Name: "zero", Type: "f32", Default: plan.Float(math.Copysign(0, -1))},
			{Name: "quote", Type: "text", Default: plan.Text("a \"b\"\n`c`")},
			{Name: "flag", Type: "bool", Default: plan.Flag(true)},
			{Name: "off", Type: "bool", Default: plan.Flag(false)},
		},
		Require: []plan.Require{{Cond: plan.Binary{Op: "==", A: plan.Binary{Op: "%", A: d, B: plan.Int(256)}, B: plan.Int(0)}, Message: "D is no multiple of 256"}},
		Ignore:  []string{"rope_freqs.weight", "llama.*"},
		Inputs:  []plan.Input{{Name: "tok", Type: "i32", Rows: "T"}},
		Body: []plan.Node{
			&plan.Weight{Name: "embd", Formats: "any", Shape: []plan.Expr{plan.Rows{Weight: "embd"}, d}, Tensor: "token_embd.weight"},
			&plan.Weight{Name: "head", Formats: "any", Tensor: "output.weight", Else: &plan.Alias{Weight: "embd", Lo: plan.Int(0), Hi: d}},
			&plan.State{Name: "kv", Page: 64, Size: plan.Index{Array: "H", I: plan.Name("i")}},
			&plan.Buffer{Name: "x", Elem: "f32", Shape: []plan.Expr{plan.Name("T"), d}},
			&plan.Guard{Cond: plan.Flag(true), Message: "never"},
			&plan.Repeat{Var: "i", Lo: plan.Int(0), Hi: plan.Name("L"), Carry: []plan.Carry{{Name: "x", Init: "x0", Next: "x1"}}, Body: []plan.Node{
				&plan.Step{Op: op, Args: []plan.Arg{{Name: "head"}, {Value: plan.Float(1e-5)}}, Dims: []plan.Expr{plan.Name("T"), d}, Where: "specs/a.vibee:1"},
				&plan.If{Cond: plan.Present("b"), Then: []plan.Node{&plan.Buffer{Name: "y"}}, Merge: []plan.Merge{{Name: "z", Then: "y", Else: "x"}}},
			}},
		},
		Outputs: []plan.Output{{Name: "logits", Value: "z", Shape: []plan.Expr{plan.Name("R"), plan.Name("V")}}},
	}
}

var sampleOp = plan.Op{
	Name:   "linear.matmul",
	Params: []plan.Param{{Name: "W", Kind: plan.ParamWeight}, {Name: "x", Elem: "f32"}, {Name: "y", Elem: "f32", Write: true}},
	Kernels: []plan.Kernel{
		{Name: "matmul_q4_1", Formats: []string{"q4_1"}, Grain: 4, Loop: "a", Spec: "b", Tolerance: "c"},
	},
}

// TestLiterals compiles literals and compares the values that they give, printed in full, with
// the values they were made of.
func TestLiterals(t *testing.T) {
	p := NewPackage(Config{Module: module, Path: "gen/models", Name: "models"})
	f := p.File("models.go", "specs/models/llama.vibee")
	op := sampleOp
	l := Literals{
		Functions: map[string]Functions{"matmul_q4_1": {"run", "work", "scratch", ""}},
		Ref: func(v any) *jen.Statement {
			if v == any(&op) {
				return jen.Op("&").Id("Matmul")
			}
			return nil
		},
	}
	for name, v := range map[string]any{"Matmul": op, "Q4_1": plan.Format{Name: "q4_1", GGUF: 3, Block: 32, Bytes: 20}, "Llama": sample(&op)} {
		code, err := p.Value(v, l)
		if err != nil {
			t.Fatal(err)
		}
		f.Add(jen.Var().Id(name).Op("=").Add(code))
	}
	files, err := p.Files()
	if err != nil {
		t.Fatal(err)
	}
	src := string(files["models.go"])
	for _, want := range []string{"&Matmul,", "plan.ParamWeight", "Run:", `plan.Name("T")`} {
		if !strings.Contains(src, want) {
			t.Errorf("no %s in\n%s", want, src)
		}
	}
	dump, err := os.ReadFile(filepath.Join("testdata", "dump.go.txt"))
	if err != nil {
		t.Fatal(err)
	}
	dir := writeModule(t, map[string]map[string][]byte{"models": files}, map[string]string{
		"gen/models/funcs.go": "package models\n\nimport \"" + module + "/runtime/plan\"\n\nfunc run(*plan.Call, int, int, []byte) {}\nfunc work(*plan.Call) int { return 7 }\nfunc scratch(*plan.Call) int { return 0 }\n",
		"gen/models/dump.go":  string(dump),
		"main.go":             "package main\n\nimport \"" + module + "/gen/models\"\n\nfunc main() { models.Print() }\n",
	})
	got := goTool(t, dir, nil, "run", ".")
	want := dumpValue(op) + dumpValue(plan.Format{Name: "q4_1", GGUF: 3, Block: 32, Bytes: 20}) + dumpValue(sample(&op))
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
	goTool(t, dir, nil, "vet", "./gen/models")
}
