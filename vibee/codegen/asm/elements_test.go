package asm

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"testing"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/loop/looptest"
)

// What instructions differ at: signs, halves, halfway between two floats of 16 bits, ends of ranges.
var (
	hardFloats = []float64{0, math.Copysign(0, -1), 1, -1.5, 2.5, -2.5, 0.7, 1 + 0x1p-8, 1 + 0x3p-8, 1 + 0x1.8p-11, 65519, 1e-40, 3e9,
		math.Inf(1), math.Inf(-1), math.NaN()}
	hardInts = []int64{0, 1, -1, 2, -7, 127, 128, -128, -129, 255, 32767, -32768, 65535, 12345, math.MaxInt32, math.MinInt32}
)

// elements gives a program that computes functions of all pairs of hard values, in n lanes at a time, but those few that
// a variant has no instructions for.
func elements(t *testing.T, s isa, n int) (*loop.Program, looptest.Memory) {
	num := func(v int64) loop.Expr { return &loop.ConstInt{V: v} }
	one := func(name string) *loop.Var { return &loop.Var{Name: name, Type: loop.Int, Lanes: 1} }
	ref := func(v *loop.Var) loop.Expr { return &loop.Ref{Var: v} }
	bin := func(op loop.Op, a, b loop.Expr) loop.Expr { return &loop.Binary{Op: op, A: a, B: b} }
	many := func(e loop.Expr) loop.Expr {
		if n == 1 {
			return e
		}
		return &loop.Splat{A: e, N: n}
	}
	float := func(v float64) loop.Expr { return many(&loop.ConstFloat{T: loop.F32, V: float64(float32(v))}) }

	mem := looptest.Memory{}
	N, w := one("N"), one("w")
	p := &loop.Program{Name: fmt.Sprintf("elements_%d_%s", n, s.name), Dims: []*loop.Var{N}, Lo: one("lo"), Hi: one("hi"), Work: ref(N), Grain: 1}
	var body []loop.Stmt
	input := func(name string, m loop.Mem, value func(i int) uint64) (*loop.Buf, loop.Expr) {
		b := &loop.Buf{Name: name, Role: loop.In, Elem: m, Size: num(256)}
		p.Bufs = append(p.Bufs, b)
		for i := range 256 {
			mem[b] = append(mem[b], binary.LittleEndian.AppendUint64(nil, value(i))[:m.Bytes()]...)
		}
		l := &loop.Load{Buf: b, Mem: m, Index: bin(loop.Mul, ref(w), num(int64(n)))}
		if n > 1 {
			l.Stride, l.N = num(1), n
		}
		v := &loop.Var{Name: name + "0", Type: m.Type(), Lanes: n}
		body = append(body, &loop.Def{Var: v, Value: l})
		return b, ref(v)
	}
	bits := func(v float64) uint64 { return uint64(math.Float32bits(float32(v))) }
	xs, x := input("x", loop.MemF32, func(i int) uint64 { return bits(hardFloats[i/16]) })
	_, z := input("z", loop.MemF32, func(i int) uint64 { return bits(hardFloats[i%16]) })
	_, i := input("i", loop.MemI32, func(i int) uint64 { return uint64(hardInts[i/16]) })
	_, j := input("j", loop.MemI32, func(i int) uint64 { return uint64(hardInts[i%16]) })
	_, u := input("u", loop.MemU8, func(i int) uint64 { return uint64(i) })
	_, b := input("b", loop.MemI8, func(i int) uint64 { return uint64(37 * i) })
	inputs := len(body)

	place := func(m loop.Mem, each int) (*loop.Buf, loop.Expr) {
		out := &loop.Buf{Name: fmt.Sprintf("y%d", len(p.Bufs)), Role: loop.Out, Elem: m, Size: num(256)}
		p.Bufs = append(p.Bufs, out)
		mem[out] = make([]byte, 256*m.Bytes())
		return out, bin(loop.Mul, ref(w), num(int64(each)))
	}
	put := func(m loop.Mem, e loop.Expr) {
		out, at := place(m, e.Lanes())
		s := &loop.Store{Buf: out, Mem: m, Index: at, Value: e}
		if e.Lanes() > 1 {
			s.Stride = num(1)
		}
		body = append(body, s)
	}
	for _, op := range []loop.Op{loop.Neg, loop.Abs, loop.Rint, loop.Floor, loop.Ceil, loop.Trunc} {
		put(loop.MemF32, &loop.Unary{Op: op, A: x})
	}
	for _, op := range []loop.Op{loop.Add, loop.Sub, loop.Min, loop.Max} {
		put(loop.MemF32, bin(op, x, z))
		put(loop.MemI64, bin(op, i, j))
	}
	for _, op := range []loop.Op{loop.Eq, loop.Ne, loop.Lt, loop.Le, loop.Gt, loop.Ge} {
		put(loop.MemF32, &loop.Select{Cond: bin(op, x, z), A: float(1), B: float(2)})
		put(loop.MemI32, &loop.Select{Cond: bin(op, i, j), A: many(num(1)), B: many(num(2))})
		put(loop.MemI32, &loop.Select{Cond: bin(op, x, z), A: i, B: j})
		if n == 1 {
			out, at := place(loop.MemI32, 1)
			store := func(v int64) []loop.Stmt {
				return []loop.Stmt{&loop.Store{Buf: out, Mem: loop.MemI32, Index: at, Value: num(v)}}
			}
			body = append(body, &loop.If{Cond: bin(op, i, j), Then: store(1), Else: store(2)})
		}
	}
	for _, m := range []loop.Mem{loop.MemU8, loop.MemI8, loop.MemU16, loop.MemI16, loop.MemU32, loop.MemI32} {
		put(loop.MemI64, &loop.Wrap{Mem: m, A: bin(loop.Mul, i, j)})
		put(loop.MemI32, &loop.Wrap{Mem: m, A: bin(loop.Add, i, j)})
		put(m, bin(loop.Sub, i, j))
	}
	for _, m := range []loop.Mem{loop.MemF16, loop.MemBF16} {
		put(loop.MemF32, &loop.Round{Mem: m, A: x})
		put(m, x)
	}
	put(loop.MemI32, &loop.Convert{To: loop.Int, A: bin(loop.Max, bin(loop.Min, x, float(1e6)), float(-1e6))})
	put(loop.MemF32, &loop.Convert{To: loop.F32, A: i})
	put(loop.MemF32, &loop.Load{Buf: xs, Mem: loop.MemF32, Index: bin(loop.And, j, many(num(255)))})
	first := &loop.Load{Buf: xs, Mem: loop.MemF32, Index: bin(loop.Mul, ref(w), num(int64(n)))}
	put(loop.MemF32, bin(loop.Sub, many(first), bin(loop.Mul, z, float(3)))) // memory is the first operand
	put(loop.MemI32, u)
	put(loop.MemI32, b)
	put(loop.MemI64, bin(loop.Mul, u, b))
	if n > 1 {
		for _, v := range []loop.Expr{i, u, b} {
			put(loop.MemI64, &loop.Reduce{Op: loop.Add, A: v})
		}
		put(loop.MemI64, &loop.Reduce{Op: loop.Min, A: i})
		put(loop.MemF32, &loop.Reduce{Op: loop.Add, A: bin(loop.Mul, &loop.Convert{To: loop.F32, A: u}, float(0.1))})
	}
	turns := func(body []loop.Stmt) []loop.Stmt {
		return []loop.Stmt{&loop.For{Var: w, Lo: ref(p.Lo), Hi: ref(p.Hi), Step: 1, Body: body}}
	}
	kept := body[:inputs:inputs]
	for _, f := range body[inputs:] {
		one := *p
		one.Body = turns(append(body[:inputs:inputs], f))
		if err := loop.Verify(&one); err != nil {
			t.Fatal(err)
		}
		switch _, _, _, err := compile(&one, p.Name, s, newConstants(p.Name)); {
		case err == nil:
			kept = append(kept, f)
		case !errors.Is(err, errUnsupported):
			t.Fatal(err)
		}
	}
	if len(kept) < len(body)-3 {
		t.Errorf("%s computes %d of %d functions in %d lanes", s.name, len(kept), len(body), n)
	}
	p.Body = turns(kept)
	return p, mem
}
