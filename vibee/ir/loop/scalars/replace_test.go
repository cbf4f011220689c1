package scalars_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/loop/looptest"
	"github.com/trinity-engine/trinity/vibee/ir/loop/scalars"
)

func num(i int64) loop.Expr        { return &loop.ConstInt{V: i} }
func ref(v *loop.Var) loop.Expr    { return &loop.Ref{Var: v} }
func mul(a, b loop.Expr) loop.Expr { return &loop.Binary{Op: loop.Mul, A: a, B: b} }
func one(name string) *loop.Var    { return &loop.Var{Name: name, Type: loop.Int, Lanes: 1} }
func wide(e loop.Expr) loop.Expr   { return &loop.Splat{A: e, N: 4} }
func constant(v float64) loop.Expr { return &loop.ConstFloat{T: loop.F32, V: v} }
func loads(b *loop.Buf, at loop.Expr) loop.Expr {
	return &loop.Load{Buf: b, Mem: b.Elem, Index: at, Stride: num(1), N: 4}
}
func stores(b *loop.Buf, at, v loop.Expr) loop.Stmt {
	return &loop.Store{Buf: b, Mem: b.Elem, Index: at, Stride: num(1), Value: v}
}

// strips runs body for 0, 4, … below 4*n.
func strips(name string, n int64, body func(i loop.Expr) []loop.Stmt) *loop.For {
	i := one(name)
	return &loop.For{Var: i, Lo: num(0), Hi: num(4 * n), Step: 4, Whole: true, Body: body(ref(i))}
}

// TestReplace: what a program computes stays, and its scratch memory goes where all of its places are known.
func TestReplace(t *testing.T) {
	x := &loop.Buf{Name: "x", Role: loop.In, Elem: loop.MemF32}
	y := &loop.Buf{Name: "y", Role: loop.Out, Elem: loop.MemF32}
	s := &loop.Buf{Name: "s", Role: loop.Temp, Elem: loop.MemF32, Size: num(8)}
	n := one("N")
	double := func(at loop.Expr) loop.Stmt { return stores(s, at, mul(loads(x, at), wide(constant(2)))) }
	squares := func(n int64) loop.Stmt {
		return strips("j", n, func(j loop.Expr) []loop.Stmt {
			v := &loop.Var{Name: "v", Type: loop.F32, Lanes: 4}
			return []loop.Stmt{&loop.Def{Var: v, Value: loads(s, j)}, stores(y, j, mul(ref(v), ref(v)))}
		})
	}
	fill := strips("i", 2, func(i loop.Expr) []loop.Stmt { return []loop.Stmt{double(i)} })
	rest := one("rest")
	short := &loop.For{Var: one("i"), Lo: num(0), Hi: num(6), Step: 4, Whole: true, Rest: rest}
	short.Body = []loop.Stmt{double(ref(short.Var))}
	some := &loop.Binary{Op: loop.Lt, A: num(0), B: ref(n)}
	for name, c := range map[string]struct {
		body []loop.Stmt
		gone bool
	}{
		"in two loops":     {[]loop.Stmt{fill, squares(2)}, true},
		"behind a rest":    {[]loop.Stmt{short, double(ref(rest)), squares(2)}, true},
		"inside of others": {[]loop.Stmt{&loop.For{Var: one("k"), Lo: num(0), Hi: ref(n), Step: 1, Body: []loop.Stmt{fill, squares(2)}}}, true},
		"written twice":    {[]loop.Stmt{fill, stores(s, num(4), wide(constant(3))), squares(2)}, false},
		"in a branch":      {[]loop.Stmt{&loop.If{Cond: some, Then: []loop.Stmt{fill}}, &loop.If{Cond: some, Then: []loop.Stmt{squares(2)}}}, false},
		"of two widths":    {[]loop.Stmt{fill, stores(y, num(0), wide(&loop.Load{Buf: s, Mem: loop.MemF32, Index: num(4)}))}, false},
		"across strips":    {[]loop.Stmt{fill, stores(y, num(0), loads(s, num(2)))}, false},
		"at unknown places": {[]loop.Stmt{&loop.For{Var: one("k"), Lo: num(0), Hi: ref(n), Step: 1, Body: []loop.Stmt{
			stores(s, num(0), wide(constant(1))), stores(s, num(4), wide(constant(2))), stores(y, num(0), loads(s, mul(num(4), ref(n))))}}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			p := &loop.Program{Name: "p", Bufs: []*loop.Buf{x, y}, Dims: []*loop.Var{n}, Lo: one("lo"), Hi: one("hi"), Work: num(1), Grain: 1, Rows: 1, Temps: []*loop.Buf{s}, Body: c.body}
			x.Size, y.Size = num(8), num(8)
			if err := loop.Verify(p); err != nil {
				t.Fatal(err)
			}
			want := run(t, p)
			taken := 0
			scalars.Replace(p, func(like string) string {
				taken++
				return fmt.Sprintf("%s_%d", like, taken)
			})
			if err := loop.Verify(p); err != nil {
				t.Fatalf("%v\n%s", err, loop.Print(p))
			}
			if gone := len(p.Temps) == 0; gone != c.gone {
				t.Errorf("scratch memory is gone: %v\n%s", gone, loop.Print(p))
			}
			if d := cmp.Diff(want, run(t, p)); d != "" {
				t.Errorf("%s\n%s", d, loop.Print(p))
			}
		})
	}
}

func run(t *testing.T, p *loop.Program) []byte {
	t.Helper()
	var x []byte
	for i := range 8 {
		x = binary.LittleEndian.AppendUint32(x, math.Float32bits(float32(i)-2.5))
	}
	mem := looptest.Memory{p.Bufs[0]: x, p.Bufs[1]: make([]byte, 32)}
	if err := looptest.Run(p, mem, []int64{1}, nil, 0, 1); err != nil {
		t.Fatalf("%v\n%s", err, loop.Print(p))
	}
	return mem[p.Bufs[1]]
}
