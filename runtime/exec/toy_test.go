package exec

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/trinity-engine/trinity/internal/ggufwrite"
	"github.com/trinity-engine/trinity/runtime/bind"
	"github.com/trinity-engine/trinity/runtime/gguf"
	"github.com/trinity-engine/trinity/runtime/plan"
)

// The toy model: in each layer a row remembers W x, and adds the mean of what its sequence
// remembers up to its position. Even layers have the page before the last only half as heavy.

const (
	width, vocabulary, layers = 12, 40, 3
	pageSize                  = 4
)

var formats = map[int]plan.Format{
	0:   {Name: "f32", GGUF: 0, Block: 1, Bytes: 4},
	100: {Name: "pair", GGUF: 100, Block: 2, Bytes: 2, Tail: 4, TailPad: 32}, // int8 codes; one f32 scale a tensor
}

func ops() (gather, scale, matmul, remember, recall, rows *plan.Op) {
	f32 := func(name string, write bool) plan.Param {
		return plan.Param{Name: name, Kind: plan.ParamTensor, Elem: "f32", Write: write}
	}
	ids := func(name string) plan.Param { return plan.Param{Name: name, Kind: plan.ParamTensor, Elem: "i32"} }
	weight := plan.Param{Name: "W", Kind: plan.ParamWeight}
	at := plan.Param{Name: "at", Kind: plan.ParamPlace}
	first := func(c *plan.Call) int { return c.Dim[0] }

	gather = &plan.Op{Name: "toy.gather", Params: []plan.Param{weight, ids("tok"), f32("y", true)}, // T D
		Kernels: []plan.Kernel{{Name: "gather_f32", Formats: []string{"f32"}, Grain: 2, Work: first,
			Run: func(c *plan.Call, lo, hi int, _ []byte) {
				w, tok, y, d := plan.View[float32](c.Buf[0]), plan.View[int32](c.Buf[1]), plan.View[float32](c.Buf[2]), c.Dim[1]
				for t := lo; t < hi; t++ {
					copy(y[t*d:][:d], w[int(tok[t])*d:][:d])
				}
			}}}}
	scale = &plan.Op{Name: "toy.scale", Params: []plan.Param{f32("x", false), f32("g", false), {Name: "eps", Kind: plan.ParamF32}, f32("y", true)}, // T D
		Kernels: []plan.Kernel{{Name: "scale", Grain: 1, Work: first,
			Run: func(c *plan.Call, lo, hi int, _ []byte) {
				x, g, y, d := plan.View[float32](c.Buf[0]), plan.View[float32](c.Buf[1]), plan.View[float32](c.Buf[2]), c.Dim[1]
				for i := lo * d; i < hi*d; i++ {
					y[i] = float32(x[i]*g[i%d]) + c.F[0]
				}
			}}}}
	matmul = &plan.Op{Name: "toy.matmul", Params: []plan.Param{weight, f32("x", false), f32("y", true)}, // T M K
		Kernels: []plan.Kernel{
			{Name: "matmul_f32", Formats: []string{"f32"}, Grain: 2, Work: func(c *plan.Call) int { return c.Dim[1] },
				Run: func(c *plan.Call, lo, hi int, _ []byte) {
					w := plan.View[float32](c.Buf[0])
					product(c, c.Buf[1:], lo, hi, func(i int) float32 { return w[i] })
				}},
			{Name: "matmul_pair", Formats: []string{"pair"}, Grain: 1, Work: func(c *plan.Call) int { return c.Dim[1] },
				Scratch: func(c *plan.Call) int { return 100 },
				Run: func(c *plan.Call, lo, hi int, scratch []byte) {
					decoded, _ := plan.Carve[float32](scratch, 2)
					w, s := plan.View[int8](c.Buf[0]), plan.View[float32](c.Buf[1])[0]
					product(c, c.Buf[2:], lo, hi, func(i int) float32 {
						decoded[0] = s
						return float32(w[i]) * decoded[0]
					})
				}},
		}}
	remember = &plan.Op{Name: "toy.remember", Params: []plan.Param{{Name: "s", Kind: plan.ParamState, Write: true}, at, f32("x", false)}, // T D P
		Kernels: []plan.Kernel{{Name: "remember", Grain: 1, Work: first,
			Run: func(c *plan.Call, lo, hi int, _ []byte) {
				x, d := plan.View[float32](c.Buf[4]), c.Dim[1]
				for t := lo; t < hi; t++ {
					copy(slot(c, t, int(plan.View[int32](c.Buf[3])[t])), x[t*d:][:d])
				}
			}}}}
	recall = &plan.Op{Name: "toy.recall", Params: []plan.Param{{Name: "s", Kind: plan.ParamState}, at, f32("x", false), {Name: "half", Kind: plan.ParamDim}, f32("y", true)}, // T D P half
		Kernels: []plan.Kernel{{Name: "recall", Grain: 1, Work: first,
			Run: func(c *plan.Call, lo, hi int, _ []byte) {
				x, y, d := plan.View[float32](c.Buf[4]), plan.View[float32](c.Buf[5]), c.Dim[1]
				for t := lo; t < hi; t++ {
					pos := int(plan.View[int32](c.Buf[3])[t])
					mean(pos, c.Dim[3] == 1, d, x[t*d:][:d], y[t*d:][:d], func(p int) []float32 { return slot(c, t, p) })
				}
			}}}}
	rows = &plan.Op{Name: "toy.rows", Params: []plan.Param{f32("x", false), ids("out"), f32("y", true)}, // R D
		Kernels: []plan.Kernel{{Name: "rows", Grain: 1, Work: first,
			Run: func(c *plan.Call, lo, hi int, _ []byte) {
				x, out, y, d := plan.View[float32](c.Buf[0]), plan.View[int32](c.Buf[1]), plan.View[float32](c.Buf[2]), c.Dim[1]
				for r := lo; r < hi; r++ {
					copy(y[r*d:][:d], x[int(out[r])*d:][:d])
				}
			}}}}
	return
}

