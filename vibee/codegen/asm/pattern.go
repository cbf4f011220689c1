package asm

import (
	"slices"

	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
	"github.com/mmcloughlin/avo/x86"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// pattern takes an index apart as rest, which all lanes share, and a constant of each lane's own.
func (c *compiler) pattern(e loop.Expr) (rest []loop.Expr, lanes []int64, ok bool) {
	switch e := e.(type) {
	case *loop.Splat:
		lanes = make([]int64, e.N)
		if k, constant := c.splatConst(e); constant {
			return nil, repeated(k, e.N), true
		}
		return []loop.Expr{e.A}, lanes, true
	case *loop.Iota:
		lanes = make([]int64, e.N)
		for l := range lanes {
			lanes[l] = int64(l)
		}
		return nil, lanes, true
	case *loop.Binary:
		a, x, okA := c.pattern(e.A)
		b, y, okB := c.pattern(e.B)
		if !okA || !okB || len(b) > 0 && e.Op != loop.Add || len(a) > 0 && e.Op != loop.Add && e.Op != loop.Sub {
			return nil, nil, false
		}
		for l := range x {
			if x[l], ok = ofConstants(e.Op, x[l], y[l]); !ok {
				return nil, nil, false
			}
		}
		return append(a, b...), x, true
	}
	return nil, nil, false
}

// ofConstants is x op y.
func ofConstants(op loop.Op, x, y int64) (int64, bool) {
	switch {
	case op == loop.Add:
		return x + y, true
	case op == loop.Sub:
		return x - y, true
	case op == loop.Mul:
		return x * y, true
	case op == loop.And:
		return x & y, true
	case op == loop.Div && x >= 0 && y > 0:
		return x / y, true
	case op == loop.Mod && x >= 0 && y > 0:
		return x % y, true
	}
	return 0, false
}

// sum is the polynomial of what lanes share.
func (c *compiler) sum(rest []loop.Expr) (p polynomial) {
	for _, e := range rest {
		p = p.plus(c.polynomial(e), 1)
	}
	return p
}

// permuted reads 32-bit lanes of which each part's lie in as many places side by side or fewer: one load, and a
// permutation.
func (c *compiler) permuted(e *loop.Load, v value) bool {
	if e.Mem.Bytes() != 4 || v.elem.bytes() != 4 {
		return false
	}
	rest, lanes, ok := c.pattern(e.Index)
	per := v.perPart()
	if !ok || len(lanes) < per || per < 8 {
		return false
	}
	for at := 0; at < len(lanes); at += per {
		if n := span(lanes[at : at+per]); n > int64(per) || n&(n-1) != 0 {
			return false
		}
	}
	first := c.sum(rest)
	for i := range v.parts {
		own := lanes[i*per : (i+1)*per]
		from, n := slices.Min(own), span(own)
		at := first.plus(polynomial{rest: from}, 1)
		c.check(e.Buf, at, (n-1)*int64(e.Mem.Bytes())/unit(e.Buf)+reach(e.Buf, e.Mem))
		c.permute(c.memory(atom(c.base(e.Buf)).plus(at, unit(e.Buf))), own, from, int(n), v, i)
	}
	return true
}

// permute makes part i of v of n elements side by side.
func (c *compiler) permute(at operand.Mem, lanes []int64, from int64, n int, v value, i int) {
	x := c.vector(v.bytes)
	part := widthOf(x, max(16, 4*n))
	switch n {
	case 1:
		c.Emit(x86.VMOVSS(at, part))
	case 2:
		c.Emit(two(x86.VMOVQ)(at, part))
	default:
		c.Emit(x86.VMOVUPS(at, part))
	}
	v.parts[i] = x
	index := make([]int64, len(lanes))
	same := true
	for l := range lanes {
		index[l] = lanes[l] - from
		same = same && index[l] == int64(l)
	}
	if same {
		return
	}
	in := c.data.lanes(i32, index...)
	order := c.repeat("order "+in.Symbol.String(), 0, loop.Int, i32, len(lanes), func(to reg.Register, bytes int) {
		c.Emit(x86.VMOVUPS(in, widthOf(to, bytes)))
	})
	v.parts[i] = c.vector(v.bytes)
	c.Emit(three(x86.VPERMPS)(widthOf(x, v.bytes), order.op(0), v.op(i)))
}

// span is how many places lie from the least to the largest.
func span(list []int64) int64 { return slices.Max(list) - slices.Min(list) + 1 }
