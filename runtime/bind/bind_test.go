package bind

import (
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trinity-engine/trinity/internal/ggufwrite"
	"github.com/trinity-engine/trinity/runtime/eval"
	"github.com/trinity-engine/trinity/runtime/gguf"
	"github.com/trinity-engine/trinity/runtime/plan"
)

var formats = map[int]plan.Format{
	0: {Name: "f32", Block: 1, Bytes: 4},
	1: {Name: "f16", GGUF: 1, Block: 1, Bytes: 2},
	8: {Name: "b4", GGUF: 8, Block: 4, Bytes: 3},
	9: {Name: "tailed", GGUF: 9, Block: 2, Bytes: 1, Tail: 4, TailPad: 32},
}

// product is an op y = W x of any W, with kernels for all formats but f16.
var product = &plan.Op{Name: "linear.product",
	Params: []plan.Param{
		{Name: "W", Kind: plan.ParamWeight},
		{Name: "x", Kind: plan.ParamTensor, Elem: "f32"},
		{Name: "c", Kind: plan.ParamF32},
		{Name: "y", Kind: plan.ParamTensor, Elem: "f32", Write: true}},
	Kernels: []plan.Kernel{
		{Name: "product_f32", Formats: []string{"f32"}},
		{Name: "product_b4", Formats: []string{"b4"}},
		{Name: "product_tailed", Formats: []string{"tailed"}}}}

var addBias = &plan.Op{Name: "linear.bias",
	Params: []plan.Param{
		{Name: "x", Kind: plan.ParamTensor, Elem: "f32"},
		{Name: "b", Kind: plan.ParamTensor, Elem: "f32"},
		{Name: "y", Kind: plan.ParamTensor, Elem: "f32", Write: true}},
	Kernels: []plan.Kernel{{Name: "bias"}}}

var embed = &plan.Op{Name: "linear.embed",
	Params: []plan.Param{
		{Name: "tok", Kind: plan.ParamTensor, Elem: "i32"},
		{Name: "y", Kind: plan.ParamTensor, Elem: "f32", Write: true}},
	Kernels: []plan.Kernel{{Name: "embed"}}}

func names(list ...string) (args []plan.Arg) {
	for _, n := range list {
		args = append(args, plan.Arg{Name: n})
	}
	return
}

func binary2(op string, a, b plan.Expr) plan.Expr { return plan.Binary{Op: op, A: a, B: b} }

// model has two layers of fused or separate matrices, one with a bias.
func model() *plan.Model {
	T, D, M := plan.BatchRows, plan.Name("D"), plan.Name("M")
	buffer := func(name string, shape ...plan.Expr) plan.Node {
		return &plan.Buffer{Name: name, Elem: "f32", Shape: shape}
	}
	times := func(w, x, y string) plan.Node {
		args := names(w, x, "", y)
		args[2].Value = plan.Index{Array: "c", I: plan.Name("i")}
		return &plan.Step{Op: product, Args: args, Dims: []plan.Expr{T, M, D}, Where: "t.vibee:9"}
	}
	return &plan.Model{
		Name: "test", Arch: "test", Ignore: []string{"test.ignored.*", "rope*.weight"},
		Config: []plan.Config{
			{Name: "M", Type: "dim", Default: binary2("/", plan.Name("D"), plan.Int(2)), Where: "t.vibee:1"},
			{Name: "D", Type: "dim", Key: "test.width", Where: "t.vibee:2"},
			{Name: "L", Type: "dim", Key: "test.layers", Where: "t.vibee:3"},
			{Name: "c", Type: "f32", Array: plan.Name("L"), Key: "test.c", Default: plan.Unary{Op: "sqrt", A: plan.Name("i")}, Where: "t.vibee:4"},
			{Name: "mode", Type: "text", Key: "test.mode", Default: plan.Text("plain")},
			{Name: "flag", Type: "bool", Key: "test.flag", Default: plan.Present("D")},
			{Name: "N", Type: "dim", Array: plan.Name("L"), Default: plan.Rows{Weight: "up"}},
		},
		Require: []plan.Require{{Cond: binary2("==", plan.Name("mode"), plan.Text("plain")), Message: "only plain models can be run"}},
		Inputs:  []plan.Input{{Name: "tok", Type: "i32", Rows: "T"}},
		Body: []plan.Node{
			buffer("x0", T, D),
			&plan.Step{Op: embed, Args: names("tok", "x0"), Dims: []plan.Expr{T}},
			&plan.Repeat{Var: "i", Lo: plan.Int(0), Hi: plan.Name("L"), Carry: []plan.Carry{{Name: "x", Init: "x0", Next: "out"}}, Body: []plan.Node{
				&plan.Weight{Name: "fused", Formats: "any", Shape: []plan.Expr{D, D}, Tensor: "blk.{i}.fused", Optional: true},
				&plan.Weight{Name: "up", Formats: "any", Shape: []plan.Expr{M, D}, Tensor: "blk.{i}.up", Else: &plan.Alias{Weight: "fused", Lo: plan.Int(0), Hi: M}, Where: "t.vibee:5"},
				&plan.Weight{Name: "down", Formats: "any", Shape: []plan.Expr{M, D}, Tensor: "blk.{i}.down", Else: &plan.Alias{Weight: "fused", Lo: M, Hi: D}, Where: "t.vibee:6"},
				&plan.Weight{Name: "bias", Formats: "f32", Shape: []plan.Expr{M}, Tensor: "blk.{i}.bias", Optional: true, Where: "t.vibee:7"},
				buffer("a", T, M), times("up", "x", "a"),
				buffer("b", T, M), times("down", "x", "b"),
				&plan.If{Cond: plan.Present("bias"),
					Then: []plan.Node{buffer("biased", T, M),
						&plan.Step{Op: addBias, Args: names("b", "bias", "biased"), Dims: []plan.Expr{T}}},
					Merge: []plan.Merge{{Name: "z", Then: "biased", Else: "b"}}},
				buffer("out", T, D),
				&plan.Step{Op: addBias, Args: names("z", "a", "out"), Dims: []plan.Expr{T}},
			}},
		},
		Outputs: []plan.Output{{Name: "y", Value: "x", Shape: []plan.Expr{T, D}}},
	}
}