func product(c *plan.Call, b []plan.Buf, lo, hi int, w func(i int) float32) {
	x, y, n, m, k := plan.View[float32](b[0]), plan.View[float32](b[1]), c.Dim[0], c.Dim[1], c.Dim[2]
	for t := range n {
		for r := lo; r < hi; r++ {
			y[t*m+r] = dot(k, func(i int) float32 { return w(r*k + i) }, x[t*k:])
		}
	}
}

func dot(k int, w func(i int) float32, x []float32) (sum float32) {
	for i := range k {
		sum += float32(w(i) * x[i])
	}
	return sum
}

// slot is the memory of row t's sequence at a position.
func slot(c *plan.Call, t, pos int) []float32 {
	d, span := c.Dim[1], c.Dim[2]
	page := int(plan.View[int32](c.Buf[1])[int(plan.View[int32](c.Buf[2])[t])*span+pos/pageSize])
	return plan.View[float32](c.Buf[0])[page*pageSize*d:][:pageSize*d][pos%pageSize*d:][:d]
}

func mean(pos int, half bool, d int, x, y []float32, at func(p int) []float32) {
	for i := range d {
		var sum float32
		for p := 0; p <= pos; p++ {
			v := at(p)[i]
			if half && p/pageSize < pos/pageSize {
				v *= 0.5
			}
			sum += v
		}
		y[i] = x[i] + sum/float32(pos+1)
	}
}

func toyPlan() *plan.Model {
	gather, scale, matmul, remember, recall, rows := ops()
	T, R, D, V := plan.BatchRows, plan.OutRows, plan.Name("D"), plan.Name("V")
	arg := func(names ...string) (args []plan.Arg) {
		for _, n := range names {
			args = append(args, plan.Arg{Name: n})
		}
		return
	}
	buffer := func(name string, shape ...plan.Expr) *plan.Buffer {
		return &plan.Buffer{Name: name, Elem: "f32", Shape: shape}
	}
	step := func(o *plan.Op, args []plan.Arg, dims ...plan.Expr) *plan.Step {
		return &plan.Step{Op: o, Args: args, Dims: dims, Where: "toy.vibee:1"}
	}
	withValue := func(args []plan.Arg, at int, e plan.Expr) []plan.Arg {
		args[at] = plan.Arg{Value: e}
		return args
	}
	even := plan.Binary{Op: "==", A: plan.Binary{Op: "%", A: plan.Name("i"), B: plan.Int(2)}, B: plan.Int(0)}
	return &plan.Model{
		Name: "toy", Arch: "toy",
		Config: []plan.Config{
			{Name: "L", Type: "dim", Key: "toy.layers"},
			{Name: "D", Type: "dim", Key: "toy.width"},
			{Name: "V", Type: "dim", Default: plan.Rows{Weight: "embd"}},
			{Name: "eps", Type: "f32", Key: "toy.eps", Default: plan.Float(0.25)},
		},
		Inputs: []plan.Input{{Name: "tok", Type: "i32", Rows: "T", Limit: V}, {Name: "at", Type: "place", Rows: "T"}, {Name: "out", Type: "i32", Rows: "R"}},
		Body: []plan.Node{
			&plan.Weight{Name: "embd", Formats: "any", Shape: []plan.Expr{V, D}, Tensor: "embd"},
			&plan.Weight{Name: "head", Formats: "any", Shape: []plan.Expr{V, D}, Tensor: "head", Else: &plan.Alias{Weight: "embd"}},
			buffer("x0", T, D),
			step(gather, arg("embd", "tok", "x0"), T, D),
			&plan.Repeat{Var: "i", Lo: plan.Int(0), Hi: plan.Name("L"), Carry: []plan.Carry{{Name: "x", Init: "x0", Next: "y"}}, Body: []plan.Node{
				&plan.Weight{Name: "g", Formats: "f32", Shape: []plan.Expr{D}, Tensor: "blk.{i}.g"},
				&plan.Weight{Name: "w", Formats: "any", Shape: []plan.Expr{D, D}, Tensor: "blk.{i}.w"},
				&plan.State{Name: "s", Page: pageSize, Size: plan.Binary{Op: "*", A: plan.Int(4 * pageSize), B: D}},
				buffer("h", T, D), step(scale, withValue(arg("x", "g", "", "h"), 2, plan.Name("eps")), T, D),
				buffer("m", T, D), step(matmul, arg("w", "h", "m"), T, D, D),
				step(remember, arg("s", "at", "m"), T, D, plan.SequencePages),
				buffer("y", T, D),
				step(recall, withValue(arg("s", "at", "x", "", "y"), 3, plan.Cond{If: even, Then: plan.Int(1), Else: plan.Int(0)}), T, D, plan.SequencePages),
			}},
			buffer("hidden", R, D), step(rows, arg("x", "out", "hidden"), R, D),
			buffer("logits", R, V), step(matmul, arg("head", "hidden", "logits"), R, V, D),
		},
		Outputs: []plan.Output{{Name: "hidden", Value: "hidden", Shape: []plan.Expr{R, D}}, {Name: "logits", Value: "logits", Shape: []plan.Expr{R, V}}},
	}
}

