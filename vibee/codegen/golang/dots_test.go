package golang

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// TestDots is the differential test of dots of byte codes: on the bytes that fill fields soonest, and on random
// ones. What can be done in fields is.
func TestDots(t *testing.T) {
	d := newDifferential()
	for i, c := range []struct {
		name string
		x    loop.Mem
		by   string // what the code holds
		code func(w func(loop.Mem) loop.Expr) loop.Expr
	}{
		{"bit", loop.MemI8, "quad", func(w func(loop.Mem) loop.Expr) loop.Expr { return by(loop.And, by(loop.Shr, w(loop.MemU8), 7), 1) }},
		{"trit", loop.MemI8, "quad", func(w func(loop.Mem) loop.Expr) loop.Expr {
			return by(loop.Sub, by(loop.And, by(loop.Shr, w(loop.MemU8), 2), 3), 1)
		}},
		{"nibble", loop.MemI8, "quad", func(w func(loop.Mem) loop.Expr) loop.Expr { return by(loop.Shr, w(loop.MemU8), 4) }},
		{"nibble_less_8", loop.MemU8, "quad", func(w func(loop.Mem) loop.Expr) loop.Expr {
			return by(loop.Sub, by(loop.And, w(loop.MemU8), 15), 8)
		}},
		{"nibble_more_3", loop.MemU8, "quad", func(w func(loop.Mem) loop.Expr) loop.Expr {
			return by(loop.Add, by(loop.And, w(loop.MemU8), 15), 3)
		}},
		{"five", loop.MemI8, "quad", func(w func(loop.Mem) loop.Expr) loop.Expr {
			high := by(loop.Shl, by(loop.And, by(loop.Shr, w(loop.MemU8), 3), 1), 4)
			return &loop.Binary{Op: loop.Or, A: by(loop.Shr, w(loop.MemU8), 4), B: high}
		}},
		{"six", loop.MemI8, "quad", func(w func(loop.Mem) loop.Expr) loop.Expr {
			return by(loop.And, by(loop.Shr, by(loop.Shl, w(loop.MemU8), 4), 1), 120)
		}},
		{"seven", loop.MemI8, "quad", func(w func(loop.Mem) loop.Expr) loop.Expr { return by(loop.Shr, w(loop.MemU8), 1) }},
		{"shifted_down", loop.MemU8, "quad", func(w func(loop.Mem) loop.Expr) loop.Expr {
			return by(loop.And, by(loop.Shr, by(loop.Shl, w(loop.MemU8), 1), 3), 31)
		}},
		{"signed", loop.MemU8, "pair128", func(w func(loop.Mem) loop.Expr) loop.Expr { return w(loop.MemI8) }},
		{"signed_twice", loop.MemI8, "quad", func(w func(loop.Mem) loop.Expr) loop.Expr { return w(loop.MemI8) }},
		{"byte", loop.MemI8, "pair255", func(w func(loop.Mem) loop.Expr) loop.Expr { return w(loop.MemU8) }},
		{"byte_unsigned", loop.MemU8, "pair255", func(w func(loop.Mem) loop.Expr) loop.Expr { return w(loop.MemU8) }},
		{"wider", loop.MemI8, "words", func(w func(loop.Mem) loop.Expr) loop.Expr { return by(loop.Shl, w(loop.MemU8), 1) }},
		{"tripled", loop.MemI8, "words", func(w func(loop.Mem) loop.Expr) loop.Expr { return by(loop.Mul, w(loop.MemU8), 3) }},
		{"divided", loop.MemI8, "dot = int(int32(dot", func(w func(loop.Mem) loop.Expr) loop.Expr { return by(loop.Div, by(loop.Add, w(loop.MemU8), 1), 3) }},
	} {
		for _, lanes := range []int{10, 16} {
			p := dotted(fmt.Sprintf("%s_%d", c.name, lanes), lanes, c.x, c.code)
			d.add(t, p, []int64{int64(lanes)}, uint64(100*i+lanes))
			first := d.calls[len(d.calls)-1]
			for _, fill := range [][2]byte{{0xff, 0x80}, {0xff, 0x7f}, {0xff, 0xff}, {0x80, 0x80}, {0x80, 0x7f}, {0x80, 0xff}, {0x7f, 0x80}, {0, 0x80}} {
				again := first
				again.mem = first.mem.Clone()
				for j := range fill {
					b := p.Bufs[j]
					again.mem[b] = bytes.Repeat(fill[j:j+1], len(again.mem[b]))
				}
				d.calls = append(d.calls, again)
			}
			src, err := d.pkg.files[len(d.pkg.files)-1].render(false)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(src), c.by) {
				t.Errorf("no %s:\n%s", c.by, src)
			}
		}
	}
	d.compare(t)
}

// TestDotsInAnyOrder: sums that are read, begin with what is in memory, share codes, or wrap.
func TestDotsInAnyOrder(t *testing.T) {
	d := newDifferential()
	for seed := range uint64(40) {
		p := dotsAndReads(rand.New(rand.NewPCG(seed, 3)), fmt.Sprintf("reads_%d", seed))
		d.add(t, p, []int64{16}, seed)
	}
	d.compare(t)
}

// dotColumns are the columns of the tests' dots: more than fields hold without a flush.
const dotColumns = 48

