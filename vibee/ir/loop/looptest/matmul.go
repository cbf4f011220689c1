package looptest

import (
	"fmt"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// MatmulQ4_1 is y[t, m] = sum over k of W[m, k] * x[t, k] with rows of Q4_1: blocks of 32 values in
// 20 bytes (f16 d, f16 m, 16 bytes of two codes), for rows lo..hi in groups of lanes.
// The inner loops are repeated unroll times a turn (1, 2, 4, 8 or 16).
func MatmulQ4_1(lanes, unroll int) *loop.Program {
	T, M, K := intVar("T"), intVar("M"), intVar("K")
	lo, hi := intVar("lo"), intVar("hi")
	blocks := div(ref(K), num(32))
	W := &loop.Buf{Name: "W", Role: loop.In, Elem: loop.MemU8, Bytes: true, Shape: "[M, K]", Size: mul(mul(ref(M), blocks), num(20))}
	x := &loop.Buf{Name: "x", Role: loop.In, Elem: loop.MemF32, Shape: "[T, K]", Size: mul(ref(T), ref(K))}
	y := &loop.Buf{Name: "y", Role: loop.Out, Elem: loop.MemF32, Shape: "[T, M]", Size: mul(ref(T), ref(M))}
	sx := &loop.Buf{Name: "sx", Role: loop.Temp, Elem: loop.MemF32, Shape: "[K/32]", Size: blocks}
	t, m, tail, last := intVar("t"), intVar("m"), intVar("m_rest"), intVar("m_last")
	rowBytes := intVar("row_bytes")

	c, j, s := intVar("c"), intVar("j"), mutable("s", loop.F32, 1)
	xc := &loop.View{Name: "xc", Buf: x, Index: add(mul(ref(t), ref(K)), mul(num(32), ref(c))), Lanes: 1, Size: 32}
	sums := loopTo(c, blocks,
		&loop.Open{View: xc},
		def(s, f32(0)),
		loopTo(j, num(32), set(s, add(ref(s), peek(loop.MemF32, xc, ref(j))))),
		store(sx, ref(c), ref(s)))

	rows := func(m *loop.Var, n, unroll int, suffix string) []loop.Stmt {
		b := intVar("b" + suffix)
		acc, dot := mutable("acc"+suffix, loop.F32, n), mutable("dot"+suffix, loop.F32, n)
		w := &loop.View{Name: "w" + suffix, Buf: W, Index: add(mul(ref(m), ref(rowBytes)), mul(num(20), ref(b))), Lanes: n, Size: 20}
		if n > 1 {
			w.Stride = ref(rowBytes)
		}
		xb := &loop.View{Name: "xb" + suffix, Buf: x, Index: add(mul(ref(t), ref(K)), mul(num(32), ref(b))), Lanes: 1, Size: 32}
		half := func(name string, from int64, code func(loop.Expr) loop.Expr) loop.Stmt {
			j, u := intVar("j_"+name+suffix), intVar("u_"+name+suffix)
			at := func(i loop.Expr) loop.Stmt {
				c := conv(loop.F32, code(peek(loop.MemU8, w, add(num(4), i))))
				return set(dot, add(ref(dot), mul(c, splat(peek(loop.MemF32, xb, add(num(from), i)), n))))
			}
			switch unroll {
			case 1:
				return loopTo(j, num(16), at(ref(j)))
			case 16:
				f := loopTo(u, num(16), at(ref(u)))
				f.Unroll = true
				return f
			}
			inner := loopTo(u, num(int64(unroll)), at(add(ref(j), ref(u))))
			inner.Unroll = true
			outer := loopTo(j, num(16), inner)
			outer.Step = int64(unroll)
			return outer
		}
		body := []loop.Stmt{
			&loop.Open{View: w},
			&loop.Open{View: xb},
			def(dot, splat(f32(0), n)),
			half("low", 0, func(e loop.Expr) loop.Expr { return bin(loop.And, e, splat(num(15), n)) }),
			half("high", 16, func(e loop.Expr) loop.Expr { return bin(loop.Shr, e, splat(num(4), n)) }),
			set(acc, add(
				add(ref(acc), mul(peek(loop.MemF16, w, num(0)), ref(dot))),
				mul(peek(loop.MemF16, w, num(2)), splat(load(sx, ref(b)), n)))),
		}
		at := add(mul(ref(t), ref(M)), ref(m))
		out := store(y, at, ref(acc))
		if n > 1 {
			out = storeWide(y, at, num(1), ref(acc))
		}
		return []loop.Stmt{def(acc, splat(f32(0), n)), loopTo(b, blocks, body...), out}
	}
	main := &loop.For{Var: m, Lo: ref(lo), Hi: ref(hi), Step: int64(lanes), Whole: true, Rest: tail, Body: rows(m, lanes, unroll, "")}
	rest := &loop.For{Var: last, Lo: ref(tail), Hi: ref(hi), Step: 1, Body: rows(last, 1, 1, "_1")}
	return &loop.Program{
		Name:  fmt.Sprintf("matmul_q4_1_l%d_u%d", lanes, unroll),
		Math:  []string{"y[t, m] = sum over k of W[m, k] * x[t, k]"},
		Bufs:  []*loop.Buf{W, x, y},
		Dims:  []*loop.Var{T, M, K},
		Lo:    lo,
		Hi:    hi,
		Work:  ref(M),
		Grain: lanes,
		Temps: []*loop.Buf{sx},
		Body:  []loop.Stmt{def(rowBytes, mul(blocks, num(20))), loopTo(t, ref(T), sums, main, rest)},
	}
}