// toy is the model's values, for a file and for computing what it means.
type toy struct {
	embd [][]float32
	g, w [layers][][]float32
	file *ggufwrite.Builder
}

func newToy(random *rand.Rand) *toy {
	m := &toy{file: ggufwrite.New().Set("general.architecture", "toy").Set("toy.layers", uint32(layers)).Set("toy.width", uint32(width))}
	matrix := func(name string, rows, columns int) (values [][]float32) {
		var data []byte
		for range rows {
			row := make([]float32, columns)
			for i := range row {
				row[i] = float32(random.NormFloat64())
				data = binary.LittleEndian.AppendUint32(data, math.Float32bits(row[i]))
			}
			values = append(values, row)
		}
		m.file.Add(name, 0, []uint64{uint64(columns), uint64(rows)}, data)
		return values
	}
	m.embd = matrix("embd", vocabulary, width)
	for i := range layers {
		m.g[i] = matrix("blk."+string(rune('0'+i))+".g", 1, width)
		if name := "blk." + string(rune('0'+i)) + ".w"; i != 1 {
			m.w[i] = matrix(name, width, width)
		} else {
			var data []byte
			for range width {
				row := make([]float32, width)
				for k := range row {
					code := int8(random.IntN(3) - 1)
					data, row[k] = append(data, byte(code)), float32(code)*0.3
				}
				m.w[i] = append(m.w[i], row)
			}
			data = binary.LittleEndian.AppendUint32(data, math.Float32bits(0.3))
			m.file.Add(name, 100, []uint64{width, width}, append(data, make([]byte, 28)...))
		}
	}
	return m
}

// expect gives the logits of the rows of one sequence.
func (m *toy) expect(tokens []int32) [][]float32 {
	x := make([][]float32, len(tokens))
	for t, tok := range tokens {
		x[t] = m.embd[tok]
	}
	for i := range layers {
		remembered, y := make([][]float32, len(x)), make([][]float32, len(x))
		for t := range x {
			h := make([]float32, width)
			for k := range h {
				h[k] = float32(x[t][k]*m.g[i][0][k]) + 0.25
			}
			for r := range width {
				remembered[t] = append(remembered[t], dot(width, func(k int) float32 { return m.w[i][r][k] }, h))
			}
			y[t] = make([]float32, width)
			mean(t, i%2 == 0, width, x[t], y[t], func(p int) []float32 { return remembered[p] })
		}
		x = y
	}
	logits := make([][]float32, len(x))
	for t := range x {
		for r := range vocabulary {
			logits[t] = append(logits[t], dot(width, func(k int) float32 { return m.embd[r][k] }, x[t]))
		}
	}
	return logits
}

func (m *toy) bind(t testing.TB) *bind.Program {
	t.Helper()
	file, err := gguf.Open(m.file.File(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	p, err := bind.Bind(toyPlan(), formats, file)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func (m *toy) engine(t testing.TB, o Options) *Engine {
	t.Helper()
	e, err := New(m.bind(t), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return e
}
