package loop_test

import (
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/loop/looptest"
)

var update = flag.Bool("update", false, "rewrite golden files")

func TestVerifyAcceptsAll(t *testing.T) {
	for lanes := range 9 {
		if err := loop.Verify(looptest.MatmulQ4_1(lanes+1, 4)); err != nil {
			t.Error(err)
		}
	}
	for _, p := range looptest.Tiles() {
		if err := loop.Verify(p); err != nil {
			t.Error(err)
		}
	}
	for seed := range uint64(300) {
		if err := loop.Verify(looptest.Random(rand.New(rand.NewPCG(seed, 1)), "random")); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}

func TestPrint(t *testing.T) {
	random := looptest.Random(rand.New(rand.NewPCG(7, 1)), "random")
	random.Tables = random.Tables[1:2] // the rest only is long
	for name, p := range map[string]*loop.Program{"matmul": looptest.MatmulQ4_1(4, 4), "random": random, "tiles": looptest.Tiles()[0]} {
		got, path := loop.Print(p), filepath.Join("testdata", name+".txt")
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s (-want +got, -update rewrites):\n%s", path, diff)
		}
	}
}

// Parts of the broken programs.
var (
	n    = &loop.Var{Name: "n", Type: loop.Int, Lanes: 1}
	eps  = &loop.Var{Name: "eps", Type: loop.F32, Lanes: 1}
	x    = &loop.Buf{Name: "x", Role: loop.In, Elem: loop.MemF32, Size: num(8)}
	w    = &loop.Buf{Name: "w", Role: loop.In, Elem: loop.MemU8, Bytes: true}
	y    = &loop.Buf{Name: "y", Role: loop.Out, Elem: loop.MemF32, Size: ref(n)}
	tab  = &loop.Buf{Name: "tab", Role: loop.Table, Elem: loop.MemU8, Size: num(2), Data: []int64{1, 255}}
	i    = &loop.Var{Name: "i", Type: loop.Int, Lanes: 1}
	v    = &loop.Var{Name: "v", Type: loop.F32, Lanes: 1, Mutable: true}
	wide = &loop.Var{Name: "wide", Type: loop.F32, Lanes: 4}
	view = &loop.View{Name: "win", Buf: w, Index: num(0), Lanes: 1, Size: 4}
	one  = &loop.ConstFloat{T: loop.F32, V: 1}
)

func num(i int64) loop.Expr                  { return &loop.ConstInt{V: i} }
func ref(v *loop.Var) loop.Expr              { return &loop.Ref{Var: v} }
func isTrue() loop.Expr                      { return &loop.Binary{Op: loop.Eq, A: num(1), B: num(1)} }
func def(v *loop.Var, e loop.Expr) loop.Stmt { return &loop.Def{Var: v, Value: e} }
func value(e loop.Expr) loop.Stmt {
	return def(&loop.Var{Name: "value", Type: e.Type(), Lanes: e.Lanes()}, e)
}

func program(body ...loop.Stmt) *loop.Program {
	return &loop.Program{
		Name: "broken", Bufs: []*loop.Buf{x, w, y}, Dims: []*loop.Var{n}, Scalars: []*loop.Var{eps},
		Lo: &loop.Var{Name: "lo", Type: loop.Int, Lanes: 1}, Hi: &loop.Var{Name: "hi", Type: loop.Int, Lanes: 1},
		Work: ref(n), Grain: 1, Tables: []*loop.Buf{tab}, Body: body,
	}
}

func binary(op loop.Op, a, b loop.Expr) loop.Expr { return &loop.Binary{Op: op, A: a, B: b} }

// fault is a broken body.
type fault struct {
	want string
	body []loop.Stmt
}

