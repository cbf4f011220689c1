package looptest

import (
	"fmt"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// tileStmt runs a statement that has to do with tiles.
func (m *machine) tileStmt(s loop.Stmt) {
	switch s := s.(type) {
	case *loop.Tiled:
		for _, t := range s.Tiles {
			m.tiles[t] = make([]cell, t.Rows*t.Columns)
		}
		m.stmts(s.Body)
		clear(m.tiles)
	case *loop.Clear:
		clear(m.tile(s.Tile))
	case *loop.Fill:
		t := m.tile(s.Tile)
		m.each(s.Tile, s.Buf, s.Index, s.Stride, func(e int, at int64) { t[e] = m.load(s.Buf, s.Tile.Elem, at) })
	case *loop.Drain:
		t := m.tile(s.Tile)
		m.each(s.Tile, s.Buf, s.Index, s.Stride, func(e int, at int64) { m.store(s.Buf, s.Tile.Elem, at, t[e]) })
	case *loop.Multiply:
		c, a, b := m.tile(s.C), m.tile(s.A), m.tile(s.B)
		if s.A.Elem == loop.MemBF16 {
			multiplyPairs(s, c, a, b)
			return
		}
		for row := range s.C.Rows {
			for col := range s.C.Columns {
				sum := c[row*s.C.Columns+col].i
				for e := range s.A.Columns {
					sum += a[row*s.A.Columns+e].i * b[e/4*s.B.Columns+4*col+e%4].i
				}
				c[row*s.C.Columns+col].i = wrap(loop.MemI32, sum)
			}
		}
	case *loop.Note:
	default:
		panic(fmt.Sprintf("unknown statement %T", s))
	}
}

func (m *machine) tile(t *loop.Tile) []cell {
	if m.tiles[t] == nil {
		panic("tile " + t.Name + " is not there")
	}
	return m.tiles[t]
}

// each calls f with the number and the place of each element.
func (m *machine) each(t *loop.Tile, b *loop.Buf, index, stride loop.Expr, f func(e int, at int64)) {
	step := int64(t.Elem.Bytes() / unit(b))
	for row, at := range m.strided(index, stride, t.Rows) {
		for col := range t.Columns {
			f(row*t.Columns+col, at+int64(col)*step)
		}
	}
}
