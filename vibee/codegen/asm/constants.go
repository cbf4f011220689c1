package asm

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/mmcloughlin/avo/attr"
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/operand"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// constants are the read-only data of a file.
type constants struct {
	prefix string
	known  map[string]*ir.Global
	order  []*ir.Global
}

func newConstants(prefix string) *constants {
	return &constants{prefix: prefix, known: map[string]*ir.Global{}}
}

// bytes gives the address of data, which has a name for readers.
func (c *constants) bytes(name string, data []byte) operand.Mem {
	key := string(data)
	if g, ok := c.known[key]; ok {
		return g.Base()
	}
	g := ir.NewStaticGlobal(fmt.Sprintf("%s_%s%d", c.prefix, name, len(c.order)))
	g.Attributes = attr.RODATA | attr.NOPTR
	for len(data)%4 != 0 {
		data = append(data, 0)
	}
	for at := 0; at < len(data); {
		if len(data)-at >= 8 {
			g.Append(operand.U64(binary.LittleEndian.Uint64(data[at:])))
			at += 8
			continue
		}
		g.Append(operand.U32(binary.LittleEndian.Uint32(data[at:])))
		at += 4
	}
	c.known[key] = g
	c.order = append(c.order, g)
	return g.Base()
}

// lanes gives the address of the low bits of integers as lanes of e.
func (c *constants) lanes(e elem, values ...int64) operand.Mem {
	var data []byte
	for _, v := range values {
		switch e.bytes() {
		case 1:
			data = append(data, byte(v))
		case 4:
			data = binary.LittleEndian.AppendUint32(data, uint32(v))
		default:
			data = binary.LittleEndian.AppendUint64(data, uint64(v))
		}
	}
	return c.bytes([...]string{"f32_", "f64_", "i32_", "i64_", "i8_"}[e], data)
}

// floatBits are the bits of a float of type t.
func floatBits(t loop.Type, f float64) int64 {
	if t == loop.F64 {
		return int64(math.Float64bits(f))
	}
	return int64(math.Float32bits(float32(f)))
}

// table gives the address of a table of the program.
func (c *constants) table(b *loop.Buf) operand.Mem {
	var data []byte
	for _, v := range b.Data {
		var word [8]byte
		binary.LittleEndian.PutUint64(word[:], uint64(v))
		data = append(data, word[:unit(b)]...)
	}
	return c.bytes(b.Name+"_", data)
}

// repeated gives n times the same value.
func repeated(v int64, n int) []int64 {
	out := make([]int64, n)
	for i := range out {
		out[i] = v
	}
	return out
}
