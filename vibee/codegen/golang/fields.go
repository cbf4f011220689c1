package golang

import (
	"fmt"
	"slices"

	"github.com/dave/jennifer/jen"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// fields are the equal parts of a word of 64 bits, each of which holds a code. A word of bytes holds four
// columns of two rows; every so many of them make fields, the rest are zeros:
//
//	bytes   r1c3 r1c2 r1c1 r1c0 r0c3 r0c2 r0c1 r0c0
//	fields       r1c2      r1c0      r0c2      r0c0    of 16 bits; those of the odd columns after a shift by 8
//
// Times x0<<16 + x2 the fields of r0c2 and r1c2 hold r·c0*x0 + r·c2*x2, the others what nobody needs.
type fields struct {
	width   int // bits of one: 16 or 32
	columns int // of each of the two rows
}

var (
	fours = fields{16, 2}
	pairs = fields{32, 1}
)

// steps is how many words of fields a word of bytes gives.
func (f fields) steps() int { return 4 / f.columns }

// turns is how many multiplications fill a field, where a product is least at least and most at most.
func (f fields) turns(least, most int64) int {
	return int((1<<f.width - 1) / max(int64(f.columns)*(most-least), 1))
}

// piece is a run of bits of a byte in memory: (byte >> by & keep) << up.
type piece struct {
	load         *loop.Load
	by, keep, up int64
}

// codes are what fields can hold of all lanes: the pieces joined, as a signed byte where signed is set, plus
// a constant.
type codes struct {
	pieces []piece
	signed bool
	plus   int64
}

// codesOf takes e, bytes of lanes side by side, apart.
func (g *gen) codesOf(e loop.Expr) (c codes, ok bool) {
	switch e := e.(type) {
	case *loop.Binary:
		if n, constant := constInt(e.B); constant && (e.Op == loop.Add || e.Op == loop.Sub) {
			c, ok = g.codesOf(e.A)
			if e.Op == loop.Sub {
				n = -n
			}
			c.plus += n
			return c, ok
		}
	case *loop.Load:
		if e.Mem == loop.MemI8 {
			u := *e
			u.Mem = loop.MemU8
			c, ok = g.codesOf(&u)
			c.signed = true
			return c, ok
		}
	}
	if !g.ranges.Int(e).Within(0, 255) {
		return codes{}, false
	}
	c.pieces, ok = piecesOf(e, 0, 255)
	return c, ok && len(c.pieces) > 0
}

// piecesOf takes e >> by & keep apart.
func piecesOf(e loop.Expr, by, keep int64) ([]piece, bool) {
	switch e := e.(type) {
	case *loop.Load:
		keep &= 255 >> by
		if one, ok := constInt(e.Stride); !ok || one != 1 || e.Mem != loop.MemU8 || !e.Buf.Bytes || e.Buf.Role != loop.In {
			return nil, false
		}
		if keep == 0 {
			return nil, true
		}
		return []piece{{load: e, by: by, keep: keep}}, true
	case *loop.Binary:
		if e.Op == loop.Or {
			a, okA := piecesOf(e.A, by, keep)
			b, okB := piecesOf(e.B, by, keep)
			return append(a, b...), okA && okB
		}
		n, ok := constInt(e.B)
		switch {
		case !ok || n < 0:
		case e.Op == loop.And:
			return piecesOf(e.A, by, keep&(n>>by))
		case e.Op == loop.Shr && by+n < 64:
			return piecesOf(e.A, by+n, keep)
		case e.Op == loop.Shl && n <= by:
			return piecesOf(e.A, by-n, keep)
		case e.Op == loop.Shl && n-by < 8:
			pieces, ok := piecesOf(e.A, 0, keep>>(n-by))
			for i := range pieces {
				pieces[i].up += n - by
			}
			return pieces, ok
		}
	}
	return nil, false
}

func (c codes) equal(d codes) bool {
	return c.signed == d.signed && c.plus == d.plus && slices.EqualFunc(c.pieces, d.pieces, func(a, b piece) bool {
		return a.by == b.by && a.keep == b.keep && a.up == b.up && equal(a.load, b.load)
	})
}

// words are the words of bytes that a turn of a loop over pairs of rows has read.
type words struct {
	g    *gen
	l    lane // the pair
	read []shared
}

// of gives the word of each piece of c.
func (w *words) of(c codes) []value {
	out := make([]value, len(c.pieces))
	for i, p := range c.pieces {
		at := slices.IndexFunc(w.read, func(s shared) bool { return equal(s.e, p.load) })
		if at < 0 {
			window, _ := w.g.findStrided(p.load)
			index := w.g.eval(w.g.fold(w.l.part(0, 8).number()), lane{})
			name := w.g.names.temp("word")
			w.g.emit(jen.Id(name).Op(":=").Add(w.g.read(jen.Id(window.window), p.load.Buf, loop.MemI64, index).code))
			at = len(w.read)
			w.read = append(w.read, shared{p.load, ident(kU64, name)})
		}
		out[i] = w.read[at].v
	}
	return out
}

// allFields gives the fields of c from each step on, named where they serve several times.
func (g *gen) allFields(c codes, words []value, f fields, several bool) []value {
	out := make([]value, f.steps())
	for step := range out {
		out[step] = g.fieldsOf(c, words, f, step)
		if several {
			name := g.names.temp("opened")
			g.emit(jen.Id(name).Op(":=").Add(out[step].code))
			out[step] = ident(kU64, name)
		}
	}
	return out
}

// fieldsOf gives the fields of c from the words of its pieces, those of the columns from step on.
func (g *gen) fieldsOf(c codes, words []value, f fields, step int) value {
	var v value
	for i, p := range c.pieces {
		bits := words[i]
		if n := int64(8*step) + p.by; n > 0 {
			bits = infix(kU64, ">>", precMul, bits, intLiteral(n))
		}
		bits = infix(kU64, "&", precMul, bits, g.each(f, p.keep))
		if p.up > 0 {
			bits = infix(kU64, "<<", precMul, bits, intLiteral(p.up))
		}
		if i == 0 {
			v = bits
		} else {
			v = infix(kU64, "|", precAdd, v, bits)
		}
	}
	plus := c.plus
	if c.signed {
		v = infix(kU64, "^", precAdd, v, g.each(f, 128))
		plus -= 128
	}
	switch {
	case plus > 0:
		v = infix(kU64, "+", precAdd, v, g.each(f, plus))
	case plus < 0: // borrows from the field above, which gets it back from the sum of products
		v = infix(kU64, "-", precAdd, v, g.each(f, -plus))
	}
	return v
}

// each is a constant in every field.
func (g *gen) each(f fields, n int64) value {
	name := fmt.Sprintf("quad%d", n)
	about := "four fields of 16 bits"
	if f == pairs {
		name, about = fmt.Sprintf("pair%d", n), "two fields of 32 bits"
	}
	taken, ok := g.pkg.constants[name]
	if !ok {
		var word uint64
		for at := 0; at < 64; at += f.width {
			word |= uint64(n) << at
		}
		taken = g.pkg.names.fresh(name)
		g.pkg.constants[name] = taken
		g.pkg.tables = append(g.pkg.tables, jen.Commentf("%s is %d in each of %s.", taken, n, about).Line().
			Const().Id(taken).Op("=").Id(fmt.Sprintf("0x%016x", word)))
	}
	return ident(kU64, taken)
}
