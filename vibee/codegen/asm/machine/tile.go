package machine

import (
	"encoding/binary"
	"fmt"

	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// TileAt and TileStride are the registers that tile instructions take an address and the distance between rows from.
// No value lives in them.
var TileAt, TileStride = reg.RAX, reg.RDX

// TileCode is an instruction on AMX tiles, of which there are eight. avo has none of them: they are emitted as bytes.
type TileCode struct {
	Text  string
	Bytes []byte
}

// Instructions begin with a VEX prefix of three bytes for map 0F38. Its last byte holds a factor's number, inverted,
// and what was a prefix of its own once: 0, 66, F3 or F2.
const (
	none     = 0x78
	prefix66 = 0x79
	prefixF3 = 0x7a
	prefixF2 = 0x7b
)

func vex(text string, last, opcode byte, rest ...byte) TileCode {
	return TileCode{text, append([]byte{0xc4, 0xe2, last, opcode}, rest...)}
}

// atStride is the byte that says [AX + DX].
const atStride = 0x10

// TileConfig loads the shapes of tiles from AX, and makes them 0.
func TileConfig() TileCode { return vex("LDTILECFG (AX)", none, 0x49, 0x00) }

// TileRelease leaves no tiles.
func TileRelease() TileCode { return vex("TILERELEASE", none, 0x49, 0xc0) }

// TileZero makes a tile 0.
func TileZero(t int) TileCode {
	return vex(fmt.Sprintf("TILEZERO TMM%d", t), prefixF2, 0x49, 0xc0|byte(t)<<3)
}

// TileLoad reads the rows of a tile.
func TileLoad(t int) TileCode {
	return vex(fmt.Sprintf("TILELOADD (AX)(DX*1), TMM%d", t), prefixF2, 0x4b, 0x04|byte(t)<<3, atStride)
}

// TileStore writes the rows of a tile.
func TileStore(t int) TileCode {
	return vex(fmt.Sprintf("TILESTORED TMM%d, (AX)(DX*1)", t), prefixF3, 0x4b, 0x04|byte(t)<<3, atStride)
}

// TileMultiply adds products of bytes by fours to c.
func TileMultiply(c, a, b int, signedA, signedB bool) TileCode {
	name, last := "TDPBUUD", byte(none)
	switch {
	case signedA && signedB:
		name, last = "TDPBSSD", prefixF2
	case signedA:
		name, last = "TDPBSUD", prefixF3
	case signedB:
		name, last = "TDPBUSD", prefix66
	}
	return vex(fmt.Sprintf("%s TMM%d, TMM%d, TMM%d", name, b, a, c), last^byte(b)<<3, 0x5e, 0xc0|byte(c)<<3|byte(a))
}

// TileMultiplyPairs adds products of bf16s by twos to f32s in c.
func TileMultiplyPairs(c, a, b int) TileCode {
	return vex(fmt.Sprintf("TDPBF16PS TMM%d, TMM%d, TMM%d", b, a, c), prefixF3^byte(b)<<3, 0x5c, 0xc0|byte(c)<<3|byte(a))
}

// Tile emits an instruction on tiles, with its text for readers.
func (b *Builder) Tile(c TileCode) {
	b.Comment(c.Text)
	data := func(opcode string, value operand.Op) {
		b.add(&ir.Instruction{Opcode: opcode, Operands: []operand.Op{value}})
	}
	data("LONG", operand.U32(binary.LittleEndian.Uint32(c.Bytes)))
	if rest := c.Bytes[4:]; len(rest) == 2 {
		data("WORD", operand.U16(binary.LittleEndian.Uint16(rest)))
	} else {
		data("BYTE", operand.U8(rest[0]))
	}
}
