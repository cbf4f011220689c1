package amxemu

import "fmt"

// kind is what an instruction does. A tile's product is named by the signs of its operands.
type kind uint8

const (
	loadConfig kind = iota
	release
	zero
	load
	store
	product
	pairs // product of bf16s
)

// instruction is a decoded tile instruction.
type instruction struct {
	kind    kind
	dst     int // the tile that is changed, or stored
	a, b    int // factors of a product
	signedA bool
	signedB bool
	at      address
	bytes   int // of the instruction
}

// address is base + index<<scale + disp; base and index are numbers of registers, -1 for none.
type address struct {
	base, index int
	scale       uint
	disp        int64
}

// Prefixes that are part of an opcode, as VEX holds them.
const (
	noPrefix = iota
	prefix66
	prefixF3
	prefixF2
)

// decode reads the instruction that code begins with: VEX with three bytes, 128 bits, W0, of map 0F38, opcode 49, 4B, 5C or 5E.
func decode(code []byte) (instruction, error) {
	unknown := fmt.Errorf("amxemu: no tile instruction: % x", code[:min(len(code), 8)])
	if len(code) < 5 || code[0] != 0xc4 {
		return instruction{}, unknown
	}
	v1, v2, opcode, modrm := code[1], code[2], code[3], code[4]
	r, x, b := int(^v1>>7&1)*8, int(^v1>>6&1)*8, int(^v1>>5&1)*8
	vvvv, prefix := int(^v2>>3&15), v2&3
	if v1&31 != 2 || v2&0x84 != 0 || r != 0 { // W and L are 0; there are eight tiles
		return instruction{}, unknown
	}
	mod, reg, rm := modrm>>6, int(modrm>>3&7), int(modrm&7)
	i := instruction{dst: reg, bytes: 5}
	if mod == 3 {
		switch {
		case opcode == 0x49 && prefix == noPrefix && modrm == 0xc0 && vvvv == 0:
			i.kind = release
		case opcode == 0x49 && prefix == prefixF2 && rm == 0 && vvvv == 0:
			i.kind = zero
		case opcode == 0x5e && b == 0 && vvvv < 8:
			i.kind, i.a, i.b = product, rm, vvvv
			i.signedA, i.signedB = prefix == prefixF2 || prefix == prefixF3, prefix == prefixF2 || prefix == prefix66
		case opcode == 0x5c && prefix == prefixF3 && b == 0 && vvvv < 8:
			i.kind, i.a, i.b = pairs, rm, vvvv
		default:
			return instruction{}, unknown
		}
		return i, nil
	}
	switch {
	case opcode == 0x49 && prefix == noPrefix && reg == 0:
		i.kind = loadConfig
	case opcode == 0x4b && (prefix == prefixF2 || prefix == prefix66) && rm == 4:
		i.kind = load
	case opcode == 0x4b && prefix == prefixF3 && rm == 4:
		i.kind = store
	default:
		return instruction{}, unknown
	}
	if vvvv != 0 {
		return instruction{}, unknown
	}
	rest := code[5:]
	i.at = address{base: rm + b, index: -1}
	if rm == 4 {
		if len(rest) < 1 {
			return instruction{}, unknown
		}
		sib := rest[0]
		rest = rest[1:]
		i.bytes++
		i.at = address{base: int(sib&7) + b, index: int(sib>>3&7) + x, scale: uint(sib >> 6)}
		if i.at.index == 4 {
			i.at.index = -1
		}
	}
	size := []int{0, 1, 4}[mod]
	switch {
	case mod == 0 && rm == 5: // relative to the instruction: nothing here does so
		return instruction{}, unknown
	case mod == 0 && rm == 4 && i.at.base&7 == 5:
		i.at.base, size = -1, 4
	}
	if len(rest) < size {
		return instruction{}, unknown
	}
	for k := range size {
		i.at.disp |= int64(rest[k]) << (8 * k)
	}
	if size > 0 {
		i.at.disp = i.at.disp << (64 - 8*size) >> (64 - 8*size)
	}
	i.bytes += size
	return i, nil
}
