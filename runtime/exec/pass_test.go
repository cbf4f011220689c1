package exec

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/trinity-engine/trinity/internal/ggufwrite"
	"github.com/trinity-engine/trinity/runtime/bind"
	"github.com/trinity-engine/trinity/runtime/gguf"
	"github.com/trinity-engine/trinity/runtime/plan"
)

// The gated model: two products of a row, one times the other, and the row, both turned around within heads and added.
// Products have four columns a work item, heads three, so that pieces end where both do.

const heads = 3 // columns of a head: of each width a divisor

// gatedOps are ops on [T, D] that share their work by columns, but for norm.
func gatedOps() map[string]*plan.Op {
	T, D := plan.Name("T"), plan.Name("D")
	f32 := func(name string, runs plan.Expr) plan.Param { return plan.Param{Name: name, Elem: "f32", Runs: runs} }
	made := func(runs plan.Expr) plan.Param {
		return plan.Param{Name: "y", Elem: "f32", Write: true, Shape: []plan.Expr{T, D}, Runs: runs}
	}
	op := func(name string, split plan.Expr, kernel plan.Kernel, params ...plan.Param) *plan.Op {
		kernel.Name = name
		return &plan.Op{Name: "gated." + name, Dims: []string{"T", "D"}, Split: split, Params: params, Kernels: []plan.Kernel{kernel}}
	}
	columns := func(f func(y, x, z []float32, d, i int)) func(c *plan.Call, lo, hi int, _ []byte) {
		return func(c *plan.Call, lo, hi int, _ []byte) {
			y := plan.View[float32](c.Buf[len(c.Buf)-1])
			for t := range c.Dim[0] {
				for m := lo; m < hi; m++ {
					f(y, plan.View[float32](c.Buf[0]), plan.View[float32](c.Buf[1]), c.Dim[1], t*c.Dim[1]+m)
				}
			}
		}
	}
	width := func(c *plan.Call) int { return c.Dim[1] }
	list := []*plan.Op{
		op("gather", T, plan.Kernel{Grain: 1, Work: func(c *plan.Call) int { return c.Dim[0] }, Formats: []string{"f32"},
			Run: func(c *plan.Call, lo, hi int, _ []byte) {
				w, tok, y, d := plan.View[float32](c.Buf[0]), plan.View[int32](c.Buf[1]), plan.View[float32](c.Buf[2]), c.Dim[1]
				for t := lo; t < hi; t++ {
					copy(y[t*d:][:d], w[int(tok[t])*d:])
				}
			}}, plan.Param{Name: "W", Kind: plan.ParamWeight}, plan.Param{Name: "tok", Elem: "i32"}, made(plan.Int(1))),
		op("norm", T, plan.Kernel{Grain: 1, Work: func(c *plan.Call) int { return c.Dim[0] },
			Run: func(c *plan.Call, lo, hi int, _ []byte) {
				x, y, d := plan.View[float32](c.Buf[0]), plan.View[float32](c.Buf[1]), c.Dim[1]
				for t := lo; t < hi; t++ {
					most := float32(1)
					for _, v := range x[t*d:][:d] {
						most = max(most, v, -v)
					}
					for i := range d {
						y[t*d+i] = x[t*d+i] / most
					}
				}
			}}, f32("x", plan.Int(1)), made(plan.Int(1))),
		op("product", D, plan.Kernel{Grain: 2, Rows: 4, Work: func(c *plan.Call) int { return (c.Dim[1] + 3) / 4 }, Formats: []string{"f32"},
			Run: func(c *plan.Call, lo, hi int, _ []byte) {
				w, x, y, d := plan.View[float32](c.Buf[0]), plan.View[float32](c.Buf[1]), plan.View[float32](c.Buf[2]), c.Dim[1]
				for t := range c.Dim[0] {
					for m := 4 * lo; m < min(4*hi, d); m++ {
						y[t*d+m] = dot(d, func(i int) float32 { return w[m*d+i] }, x[t*d:])
					}
				}
			}}, plan.Param{Name: "W", Kind: plan.ParamWeight}, f32("x", nil), made(T)),
		op("times", D, plan.Kernel{Grain: 5, Work: width,
			Run: columns(func(y, x, z []float32, _, i int) { y[i] = x[i]*z[i] + 0.5 })}, f32("x", T), f32("z", T), made(T)),
		op("add", D, plan.Kernel{Grain: 1, Work: width,
			Run: columns(func(y, x, z []float32, _, i int) { y[i] = x[i] + z[i] })}, f32("x", T), f32("z", T), made(T)),
		op("turn", plan.Binary{Op: "/", A: D, B: plan.Int(heads)}, plan.Kernel{Grain: 1, Work: func(c *plan.Call) int { return c.Dim[1] / heads },
			Run: func(c *plan.Call, lo, hi int, _ []byte) {
				x, y, d := plan.View[float32](c.Buf[0]), plan.View[float32](c.Buf[1]), c.Dim[1]
				for t := range c.Dim[0] {
					for h := lo; h < hi; h++ {
						for a := range heads {
							y[t*d+h*heads+a] = x[t*d+h*heads+heads-1-a]
						}
					}
				}
			}}, f32("x", T), made(T)),
	}
	ops := map[string]*plan.Op{}
	for _, o := range list {
		ops[o.Name[len("gated."):]] = o
	}
	return ops
}