type tensor struct {
	typ  uint32
	dims []uint64
	data []byte
}

// file is what a test changes before it is written.
type file struct {
	keys    map[string]any
	tensors map[string]tensor
}

func bytesOf(n int) []byte {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(i)
	}
	return b
}

func good() *file {
	return &file{
		keys: map[string]any{"general.architecture": "test", "test.width": uint32(8), "test.layers": uint32(2), "test.ignored.key": true, "other.key": "x"},
		tensors: map[string]tensor{
			"blk.0.fused": {8, []uint64{8, 8}, bytesOf(48)},
			"blk.1.up":    {9, []uint64{8, 4}, bytesOf(32)},
			"blk.1.down":  {0, []uint64{8, 4, 1, 1}, bytesOf(128)},
			"blk.1.bias":  {0, []uint64{4}, bytesOf(16)},
			"rope.weight": {777, []uint64{4}, bytesOf(16)},
		},
	}
}

func (f *file) open(t testing.TB) *gguf.File {
	t.Helper()
	b := ggufwrite.New()
	for _, k := range slices.Sorted(maps.Keys(f.keys)) {
		b.Set(k, f.keys[k])
	}
	for _, name := range slices.Sorted(maps.Keys(f.tensors)) {
		x := f.tensors[name]
		b.Add(name, x.typ, x.dims, x.data)
	}
	opened, err := gguf.Open(b.File(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { opened.Close() })
	return opened
}

func TestBind(t *testing.T) {
	p, err := Bind(model(), formats, good().open(t))
	if err != nil {
		t.Fatal(err)
	}
	kernels := []string{}
	for _, s := range p.Steps {
		kernels = append(kernels, s.Kernel.Name)
	}
	if diff := cmp.Diff([]string{"embed", "product_b4", "product_b4", "bias", "product_tailed", "product_f32", "bias", "bias"}, kernels); diff != "" {
		t.Error(diff)
	}
	var buffers []string
	for _, b := range p.Buffers {
		buffers = append(buffers, b.Name)
	}
	if diff := cmp.Diff(strings.Fields("x0 a.0 b.0 out.0 a.1 b.1 biased.1 out.1"), buffers); diff != "" {
		t.Error(diff)
	}
	operands := func(step int) (names []string) {
		for _, o := range p.Steps[step].Operands {
			if o.Kind == InBuffer {
				names = append(names, buffers[o.Index])
			}
		}
		return
	}
	for step, want := range map[int]string{1: "x0 a.0", 3: "b.0 a.0 out.0", 4: "out.0 a.1", 6: "b.1 biased.1", 7: "biased.1 a.1 out.1"} {
		if diff := cmp.Diff(strings.Fields(want), operands(step)); diff != "" {
			t.Errorf("step %d: %s", step, diff)
		}
	}
	if p.Outputs[0].Buffer != 7 {
		t.Errorf("the output is in %s", buffers[p.Outputs[0].Buffer])
	}
	weight := func(step, operand int) []byte { return plan.View[byte](p.Steps[step].Operands[operand].Buf) }
	for name, pair := range map[string][2][]byte{
		"first rows": {weight(1, 0), bytesOf(48)[:24]}, "last rows": {weight(2, 0), bytesOf(48)[24:]},
		"rows before a tail": {weight(4, 0), bytesOf(16)}, "tail": {weight(4, 1), bytesOf(20)[16:]},
		"bias": {weight(6, 1), bytesOf(16)},
	} {
		if diff := cmp.Diff(pair[1], pair[0]); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	c, err := p.Steps[5].F[0].At(&eval.Batch{})
	if err != nil || c != 1 {
		t.Errorf("c[1] is %v, %v", c, err)
	}
	if p.Config["M"].Int != 4 {
		t.Errorf("config %v", p.Config)
	}
}

func TestArraysPerLayer(t *testing.T) {
	for name, test := range map[string]struct {
		value any
		want  [2]float32
	}{
		"array":          {[]float32{3, 5}, [2]float32{3, 5}},
		"array of f64":   {[]float64{0.1, 5}, [2]float32{float32(0.1), 5}},
		"one value":      {float32(7), [2]float32{7, 7}},
		"whole number":   {uint8(7), [2]float32{7, 7}},
		"default by key": {nil, [2]float32{0, 1}},
	} {
		f := good()
		if test.value != nil {
			f.keys["test.c"] = test.value
		}
		p, err := Bind(model(), formats, f.open(t))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		for i, step := range []int{1, 4} {
			if c, _ := p.Steps[step].F[0].At(&eval.Batch{}); c != test.want[i] {
				t.Errorf("%s: layer %d: %v", name, i, c)
			}
		}
	}
}

func TestRefuses(t *testing.T) {
	set := func(key string, v any) func(*file, *plan.Model) {
		return func(f *file, _ *plan.Model) { f.keys[key] = v }
	}
	put := func(name string, typ uint32, bytes int, dims ...uint64) func(*file, *plan.Model) {
		return func(f *file, _ *plan.Model) { f.tensors[name] = tensor{typ, dims, bytesOf(bytes)} }
	}
	remove := func(name string) func(*file, *plan.Model) {
		return func(f *file, _ *plan.Model) { delete(f.keys, name); delete(f.tensors, name) }
	}
	change := func(f func(*plan.Model)) func(*file, *plan.Model) {
		return func(_ *file, m *plan.Model) { f(m) }
	}
	for _, test := range []struct {
		name   string
		change func(*file, *plan.Model)
		want   string
	}{
		{"missing key", remove("test.width"), `model test: config M (t.vibee:1): key "test.width" is missing (t.vibee:2)`},
		{"key of a wrong type", set("test.width", "8"), `key "test.width": "8" is a text where an integer is asked for (t.vibee:2)`},
		{"negative", set("test.width", int32(-8)), `key "test.width": -8 is negative`},
		{"no multiple", set("test.width", uint32(9)), `config M (t.vibee:1): 9 is no multiple of 2 (test.width is 9)`},
		{"array for one value", set("test.width", []uint32{8, 8}), `key "test.width": is an array of 2, but one value`},
		{"array of a wrong length", set("test.c", []float32{1, 2, 3}), `key "test.c": is an array of 3, but 2 values are asked for (t.vibee:4)`},
		{"array of a wrong type", set("test.c", []string{"a", "b"}), `key "test.c": element 0: "a" is a text`},
		{"array of arrays", set("test.c", [][]float32{{1}, {2}}), `key "test.c": element 0: nothing is nothing where a number is asked for`},
		{"bool of a wrong type", set("test.flag", uint8(1)), `key "test.flag": 1 is an integer where bool is asked for`},
		{"requirement", set("test.mode", "fancy"), `model test: only plain models can be run (test.mode is "fancy")`},
		{"infinite", set("test.c", float64(1e300)), `key "test.c": 1e+300 is no finite f32 (t.vibee:4)`},
		{"no number", set("test.c", []float32{1, float32(math.NaN())}), `key "test.c": element 1: NaN is no finite f32`},
		{"many layers", set("test.layers", uint64(1)<<60), `key "test.layers": 1152921504606846976 is too large (t.vibee:3)`},
		{"too many layers", set("test.layers", uint64(1)<<40), `config c (t.vibee:4): 1099511627776 elements, at most 4096 are possible (test.layers is 1099511627776)`},
		{"layers without tensors", set("test.layers", uint32(4000)), `tensor "blk.2.up" is missing, and so is "blk.2.fused", which could stand for it (test.layers is 4000) (t.vibee:5)`},
		{"fewer layers than tensors", set("test.layers", uint32(1)), `tensors that the model does not read: blk.1.bias, blk.1.down, blk.1.up`},
		{"one unread tensor", put("blk.0.gate", 0, 4, 1), `tensors that the model does not read: blk.0.gate`},
		{"unread tensors", func(f *file, _ *plan.Model) {
			for i := range 7 {
				f.tensors[strings.Repeat("z", i+1)] = tensor{0, []uint64{1}, bytesOf(4)}
			}
		}, `tensors that the model does not read: z, zz, zzz, zzzz, zzzzz and 2 more`},
		{"unread key", set("test.rope.scaling", 1.5), `keys that the model does not read: test.rope.scaling`},
		{"missing tensor", remove("blk.0.fused"), `tensor "blk.0.up" is missing, and so is "blk.0.fused", which could stand for it (test.layers is 2) (t.vibee:5)`},
		{"missing tensor without another", func(f *file, m *plan.Model) {
			m.Body[2].(*plan.Repeat).Body[3].(*plan.Weight).Optional = false
		}, `tensor "blk.0.bias" is missing (test.layers is 2) (t.vibee:7)`},
		{"wrong shape", put("blk.1.down", 0, 96, 8, 3), `tensor "blk.1.down" has shape [3 8], weight down must have [4 8] (test.width is 8) (t.vibee:6)`},
		{"shape turned around", put("blk.1.down", 0, 128, 4, 8), `tensor "blk.1.down" has shape [8 4], weight down must have [4 8]`},
		{"rank too high", put("blk.1.down", 0, 256, 8, 4, 2), `tensor "blk.1.down": has 3 dims [8 4 2], the fastest first, where 2 are asked for (t.vibee:6)`},
		{"rank too low", put("blk.1.down", 0, 128, 32), `tensor "blk.1.down" has shape [1 32], weight down must have [4 8]`},
		{"slice past the end", put("blk.0.fused", 8, 24, 8, 4), `tensor "blk.0.fused" has shape [4 8], weight fused must have [8 8]`},
		{"width and block", func(f *file, m *plan.Model) {
			f.keys["test.width"] = uint32(6)
			f.tensors["blk.0.fused"] = tensor{8, []uint64{6, 6}, bytesOf(48)}
		}, `tensor "blk.0.fused": width 6 is no multiple of the 4 values of a block of b4`},
		{"data too short", func(f *file, _ *plan.Model) {
			f.tensors = map[string]tensor{"blk.0.fused": {8, []uint64{8, 8}, bytesOf(47)}}
			f.keys["test.layers"] = uint32(1)
		}, `tensor "blk.0.fused": data ends at`},
		{"unknown type", put("blk.1.up", 30, 128, 8, 4), `tensor "blk.1.up": type 30 is not supported; supported are b4 f16 f32 tailed (t.vibee:5)`},
		{"f16 where f32 must be", put("blk.1.bias", 1, 8, 4), `tensor "blk.1.bias" is f16, weight bias must be f32 (t.vibee:7)`},
		{"no kernel", put("blk.1.up", 1, 64, 8, 4), `step linear.product (t.vibee:9): tensor "blk.1.up": no kernel for f16, there are kernels for f32 b4 tailed`},
		{"cycle", change(func(m *plan.Model) { m.Config[1] = plan.Config{Name: "D", Type: "dim", Default: plan.Name("M")} }), `config M depends on itself (t.vibee:1)`},
		{"unknown name", change(func(m *plan.Model) { m.Config[0].Default = plan.Name("Q") }), `config M (t.vibee:1): Q is unknown`},
		{"guard", change(func(m *plan.Model) {
			m.Body = append([]plan.Node{&plan.Guard{Cond: binary2("<", plan.Name("D"), plan.Int(8)), Message: "D is too wide"}}, m.Body...)
		}), `model test: D is too wide (test.width is 8)`},
		{"a fused tensor beside its parts", func(f *file, _ *plan.Model) {
			f.tensors["blk.1.fused"] = tensor{8, []uint64{8, 8}, bytesOf(48)}
		}, `tensors that the model does not read: blk.1.fused`},
		{"absent weight used", func(f *file, m *plan.Model) {
			delete(f.tensors, "blk.1.bias")
			r := m.Body[2].(*plan.Repeat)
			for i, n := range r.Body {
				if x, ok := n.(*plan.If); ok {
					r.Body[i] = &plan.If{Cond: plan.Flag(true), Then: x.Then, Merge: x.Merge}
				}
			}
		}, `step linear.bias: b: tensor "blk.0.bias" is missing (test.layers is 2)`},
		{"unknown argument", change(func(m *plan.Model) { m.Body[1].(*plan.Step).Args = names("tok", "nowhere") }), `step linear.embed: y: nowhere is unknown`},
		{"wrong kind of argument", change(func(m *plan.Model) { m.Body[1].(*plan.Step).Args = names("x0", "x0") }), `step linear.embed: tok: buffer x0 is f32, i32 is asked for`},
		{"write to an input", change(func(m *plan.Model) { m.Body[1].(*plan.Step).Args = names("tok", "tok") }), `step linear.embed: y: tok is an input, which can't be its argument`},
		{"page of no places", change(func(m *plan.Model) { m.Body = append(m.Body, &plan.State{Name: "s", Size: plan.Int(1)}) }), `state s: a page of 0 places`},
		{"bits", change(func(m *plan.Model) { m.Body = append(m.Body, &plan.Buffer{Name: "q", Elem: "i4"}) }), `buffer q: an element of i4 has no whole bytes`},
		{"output", change(func(m *plan.Model) { m.Outputs[0].Value = "tok" }), `output y: tok is no buffer of f32`},
	} {
		f, m := good(), model()
		test.change(f, m)
		_, err := Bind(m, formats, f.open(t))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s:\n%v, want\n%s", test.name, err, test.want)
		}
	}
}

func TestMisalignedIsCopied(t *testing.T) {
	f := good()
	f.keys["test.layers"], f.keys["test.width"] = uint32(1), uint32(2)
	f.tensors = map[string]tensor{
		"blk.0.up":   {9, []uint64{2, 1}, bytesOf(32)}, // one byte of rows, then the tail
		"blk.0.down": {0, []uint64{2, 1}, bytesOf(8)},
	}
	p, err := Bind(model(), formats, f.open(t))
	if err != nil {
		t.Fatal(err)
	}
	tail := p.Steps[1].Operands[1].Buf
	if diff := cmp.Diff([]byte{1, 2, 3, 4}, plan.View[byte](tail)); diff != "" || uintptr(tail.Ptr)%8 != 0 {
		t.Errorf("at %v: %s", tail.Ptr, diff)
	}

	b := &binder{aligned: map[string][]byte{}}
	words := []uint64{0x0706050403020100, 0x0f0e0d0c0b0a0908}
	data := plan.View[byte](plan.Of(words))
	for skip := range 8 {
		have := b.align(string(rune('a'+skip)), data[skip:], 4)
		if diff := cmp.Diff(data[skip:], have); diff != "" || uintptr(plan.Of(have).Ptr)%4 != 0 {
			t.Errorf("%d: %s", skip, diff)
		}
		if copied := plan.Of(have).Ptr != plan.Of(data[skip:]).Ptr; copied != (skip%4 != 0) {
			t.Errorf("%d: copied: %v", skip, copied)
		}
	}
	once := b.align("b", data[1:], 4)
	if again := b.align("b", data[1:], 4); plan.Of(once).Ptr != plan.Of(again).Ptr {
		t.Error("copied twice")
	}
}

func TestMatches(t *testing.T) {
	for _, test := range []struct {
		pattern, name string
		want          bool
	}{
		{"a", "a", true}, {"a", "ab", false}, {"a*", "ab", true}, {"*", "", true}, {"a*", "ba", false},
		{"*b", "ab", true}, {"*b", "ba", false}, {"a*c", "abc", true}, {"a*c", "ac", true}, {"a*a", "a", false},
		{"a*b*c", "a-b-c", true}, {"a*b*c", "a-c-b", false}, {"a*b*b", "ab", false}, {"**", "x", true},
	} {
		if have := matches(test.pattern, test.name); have != test.want {
			t.Errorf("%q matches %q: %v", test.pattern, test.name, have)
		}
	}
}
