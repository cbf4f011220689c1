package golang

import (
	"testing"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// TestEdges is the differential test of what random programs seldom hold: each has a form of its own in Go.
func TestEdges(t *testing.T) {
	d := newDifferential()
	for i, p := range []*loop.Program{productInPlace(), narrowing(), zeros(), shifted(), knownValues()} {
		d.add(t, p, []int64{16}, uint64(i))
	}
	d.compare(t)
}

// edge is a program of one work item on x f32[16], u u8[16], y f32[16] and n i64[16].
func edge(name string, body func(x, u, y, n *loop.Buf) []loop.Stmt) *loop.Program {
	variable := func(name string, t loop.Type) *loop.Var { return &loop.Var{Name: name, Type: t, Lanes: 1} }
	size := variable("N", loop.Int)
	p := &loop.Program{
		Name: name, Grain: 1, Dims: []*loop.Var{size}, Scalars: []*loop.Var{variable("eps", loop.F32)},
		Lo: variable("lo", loop.Int), Hi: variable("hi", loop.Int), Work: integer(1),
	}
	buf := func(name string, role loop.Role, m loop.Mem) *loop.Buf {
		b := &loop.Buf{Name: name, Role: role, Elem: m, Size: &loop.Ref{Var: size}}
		p.Bufs = append(p.Bufs, b)
		return b
	}
	p.Body = body(buf("x", loop.In, loop.MemF32), buf("u", loop.In, loop.MemU8), buf("y", loop.InOut, loop.MemF32), buf("n", loop.InOut, loop.MemI64))
	return p
}

func integer(v int64) loop.Expr { return &loop.ConstInt{V: v} }

func element(b *loop.Buf, i loop.Expr) loop.Expr { return &loop.Load{Buf: b, Mem: b.Elem, Index: i} }

// to16 is a loop over elements.
func to16(body func(i loop.Expr) []loop.Stmt) loop.Stmt {
	v := &loop.Var{Name: "i", Type: loop.Int, Lanes: 1}
	return &loop.For{Var: v, Lo: integer(0), Hi: integer(16), Step: 1, Body: body(&loop.Ref{Var: v})}
}

// productInPlace is acc = acc*x; acc = acc + x: nothing keeps Go from fusing both but a conversion.
func productInPlace() *loop.Program {
	return edge("product_in_place", func(x, _, y, _ *loop.Buf) []loop.Stmt {
		acc := &loop.Var{Name: "acc", Type: loop.F32, Lanes: 1, Mutable: true}
		next := func(op loop.Op, i loop.Expr) loop.Stmt {
			return &loop.Set{Var: acc, Value: &loop.Binary{Op: op, A: &loop.Ref{Var: acc}, B: element(x, i)}}
		}
		return []loop.Stmt{
			&loop.Def{Var: acc, Value: element(x, integer(0))},
			to16(func(i loop.Expr) []loop.Stmt { return []loop.Stmt{next(loop.Mul, i), next(loop.Add, i)} }),
			&loop.Store{Buf: y, Mem: y.Elem, Index: integer(0), Value: &loop.Ref{Var: acc}},
		}
	})
}

// narrowing wraps values whose range is a little wider than the type's, on both sides, and shifts negative ones.
func narrowing() *loop.Program {
	return edge("narrowing", func(_, u, _, n *loop.Buf) []loop.Stmt {
		return []loop.Stmt{to16(func(i loop.Expr) []loop.Stmt {
			byte := element(u, i)
			sum := integer(0)
			for _, m := range []loop.Mem{loop.MemU8, loop.MemI8} {
				for _, by := range []int64{-1, 1, 100} {
					moved := &loop.Binary{Op: loop.Add, A: byte, B: integer(by)}
					sum = &loop.Binary{Op: loop.Add, A: &loop.Binary{Op: loop.Mul, A: sum, B: integer(7)}, B: &loop.Wrap{Mem: m, A: moved}}
				}
			}
			negative := &loop.Binary{Op: loop.Sub, A: byte, B: integer(300)}
			for _, v := range []loop.Expr{byte, negative} { // the sign bit moves as any other
				sum = &loop.Binary{Op: loop.Xor, A: sum, B: &loop.Binary{Op: loop.Shr, A: v, B: integer(3)}}
			}
			return []loop.Stmt{&loop.Store{Buf: n, Mem: n.Elem, Index: i, Value: sum}}
		})}
	})
}

// zeros takes the greater and the lesser of 0 and -0: of equals, the second.
func zeros() *loop.Program {
	return edge("zeros", func(x, _, y, n *loop.Buf) []loop.Stmt {
		return []loop.Stmt{to16(func(i loop.Expr) []loop.Stmt {
			zero := &loop.Binary{Op: loop.Mul, A: element(x, i), B: &loop.ConstFloat{T: loop.F32}}
			minus := &loop.Unary{Op: loop.Neg, A: zero}
			greater := &loop.Binary{Op: loop.Max, A: zero, B: minus}
			lesser := &loop.Binary{Op: loop.Min, A: minus, B: zero}
			return []loop.Stmt{
				&loop.Store{Buf: y, Mem: y.Elem, Index: i, Value: greater},
				&loop.Store{Buf: n, Mem: n.Elem, Index: i, Value: &loop.Bits{To: loop.Int, A: lesser}},
			}
		})}
	})
}

// shifted moves strips of a buffer by an element: all lanes are read before one is written.
func shifted() *loop.Program {
	return edge("shifted", func(_, _, y, n *loop.Buf) []loop.Stmt {
		var out []loop.Stmt
		for _, lanes := range []int{2, 4, 8} {
			for _, b := range []*loop.Buf{y, n} {
				out = append(out, &loop.Store{
					Buf: b, Mem: b.Elem, Index: integer(1), Stride: integer(1),
					Value: &loop.Load{Buf: b, Mem: b.Elem, Index: integer(0), Stride: integer(1), N: lanes},
				})
			}
		}
		return out
	})
}

// knownValues are operations on two constants: Go itself would keep all digits.
func knownValues() *loop.Program {
	return edge("constants", func(_, _, y, _ *loop.Buf) []loop.Stmt {
		var out []loop.Stmt
		for k, op := range []loop.Op{loop.Add, loop.Sub, loop.Mul, loop.Div} {
			for j, v := range []float32{0.1, 1.0 / 3, 1e-30, 7e37} {
				a := &loop.ConstFloat{T: loop.F32, V: float64(v)}
				b := &loop.ConstFloat{T: loop.F32, V: float64(float32(0.7))}
				out = append(out, &loop.Store{Buf: y, Mem: y.Elem, Index: integer(int64(4*k + j)), Value: &loop.Binary{Op: op, A: a, B: b}})
			}
		}
		return out
	})
}