// tileFaults break the rules of tiles.
func tileFaults() []fault {
	tile := func(name string, e loop.Mem, rows, columns int) *loop.Tile {
		return &loop.Tile{Name: name, Elem: e, Rows: rows, Columns: columns}
	}
	c, a, b := tile("C", loop.MemI32, 2, 3), tile("A", loop.MemI8, 2, 4), tile("B", loop.MemU8, 1, 12)
	two := tile("D", loop.MemU8, 2, 12)
	with := func(body ...loop.Stmt) []loop.Stmt {
		return []loop.Stmt{&loop.Tiled{Tiles: []*loop.Tile{c, a, b}, Body: body}}
	}
	only := func(t ...*loop.Tile) []loop.Stmt { return []loop.Stmt{&loop.Tiled{Tiles: t}} }
	product := func(c, a, b *loop.Tile) []loop.Stmt {
		return []loop.Stmt{&loop.Tiled{Tiles: []*loop.Tile{c, a, b}, Body: []loop.Stmt{&loop.Multiply{C: c, A: a, B: b}}}}
	}
	return []fault{
		{"there are none", only()},
		{"they stand within others", with(&loop.Tiled{Tiles: []*loop.Tile{tile("D", loop.MemI8, 1, 1)}})},
		{"its elements are f64", only(tile("D", loop.MemF64, 1, 1))},
		{"0 x 4 elements", only(tile("D", loop.MemI8, 0, 4))},
		{"the name D is taken", only(tile("D", loop.MemI8, 1, 4), tile("D", loop.MemI8, 1, 4))},
		{"tile C is not in scope", append(with(), &loop.Clear{Tile: c})},
		{"x holds f32, not i8", with(&loop.Fill{Tile: a, Buf: x, Index: num(0), Stride: num(4)})},
		{"the view is not open", with(&loop.Fill{Tile: a, Buf: w, Index: &loop.Peek{View: view, Mem: loop.MemU8, Index: num(0)}, Stride: num(4)})},
		{"stride is missing", with(&loop.Fill{Tile: a, Buf: w, Index: num(0)})},
		{"it is not to be written", with(&loop.Drain{Tile: a, Buf: w, Index: num(0), Stride: num(4)})},
		{"index -1 is outside", with(&loop.Fill{Tile: a, Buf: w, Index: num(-1), Stride: num(4)})},
		{"three tiles are wanted", with(&loop.Multiply{C: c, A: a, B: a})},
		{"products of i8 and i32 as u8", with(&loop.Multiply{C: b, A: a, B: c})},
		{"products of bf16 and u8 as i32", product(c, tile("H", loop.MemBF16, 2, 2), b)},
		{"products of bf16 and bf16 as i32", product(c, tile("H", loop.MemBF16, 2, 2), tile("I", loop.MemBF16, 1, 6))},
		{"are no 2 x 3 sums", product(tile("F", loop.MemF32, 2, 3), tile("H", loop.MemBF16, 2, 2), tile("I", loop.MemBF16, 1, 4))},
		{"are no 2 x 3 sums", []loop.Stmt{&loop.Tiled{Tiles: []*loop.Tile{c, a, two}, Body: []loop.Stmt{&loop.Multiply{C: c, A: a, B: two}}}}},
	}
}

