package bind

import (
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

// Ops that share their work by rows or by columns of [T, D]; whole reads all of x.
var (
	byRows    = pointwise("p.rows", "T", plan.Int(1), plan.Int(1))
	byColumns = pointwise("p.columns", "D", plan.Name("T"), plan.Name("T"))
	whole     = pointwise("p.whole", "D", nil, plan.Name("T"))
	keep      = &plan.Op{Name: "p.keep", Dims: []string{"T", "D"}, Split: plan.Name("D"), Params: []plan.Param{
		{Name: "s", Kind: plan.ParamState, Write: true},
		{Name: "x", Elem: "f32", Runs: plan.Name("T")}},
		Kernels: []plan.Kernel{{Name: "keep"}}}
	recall = &plan.Op{Name: "p.recall", Dims: []string{"T", "D"}, Split: plan.Name("D"), Params: []plan.Param{
		{Name: "s", Kind: plan.ParamState},
		{Name: "y", Elem: "f32", Write: true, Runs: plan.Name("T")}},
		Kernels: []plan.Kernel{{Name: "recall"}}}
)

func pointwise(name string, split plan.Name, reads, writes plan.Expr) *plan.Op {
	return &plan.Op{Name: name, Dims: []string{"T", "D"}, Split: split, Params: []plan.Param{
		{Name: "x", Elem: "f32", Runs: reads},
		{Name: "z", Elem: "f32", Runs: reads},
		{Name: "y", Elem: "f32", Write: true, Runs: writes}},
		Kernels: []plan.Kernel{{Name: name[2:]}}}
}

// TestPasses: which steps run at the same time, and which after each other.
func TestPasses(t *testing.T) {
	call := func(op *plan.Op, args ...string) *plan.Step {
		return &plan.Step{Op: op, Args: names(args...), Dims: []plan.Expr{plan.BatchRows, plan.Int(8)}}
	}
	pass := func(steps ...plan.Node) plan.Node { return &plan.Pass{Body: steps} }
	for _, c := range []struct {
		name string
		body []plan.Node
		want string
	}{
		{"outside of passes each step has its own", []plan.Node{call(byRows, "o", "o", "a"), call(byRows, "o", "a", "b")}, "rows; rows"},
		{"what is alike is joined", []plan.Node{pass(call(byRows, "o", "o", "a"), call(byRows, "a", "o", "b"))}, "rows rows"},
		{"what is independent stands side by side", []plan.Node{pass(call(byRows, "o", "o", "a"), call(byColumns, "o", "o", "b"))}, "rows|columns"},
		{"other parts wait", []plan.Node{pass(call(byRows, "o", "o", "a"), call(byColumns, "a", "o", "b"))}, "rows; columns"},
		{"a whole waits", []plan.Node{pass(call(byColumns, "o", "o", "a"), call(whole, "a", "o", "b"))}, "columns; whole"},
		{"what is needed whole comes first", []plan.Node{pass(
			call(byColumns, "o", "o", "a"), call(byRows, "o", "a0", "b"), call(whole, "b", "o", "c"), call(byColumns, "c", "a", "d"))},
			"columns|rows; whole columns"},
		{"two chains become one", []plan.Node{pass(
			call(whole, "o", "o", "a"), call(byRows, "o", "o", "e"), call(whole, "a0", "o", "b"), call(byColumns, "a", "b", "c"))},
			"rows|whole whole columns"},
		{"an equal step runs once, where it did", []plan.Node{
			pass(call(whole, "o", "o", "a"), call(whole, "o", "o", "b"), call(byColumns, "a", "b", "c"))}, "whole columns"},
		{"a state is written before it is read", []plan.Node{pass(call(keep, "s", "o"), call(recall, "s", "a"), call(byColumns, "a", "o", "b"))},
			"keep; recall columns"},
		{"and read before it is written", []plan.Node{pass(call(recall, "s", "a"), call(keep, "s", "o"))}, "recall; keep"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := &plan.Model{Name: "m", Arch: "m"}
			buffer := func(name string) *plan.Buffer {
				return &plan.Buffer{Name: name, Elem: "f32", Shape: []plan.Expr{plan.BatchRows, plan.Int(8)}}
			}
			for _, n := range []string{"o", "a0", "a", "b", "c", "d", "e"} {
				m.Body = append(m.Body, buffer(n))
			}
			m.Body = append(append(m.Body, &plan.State{Name: "s", Page: 4, Size: plan.Int(64)}), c.body...)
			p := bound(t, m)
			var passes []string
			next := 0
			for _, pass := range p.Passes {
				var chains []string
				var steps []int
				for _, chain := range pass {
					var names []string
					for _, i := range chain {
						names = append(names, p.Steps[i].Kernel.Name)
					}
					chains, steps = append(chains, strings.Join(names, " ")), append(steps, chain...)
				}
				passes = append(passes, strings.Join(chains, "|"))
				slices.Sort(steps)
				for _, i := range steps {
					if i != next {
						t.Fatalf("passes %v do not have the steps in order", p.Passes)
					}
					next++
				}
			}
			if d := cmp.Diff(c.want, strings.Join(passes, "; ")); d != "" || next != len(p.Steps) {
				t.Errorf("%s (%d of %d steps)", d, next, len(p.Steps))
			}
		})
	}
}

func bound(t *testing.T, m *plan.Model) *Program {
	t.Helper()
	file, err := gguf.Open(ggufwrite.New().Set("general.architecture", "m").File(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	p, err := BindPacked(m, modelfile.OfGGUF(file, slices.Collect(maps.Values(formats))), Packing{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}
