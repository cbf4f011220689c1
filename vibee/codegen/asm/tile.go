package asm

import (
	"encoding/binary"
	"fmt"

	"github.com/mmcloughlin/avo/x86"

	"github.com/trinity-engine/trinity/vibee/codegen/asm/machine"
	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// What the processor's tiles are at most.
const (
	mostTiles     = 8
	mostTileRows  = 16
	mostTileBytes = 64 // of a row
)

// tiled emits a body with tiles: their shapes are loaded before it, and after it nothing is left of them.
func (c *compiler) tiled(s *loop.Tiled) {
	if len(s.Tiles) > mostTiles {
		unsupported("%d tiles", len(s.Tiles))
	}
	shapes := make([]byte, 64)
	shapes[0] = 1 // the palette
	for i, t := range s.Tiles {
		bytes := t.Columns * t.Elem.Bytes()
		if t.Rows > mostTileRows || bytes > mostTileBytes || bytes%4 != 0 {
			unsupported("a tile of %d rows of %d bytes", t.Rows, bytes)
		}
		binary.LittleEndian.PutUint16(shapes[16+2*i:], uint16(bytes))
		shapes[48+i] = byte(t.Rows)
		c.tiles[t] = i
		c.Comment(fmt.Sprintf("TMM%d is %s: %v[%d, %d]", i, t.Name, t.Elem, t.Rows, t.Columns))
	}
	c.Emit(x86.LEAQ(c.data.bytes("tiles_", shapes), machine.TileAt))
	c.Tile(machine.TileConfig())
	c.block(s.Body)
	c.Tile(machine.TileRelease())
}

// moveTile points at the rows of a tile in memory, for an instruction that reads or writes them.
func (c *compiler) moveTile(t *loop.Tile, b *loop.Buf, index, stride loop.Expr, code machine.TileCode) {
	first, step := c.polynomial(index), c.total(c.polynomial(stride))
	row := int64(t.Columns-1)*int64(t.Elem.Bytes())/unit(b) + reach(b, t.Elem)
	c.check(b, first.plus(atom(step), int64(t.Rows-1)), row)
	c.check(b, first, row)
	distance := c.source(c.mulInt(step, number(unit(b))))
	at := c.memory(atom(c.base(b)).plus(first, unit(b)))
	c.Emit(x86.LEAQ(at, machine.TileAt))
	c.Emit(x86.MOVQ(distance, machine.TileStride))
	c.Tile(code)
}

// multiplyTiles emits one instruction: there is one for each pair of signs, and one for bf16.
func (c *compiler) multiplyTiles(s *loop.Multiply) {
	if s.A.Elem == loop.MemBF16 {
		c.Tile(machine.TileMultiplyPairs(c.tiles[s.C], c.tiles[s.A], c.tiles[s.B]))
		return
	}
	c.Tile(machine.TileMultiply(c.tiles[s.C], c.tiles[s.A], c.tiles[s.B], s.A.Elem == loop.MemI8, s.B.Elem == loop.MemI8))
}