// TestVerifyRefuses: each program breaks one rule, and the message says which.
func TestVerifyRefuses(t *testing.T) {
	store := func(b *loop.Buf, m loop.Mem, i, v loop.Expr) loop.Stmt {
		return &loop.Store{Buf: b, Mem: m, Index: i, Value: v}
	}
	count := func(f loop.For) loop.Stmt {
		if f.Var == nil {
			f.Var = i
		}
		if f.Hi == nil {
			f.Lo, f.Hi = num(0), num(4)
		}
		if f.Step == 0 {
			f.Step = 1
		}
		return &f
	}
	open := &loop.Open{View: view}
	splat := &loop.Splat{A: one, N: 4}
	tests := []fault{
		{"not assigned: i", []loop.Stmt{value(ref(i))}},
		{"not assigned: i", []loop.Stmt{count(loop.For{}), value(ref(i))}},
		{"not assigned: v", []loop.Stmt{&loop.If{Cond: isTrue(), Then: []loop.Stmt{def(v, one)}}, value(ref(v))}},
		{"set v: the variable is not in scope", []loop.Stmt{&loop.Set{Var: v, Value: one}}},
		{"the variable is immutable", []loop.Stmt{def(wide, splat), &loop.Set{Var: wide, Value: splat}}},
		{"declared twice", []loop.Stmt{def(v, one), def(v, one)}},
		{"the name v is taken", []loop.Stmt{def(v, one), def(&loop.Var{Name: "v", Type: loop.F32, Lanes: 1}, one)}},
		{"no identifier", []loop.Stmt{def(&loop.Var{Name: "1v", Type: loop.F32, Lanes: 1}, one)}},
		{"int where f32 is wanted", []loop.Stmt{def(v, num(1))}},
		{"1 lanes where 4 are wanted", []loop.Stmt{def(wide, one)}},
		{"0 lanes", []loop.Stmt{def(&loop.Var{Name: "none", Type: loop.F32}, one)}},
		{"f32 where bool is wanted", []loop.Stmt{&loop.If{Cond: one}}},
		{"operands of f32 and int", []loop.Stmt{value(binary(loop.Add, one, num(1)))}},
		{"operand lanes", []loop.Stmt{value(binary(loop.Add, splat, one))}},
		{"no operator of f32", []loop.Stmt{value(binary(loop.Xor, one, one))}},
		{"no operator of bool", []loop.Stmt{value(binary(loop.Add, isTrue(), isTrue()))}},
		{"no operator of f32", []loop.Stmt{value(&loop.Unary{Op: loop.Not, A: one})}},
		{"no operator of int", []loop.Stmt{value(&loop.Unary{Op: loop.Sqrt, A: num(1)})}},
		{"no operator of int", []loop.Stmt{value(&loop.Unary{Op: loop.Add, A: num(1)})}},
		{"no operator of int", []loop.Stmt{value(binary(loop.Sqrt, num(1), num(1)))}},
		{"division by zero", []loop.Stmt{value(binary(loop.Mod, num(1), num(0)))}},
		{"outside 0..63", []loop.Stmt{value(binary(loop.Shl, num(1), num(64)))}},
		{"no f32", []loop.Stmt{value(&loop.ConstFloat{T: loop.F32, V: 0.1})}},
		{"a float constant of type int", []loop.Stmt{value(&loop.ConstFloat{T: loop.Int, V: 1})}},
		{"no conversion", []loop.Stmt{value(&loop.Convert{To: loop.F32, A: one})}},
		{"no conversion", []loop.Stmt{value(&loop.Convert{To: loop.Int, A: isTrue()})}},
		{"wraps integers", []loop.Stmt{value(&loop.Wrap{Mem: loop.MemF16, A: num(1)})}},
		{"no reinterpretation", []loop.Stmt{value(&loop.Bits{To: loop.F64, A: one})}},
		{"rounds f32", []loop.Stmt{value(&loop.Round{Mem: loop.MemF32, A: one})}},
		{"operand types", []loop.Stmt{value(&loop.Select{Cond: isTrue(), A: one, B: num(1)})}},
		{"operand lanes", []loop.Stmt{value(&loop.Select{Cond: isTrue(), A: splat, B: splat})}},
		{"one lane is repeated", []loop.Stmt{value(&loop.Splat{A: splat, N: 4})}},
		{"no lanes", []loop.Stmt{value(&loop.Iota{})}},
		{"no power of two", []loop.Stmt{value(&loop.Reduce{Op: loop.Add, A: &loop.Splat{A: one, N: 3}})}},
		{"no reduction", []loop.Stmt{value(&loop.Reduce{Op: loop.Mul, A: splat})}},
		{"words of two bf16s", []loop.Stmt{value(&loop.Pairs{Sum: one, A: one, B: num(1)})}},
		{"operand lanes", []loop.Stmt{value(&loop.Pairs{Sum: one, A: num(1), B: &loop.Splat{A: num(1), N: 2}})}},
		{"step 0", []loop.Stmt{&loop.For{Var: i, Lo: num(0), Hi: num(1)}}},
		{"the loop is not whole", []loop.Stmt{count(loop.For{Rest: &loop.Var{Name: "rest", Type: loop.Int, Lanes: 1}})}},
		{"is no immutable int", []loop.Stmt{count(loop.For{Var: v})}},
		{"not to be written", []loop.Stmt{store(x, loop.MemF32, num(0), one)}},
		{"not to be written", []loop.Stmt{store(tab, loop.MemU8, num(0), num(1))}},
		{"y holds f32, not f16", []loop.Stmt{store(y, loop.MemF16, num(0), one)}},
		{"int where f32 is wanted", []loop.Stmt{store(y, loop.MemF32, num(0), num(1))}},
		{"index -1 is outside", []loop.Stmt{&loop.Store{Buf: y, Mem: loop.MemF32, Index: num(-1), Stride: num(1), Value: splat}}},
		{"1 lanes where 4 are wanted", []loop.Stmt{store(y, loop.MemF32, num(0), splat)}},
		{"index 8 is outside", []loop.Stmt{value(&loop.Load{Buf: x, Mem: loop.MemF32, Index: num(8)})}},
		{"index 5 is outside", []loop.Stmt{value(&loop.Load{Buf: x, Mem: loop.MemF32, Index: num(5), Stride: num(1), N: 4})}},
		{"x holds f32, not u8", []loop.Stmt{value(&loop.Load{Buf: x, Mem: loop.MemU8, Index: num(0)})}},
		{"the index is no int", []loop.Stmt{value(&loop.Load{Buf: x, Mem: loop.MemF32, Index: one})}},
		{"ints of one lane", []loop.Stmt{value(&loop.Load{Buf: x, Mem: loop.MemF32, Index: num(0), Stride: one, N: 4})}},
		{"no buffer of the program", []loop.Stmt{value(&loop.Load{Buf: &loop.Buf{Name: "z"}, Index: num(0)})}},
		{"not open", []loop.Stmt{value(&loop.Peek{View: view, Mem: loop.MemU8, Index: num(0)})}},
		{"outside its view", []loop.Stmt{open, value(&loop.Peek{View: view, Mem: loop.MemF16, Index: num(3)})}},
		{"no int of one lane", []loop.Stmt{open, value(&loop.Peek{View: view, Mem: loop.MemU8, Index: one})}},
		{"the name win is taken", []loop.Stmt{open, open}},
		{"a stride: false", []loop.Stmt{&loop.Open{View: &loop.View{Name: "a", Buf: w, Index: num(0), Lanes: 2, Size: 4}}}},
		{"1 lanes of 0", []loop.Stmt{&loop.Open{View: &loop.View{Name: "a", Buf: w, Index: num(0), Lanes: 1}}}},
		{"outside x", []loop.Stmt{&loop.Open{View: &loop.View{Name: "a", Buf: x, Index: num(5), Lanes: 1, Size: 4}}}},
		{"outside x", []loop.Stmt{&loop.Open{View: &loop.View{Name: "a", Buf: x, Index: num(0), Stride: num(2), Lanes: 4, Size: 4}}}},
	}
	for k, test := range append(tests, tileFaults()...) {
		err := loop.Verify(program(test.body...))
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("program %d: got %v, want %q", k, err, test.want)
		}
	}
}

