package tiles

import "github.com/trinity-engine/trinity/vibee/ir/loop"

const (
	smallest = 0x1p-126            // of the f32s that are not subnormal
	tiny     = 0x1p-126 - 0x1p-151 // below it a value rounded to 24 bits is less than the smallest
)

// multiplyPairs runs over the rows of A, and in each over the rows of B: for each column of sums two are kept, of
// even and of odd columns of A. Products of bf16s are exact in f64, and so is a sum of an f32 and one of them, as far as
// rounding it to 24 bits asks for it.
func (x *expander) multiplyPairs(s *loop.Multiply) loop.Stmt {
	n := s.C.Columns
	return x.loopOf(s.C.Rows, func(row loop.Expr) (out []loop.Stmt) {
		var sums [2]*loop.Var
		for i := range sums {
			sums[i] = x.variable("tileSum", loop.F32, n)
			sums[i].Mutable = true
			out = append(out, &loop.Def{Var: sums[i], Value: float(loop.F32, 0, n)})
		}
		out = append(out, x.loopOf(s.B.Rows, func(k loop.Expr) (out []loop.Stmt) {
			for i, sum := range sums {
				a := x.element(s.A, add(mul(row, num(s.A.Columns)), add(mul(k, num(2)), num(i))), 1)
				b := x.element(s.B, add(mul(k, num(s.B.Columns)), num(i)), n)
				product := mul(double(spread(flushed(a), n)), double(flushed(b)))
				value := x.variable("tileSum", loop.F64, n)
				out = append(out, &loop.Def{Var: value, Value: add(double(&loop.Ref{Var: sum}), product)},
					&loop.Set{Var: sum, Value: rounded(&loop.Ref{Var: value})})
			}
			return out
		}))
		both := x.variable("tileSum", loop.F64, n)
		all := x.variable("tileSum", loop.F64, n)
		return append(out, &loop.Def{Var: both, Value: add(double(&loop.Ref{Var: sums[0]}), double(&loop.Ref{Var: sums[1]}))},
			&loop.Def{Var: all, Value: add(double(flushed(x.row(s.C, row))), double(rounded(&loop.Ref{Var: both})))},
			x.put(s.C, row, rounded(&loop.Ref{Var: all})))
	})
}

// element reads every second element of a tile, n of them.
func (x *expander) element(t *loop.Tile, at loop.Expr, n int) loop.Expr {
	l := &loop.Load{Buf: x.bufs[t], Mem: t.Elem, Index: at}
	if n > 1 {
		l.Stride, l.N = num(2), n
	}
	return l
}

// flushed is an f32, or 0 with its sign where that is subnormal.
func flushed(e loop.Expr) loop.Expr {
	return &loop.Select{Cond: below(e, smallest), A: mul(e, float(loop.F32, 0, e.Lanes())), B: e}
}

// rounded is an f64 as an f32, or 0 with its sign where that is subnormal.
func rounded(e loop.Expr) loop.Expr {
	zero := mul(e, float(loop.F64, 0, e.Lanes()))
	return &loop.Convert{To: loop.F32, A: &loop.Select{Cond: below(e, tiny), A: zero, B: e}}
}

func below(e loop.Expr, limit float64) loop.Expr {
	return &loop.Binary{Op: loop.Lt, A: &loop.Unary{Op: loop.Abs, A: e}, B: float(e.Type(), limit, e.Lanes())}
}

func double(e loop.Expr) loop.Expr { return &loop.Convert{To: loop.F64, A: e} }

func float(t loop.Type, v float64, n int) loop.Expr { return spread(&loop.ConstFloat{T: t, V: v}, n) }