// gated binds the model of a width.
func gated(t testing.TB, width int) *bind.Program {
	t.Helper()
	ops, D := gatedOps(), plan.Int(width)
	buffer := func(name string) plan.Node {
		return &plan.Buffer{Name: name, Elem: "f32", Shape: []plan.Expr{plan.BatchRows, D}}
	}
	call := func(op string, args ...string) []plan.Node {
		s := &plan.Step{Op: ops[op], Dims: []plan.Expr{plan.BatchRows, D}}
		for _, a := range args {
			s.Args = append(s.Args, plan.Arg{Name: a})
		}
		return []plan.Node{buffer(args[len(args)-1]), s}
	}
	weight := func(name, tensor string, rows plan.Expr) plan.Node {
		return &plan.Weight{Name: name, Formats: "any", Shape: []plan.Expr{rows, D}, Tensor: tensor}
	}
	random := newRandom()
	file := ggufwrite.New().Set("general.architecture", "gated")
	matrix := func(name string, rows int) {
		var data []byte
		for range rows * width {
			data = binary.LittleEndian.AppendUint32(data, math.Float32bits(float32(random.NormFloat64())))
		}
		file.Add(name, 0, []uint64{uint64(width), uint64(rows)}, data)
	}
	matrix("embd", vocabulary)
	for i := range layers {
		matrix(fmt.Sprintf("w.%d", i), width)
		matrix(fmt.Sprintf("v.%d", i), width)
	}
	body := slices.Concat([]plan.Node{weight("embd", "embd", plan.Int(vocabulary))}, call("gather", "embd", "tok", "x0"),
		[]plan.Node{&plan.Repeat{Var: "i", Lo: plan.Int(0), Hi: plan.Int(layers), Carry: []plan.Carry{{Name: "x", Init: "x0", Next: "next"}},
			Body: []plan.Node{weight("w", "w.{i}", D), weight("v", "v.{i}", D), &plan.Pass{Body: slices.Concat(
				call("norm", "x", "h"), call("product", "w", "h", "g"), call("product", "v", "h", "u"),
				call("times", "g", "u", "p"), call("turn", "p", "q"), call("turn", "x", "s"), call("add", "q", "s", "next"))}}}})
	f, err := gguf.Open(file.File(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	p, err := bind.Bind(&plan.Model{Name: "gated", Arch: "gated", Body: body,
		Inputs:  []plan.Input{{Name: "tok", Type: "i32", Rows: "T"}, {Name: "at", Type: "place", Rows: "T"}, {Name: "out", Type: "i32", Rows: "R"}},
		Outputs: []plan.Output{{Name: "x", Value: "x", Shape: []plan.Expr{plan.BatchRows, D}}}}, formats, f)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// alone sees each step, so that it runs alone.
type alone struct{}

func (alone) Before(*Observation) error { return nil }
func (alone) After(*Observation) error  { return nil }

// TestPassesKeepBits: what runs together gives the bits that it gives one after the other, by any number of workers. The race
// detector sees steps that should not be together.
func TestPassesKeepBits(t *testing.T) {
	random := newRandom()
	for _, width := range []int{6, 36, 63, 132} {
		p := gated(t, width)
		if want := 1 + 2*layers; len(p.Passes) != want {
			t.Fatalf("%d passes, want %d: %v", len(p.Passes), want, p.Passes)
		}
		for _, n := range []int{1, 2, 64, 65} {
			for threads := 1; threads <= 4; threads++ {
				var engines [2]*Engine
				for i, o := range []Options{{Observer: alone{}}, {}} {
					o.Threads, o.Batch, o.Context, o.Sequences = threads, n, 4*n, 1
					e, err := New(p, o)
					if err != nil {
						t.Fatal(err)
					}
					defer e.Close()
					engines[i] = e
					if _, err := e.Open(); err != nil {
						t.Fatal(err)
					}
				}
				for turn := range 4 {
					rows := prompt(sequence(random, n), 0, turn*n)
					for _, e := range engines {
						if err := e.Forward(context.Background(), rows, nil, 1); err != nil {
							t.Fatal(err)
						}
					}
					if want := engines[0].Output(0); !slices.Equal(engines[1].Output(0), want) {
						t.Fatalf("width %d, %d rows, %d workers, seed %d: together\n%v, alone\n%v", width, n, threads, seed, engines[1].Output(0)[:6], want[:6])
					}
				}
			}
		}
	}
}

// TestPiecesCoverAll: the pieces of a chain are all items of each of its steps, once, and end at the same part of each.
func TestPiecesCoverAll(t *testing.T) {
	for _, width := range []int{3, 6, 36, 63, 132, 1200} {
		p := gated(t, width)
		e, err := New(p, Options{Threads: 1, Batch: 7, Context: 7})
		if err != nil {
			t.Fatal(err)
		}
		defer e.Close()
		if err := e.frame.fit(e, 7, 0); err != nil {
			t.Fatal(err)
		}
		s, err := e.schedule(1)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range s.passes {
			for _, c := range p.chains {
				for k, step := range c.steps {
					call, rows := &e.frame.calls[step], e.rows(step)
					if n := (call.items + c.items[k] - 1) / c.items[k]; n != c.pieces {
						t.Errorf("width %d, step %d: %d items in pieces of %d, where its chain has %d", width, step, call.items, c.items[k], c.pieces)
					}
					part := func(k, step int) float64 {
						return float64(c.items[k]*e.rows(step)) / float64(e.frame.calls[step].split)
					}
					if first := c.steps[0]; len(c.steps) > 1 && part(k, step) != part(0, first) {
						t.Errorf("width %d, step %d: a piece of %d items of %d is not the part that the first step's is", width, step, c.items[k], rows)
					}
				}
			}
		}
	}
}

// TestPieceOfNothing: where a step has no indices, the others do all of theirs at once.
func TestPieceOfNothing(t *testing.T) {
	e, err := New(gated(t, 12), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if err := e.frame.fit(e, 1, 0); err != nil {
		t.Fatal(err)
	}
	c := chain{steps: []int{0, 1}, items: make([]int, 2)}
	e.frame.calls[0].split, e.frame.calls[0].items = 0, 0
	e.frame.calls[1].split, e.frame.calls[1].items = 5, 5
	if err := c.fit(e); err != nil || c.pieces != 1 || !slices.Equal(c.items, []int{0, 5}) {
		t.Errorf("%d pieces of %v items, %v", c.pieces, c.items, err)
	}
}

// TestErrorsInPasses name the step, not the first of its chain.
func TestErrorsInPasses(t *testing.T) {
	p := gated(t, 132)
	for i := range p.Steps {
		if k := p.Steps[i].Kernel; k.Name == "turn" {
			k.Run = func(*plan.Call, int, int, []byte) { panic("dizzy") }
		}
	}
	for _, o := range []Options{{Threads: 2}, {Threads: 2, Observer: alone{}}} {
		e, err := New(p, o)
		if err != nil {
			t.Fatal(err)
		}
		defer e.Close()
		seq, _ := e.Open()
		err = e.Forward(context.Background(), prompt([]int32{1, 2}, seq, 0), nil, 1)
		if err == nil || err.Error() != "exec: step gated.turn, kernel turn: panic: dizzy" {
			t.Errorf("%v", err)
		}
	}
}

// TestWorkIsWhatTheOpSays: a kernel whose items are not the op's indices can't be in a chain.
func TestWorkIsWhatTheOpSays(t *testing.T) {
	p := gated(t, 12)
	for i := range p.Steps {
		if k := p.Steps[i].Kernel; k.Name == "product" {
			k.Rows = 3
		}
	}
	e, err := New(p, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	seq, _ := e.Open()
	err = e.Forward(context.Background(), prompt([]int32{1}, seq, 0), nil, 1)
	if err == nil || !strings.Contains(err.Error(), "step gated.product, kernel product: 12 indices are 3 work items of 3 each") {
		t.Errorf("%v", err)
	}
}

func TestPassesAllocateNothing(t *testing.T) {
	e, err := New(gated(t, 132), Options{Threads: 2, Context: 1000})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	seq, _ := e.Open()
	rows := make([]Row, 1)
	decode := func() {
		rows[0].Seq = seq
		if err := e.Forward(context.Background(), rows, nil, 1); err != nil {
			t.Fatal(err)
		}
		rows[0].Pos++
	}
	decode()
	if n := testing.AllocsPerRun(300, decode); n != 0 {
		t.Errorf("%v allocations a token", n)
	}
}