func by(op loop.Op, e loop.Expr, n int64) loop.Expr {
	return &loop.Binary{Op: op, A: e, B: &loop.Splat{A: integer(n), N: e.Lanes()}}
}

func accumulate(v *loop.Var, e loop.Expr) loop.Stmt {
	return &loop.Set{Var: v, Value: &loop.Wrap{Mem: loop.MemI32, A: &loop.Binary{Op: loop.Add, A: &loop.Ref{Var: v}, B: e}}}
}

// dotProgram is a program of one work item on bytes w and x, for dims [lanes], and y i64[3*lanes].
func dotProgram(name string, lanes int, body func(w, x, y *loop.Buf) []loop.Stmt) *loop.Program {
	one := func(name string) *loop.Var { return &loop.Var{Name: name, Type: loop.Int, Lanes: 1} }
	size := one("N")
	times := func(n int64) loop.Expr { return &loop.Binary{Op: loop.Mul, A: &loop.Ref{Var: size}, B: integer(n)} }
	w := &loop.Buf{Name: "w", Elem: loop.MemU8, Bytes: true, Size: times(dotColumns)}
	x := &loop.Buf{Name: "x", Elem: loop.MemU8, Bytes: true, Size: times(dotColumns)}
	y := &loop.Buf{Name: "y", Role: loop.InOut, Elem: loop.MemI64, Size: times(3)}
	return &loop.Program{Name: name, Grain: 1, Bufs: []*loop.Buf{w, x, y}, Dims: []*loop.Var{size}, Lo: one("lo"), Hi: one("hi"),
		Work: integer(1), Body: body(w, x, y)}
}

func bytesAt(b *loop.Buf, m loop.Mem, at int64, n int) loop.Expr {
	return &loop.Load{Buf: b, Mem: m, Index: integer(at), Stride: integer(1), N: n}
}

// dotted stores one sum over all columns.
func dotted(name string, lanes int, x loop.Mem, code func(func(loop.Mem) loop.Expr) loop.Expr) *loop.Program {
	return dotProgram(name, lanes, func(w, xs, y *loop.Buf) []loop.Stmt {
		sum := &loop.Var{Name: "dot", Type: loop.Int, Lanes: lanes, Mutable: true}
		body := []loop.Stmt{&loop.Def{Var: sum, Value: &loop.Splat{A: integer(0), N: lanes}}}
		for c := int64(0); c < dotColumns; c += 4 {
			a := code(func(m loop.Mem) loop.Expr { return bytesAt(w, m, c*int64(lanes), 4*lanes) })
			body = append(body, accumulate(sum, &loop.Dot{A: a, B: bytesAt(xs, x, c, 4)}))
		}
		return append(body, &loop.Store{Buf: y, Mem: y.Elem, Index: integer(0), Stride: integer(1), Value: &loop.Ref{Var: sum}})
	})
}

// dotsAndReads mixes dots, of codes and bytes that some share, with statements that read sums and change them.
func dotsAndReads(r *rand.Rand, name string) *loop.Program {
	const lanes = 16
	return dotProgram(name, lanes, func(w, x, y *loop.Buf) (body []loop.Stmt) {
		at := func(i int) loop.Expr {
			return &loop.Load{Buf: y, Mem: y.Elem, Index: integer(int64(i * lanes)), Stride: integer(1), N: lanes}
		}
		var sums []*loop.Var
		for i := range 3 {
			v := &loop.Var{Name: fmt.Sprintf("dot_%d", i), Type: loop.Int, Lanes: lanes, Mutable: true}
			sums = append(sums, v)
			var first loop.Expr = &loop.Splat{A: integer(0), N: lanes}
			switch r.IntN(4) {
			case 0: // of all lanes
				first = by(loop.Shr, &loop.Splat{A: &loop.Load{Buf: x, Mem: loop.MemI32, Index: integer(int64(4 * i))}, N: lanes}, 1)
			case 1, 2:
				first = by(loop.Or, &loop.Wrap{Mem: loop.MemI32, A: at(i)}, 1<<31-1<<8) // near to where it wraps
			}
			body = append(body, &loop.Def{Var: v, Value: first})
		}
		var code loop.Expr
		for range 24 {
			v, other := sums[r.IntN(3)], &loop.Ref{Var: sums[r.IntN(3)]}
			switch r.IntN(8) {
			case 0:
				body = append(body, accumulate(v, other))
			case 1:
				body = append(body, accumulate(v, by(loop.Mul, other, int64(r.IntN(1<<20)))))
			default:
				column := int64(4 * r.IntN(dotColumns/4))
				if code == nil || r.IntN(2) == 0 {
					bytes := bytesAt(w, loop.MemU8, 4*lanes*r.Int64N(2), 4*lanes)
					code = by(loop.And, by(loop.Shr, bytes, r.Int64N(4)), 31)
					if r.IntN(2) == 0 { // what no fields hold
						code = by(loop.Mul, bytes, 2+r.Int64N(9))
					}
				}
				body = append(body, accumulate(v, &loop.Dot{A: code, B: bytesAt(x, loop.MemI8, column, 4)}))
			}
		}
		for i, v := range sums {
			body = append(body, &loop.Store{Buf: y, Mem: y.Elem, Index: integer(int64(i * lanes)), Stride: integer(1), Value: &loop.Ref{Var: v}})
		}
		return body
	})
}