func TestVerifyRefusesParameters(t *testing.T) {
	tests := []struct {
		want  string
		wrong func(*loop.Program)
	}{
		{"is no identifier", func(p *loop.Program) { p.Name = "a b" }},
		{"grain 0", func(p *loop.Program) { p.Grain = 0 }},
		{"work: is missing", func(p *loop.Program) { p.Work = nil }},
		{"work: not assigned: eps", func(p *loop.Program) { p.Work = &loop.Convert{To: loop.Int, A: ref(eps)} }},
		{"parameters: one is missing", func(p *loop.Program) { p.Hi = nil }},
		{"is no immutable int", func(p *loop.Program) { p.Dims = []*loop.Var{eps} }},
		{"has role 3", func(p *loop.Program) { p.Bufs = []*loop.Buf{{Name: "t", Role: loop.Temp, Size: num(1)}} }},
		{"has no size", func(p *loop.Program) { p.Temps = []*loop.Buf{{Name: "t", Role: loop.Temp}} }},
		{"is there twice", func(p *loop.Program) { p.Bufs = append(p.Bufs, x) }},
		{"has data", func(p *loop.Program) { p.Bufs = []*loop.Buf{{Name: "t", Data: []int64{1}}} }},
		{"which is not its size", func(p *loop.Program) {
			p.Tables = []*loop.Buf{{Name: "t", Role: loop.Table, Size: num(2), Data: []int64{1}}}
		}},
		{"which is no u8", func(p *loop.Program) {
			p.Tables = []*loop.Buf{{Name: "t", Role: loop.Table, Size: num(1), Data: []int64{256}}}
		}},
	}
	for _, test := range tests {
		p := program()
		test.wrong(p)
		if err := loop.Verify(p); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("got %v, want %q", err, test.want)
		}
	}
}
