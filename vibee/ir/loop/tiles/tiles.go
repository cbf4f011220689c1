package tiles

import (
	"fmt"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// Expand gives a program without tiles.
func Expand(p *loop.Program) *loop.Program {
	out := *p
	out.Temps = append([]*loop.Buf{}, p.Temps...)
	x := &expander{prog: &out, bufs: map[*loop.Tile]*loop.Buf{}}
	body := x.block(p.Body)
	if len(x.bufs) == 0 {
		return p
	}
	out.Body = body
	return &out
}

// SumsFloats reports whether tiles add floats, in an order of their own.
func SumsFloats(p *loop.Program) bool {
	found := false
	loop.WalkStmts(p.Body, func(s loop.Stmt) {
		m, ok := s.(*loop.Multiply)
		found = found || ok && m.C.Elem.Type().Float()
	})
	return found
}

type expander struct {
	prog *loop.Program
	bufs map[*loop.Tile]*loop.Buf
	n    int // of the variables that were made
}

func (x *expander) block(body []loop.Stmt) (out []loop.Stmt) {
	for _, s := range body {
		switch s := s.(type) {
		case *loop.For:
			f := *s
			f.Body = x.block(s.Body)
			out = append(out, &f)
		case *loop.If:
			out = append(out, &loop.If{Cond: s.Cond, Then: x.block(s.Then), Else: x.block(s.Else)})
		case *loop.Tiled:
			for _, t := range s.Tiles {
				b := &loop.Buf{Name: t.Name + "Tile", Role: loop.Temp, Elem: t.Elem, Size: num(t.Rows * t.Columns)}
				x.bufs[t] = b
				x.prog.Temps = append(x.prog.Temps, b)
				out = append(out, x.clear(t))
			}
			out = append(out, x.block(s.Body)...)
		case *loop.Clear:
			out = append(out, x.clear(s.Tile))
		case *loop.Fill:
			out = append(out, x.rows(s.Tile, func(row loop.Expr) loop.Stmt {
				return x.put(s.Tile, row, x.load(s.Buf, s.Tile, strided(s.Index, row, s.Stride)))
			}))
		case *loop.Drain:
			out = append(out, x.rows(s.Tile, func(row loop.Expr) loop.Stmt {
				return x.store(s.Buf, s.Tile, strided(s.Index, row, s.Stride), x.row(s.Tile, row))
			}))
		case *loop.Multiply:
			if s.A.Elem == loop.MemBF16 {
				out = append(out, x.multiplyPairs(s))
			} else {
				out = append(out, x.multiply(s))
			}
		default:
			out = append(out, s)
		}
	}
	return out
}

// multiply runs over the rows of A, and in each over the rows of B: a row of B by four bytes of A's.
func (x *expander) multiply(s *loop.Multiply) loop.Stmt {
	return x.rows(s.C, func(row loop.Expr) loop.Stmt {
		return x.loop(s.B.Rows, func(k loop.Expr) loop.Stmt {
			a := x.bufs[s.A]
			at := add(mul(row, num(s.A.Columns)), mul(k, num(4)))
			four := &loop.Load{Buf: a, Mem: a.Elem, Index: at, Stride: num(1), N: 4}
			sum := add(x.row(s.C, row), &loop.Dot{A: x.row(s.B, k), B: four})
			return x.put(s.C, row, &loop.Wrap{Mem: loop.MemI32, A: sum})
		})
	})
}

func (x *expander) clear(t *loop.Tile) loop.Stmt {
	return x.rows(t, func(row loop.Expr) loop.Stmt {
		if t.Elem.Type().Float() {
			return x.put(t, row, float(t.Elem.Type(), 0, t.Columns))
		}
		return x.put(t, row, spread(num(0), t.Columns))
	})
}

// rows runs body for each row of a tile.
func (x *expander) rows(t *loop.Tile, body func(row loop.Expr) loop.Stmt) loop.Stmt {
	return x.loop(t.Rows, body)
}

func (x *expander) loop(n int, body func(loop.Expr) loop.Stmt) loop.Stmt {
	return x.loopOf(n, func(i loop.Expr) []loop.Stmt { return []loop.Stmt{body(i)} })
}

func (x *expander) loopOf(n int, body func(loop.Expr) []loop.Stmt) loop.Stmt {
	v := x.variable("tileRow", loop.Int, 1)
	return &loop.For{Var: v, Lo: num(0), Hi: num(n), Step: 1, Body: body(&loop.Ref{Var: v})}
}

func (x *expander) variable(name string, t loop.Type, lanes int) *loop.Var {
	x.n++
	return &loop.Var{Name: fmt.Sprintf("%s%d", name, x.n), Type: t, Lanes: lanes}
}

// row reads a row of a tile, put writes one.
func (x *expander) row(t *loop.Tile, row loop.Expr) loop.Expr {
	return x.load(x.bufs[t], t, mul(row, num(t.Columns)))
}

func (x *expander) put(t *loop.Tile, row, v loop.Expr) loop.Stmt {
	return x.store(x.bufs[t], t, mul(row, num(t.Columns)), v)
}

func (x *expander) load(b *loop.Buf, t *loop.Tile, at loop.Expr) loop.Expr {
	if t.Columns == 1 {
		return &loop.Load{Buf: b, Mem: t.Elem, Index: at}
	}
	return &loop.Load{Buf: b, Mem: t.Elem, Index: at, Stride: step(b, t), N: t.Columns}
}

func (x *expander) store(b *loop.Buf, t *loop.Tile, at, v loop.Expr) loop.Stmt {
	s := &loop.Store{Buf: b, Mem: t.Elem, Index: at, Value: v}
	if t.Columns > 1 {
		s.Stride = step(b, t)
	}
	return s
}

// step is from an element of a row to the next, in units of b.
func step(b *loop.Buf, t *loop.Tile) loop.Expr {
	if b.Bytes {
		return num(t.Elem.Bytes())
	}
	return num(1)
}

func strided(index, row, stride loop.Expr) loop.Expr { return add(index, mul(row, stride)) }

func num(n int) loop.Expr { return &loop.ConstInt{V: int64(n)} }

func add(a, b loop.Expr) loop.Expr { return &loop.Binary{Op: loop.Add, A: a, B: b} }

func mul(a, b loop.Expr) loop.Expr { return &loop.Binary{Op: loop.Mul, A: a, B: b} }

func spread(e loop.Expr, n int) loop.Expr {
	if n == 1 {
		return e
	}
	return &loop.Splat{A: e, N: n}
}
