package golang

import (
	"github.com/dave/jennifer/jen"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

const encoding = "encoding/binary"

// read gives element i of base, which is a slice, an array or a pointer to one, of
// the memory of buf.
func (g *gen) read(base *jen.Statement, buf *loop.Buf, mem loop.Mem, i value) value {
	at := func() *jen.Statement { return jen.Add(base).Index(i.code) }
	from := func() *jen.Statement { return sliceFrom(base, i) }
	if !buf.Bytes {
		switch v := primary(elem(buf), at()); mem {
		case loop.MemF16:
			return callQual(kF32, g.pkg.half(), "F16", v)
		case loop.MemBF16:
			return callQual(kF32, g.pkg.half(), "BF16", v)
		default:
			return v
		}
	}
	uint := func(k kind, name string) value {
		return primary(k, jen.Qual(encoding, "LittleEndian").Dot(name).Call(from()))
	}
	switch mem {
	case loop.MemU8:
		return primary(kU8, at())
	case loop.MemI8:
		return primary(kU8, at()).to(kI8)
	case loop.MemU16:
		return uint(kU16, "Uint16")
	case loop.MemI16:
		return uint(kU16, "Uint16").to(kI16)
	case loop.MemU32:
		return uint(kU32, "Uint32")
	case loop.MemI32:
		return uint(kU32, "Uint32").to(kI32)
	case loop.MemI64:
		return value{code: uint(kI64, "Uint64").code, prec: precPrimary, kind: kI64}
	case loop.MemF16:
		return callQual(kF32, g.pkg.half(), "F16", uint(kU16, "Uint16"))
	case loop.MemBF16:
		return callQual(kF32, g.pkg.half(), "BF16", uint(kU16, "Uint16"))
	case loop.MemF32:
		return callQual(kF32, "math", "Float32frombits", uint(kU32, "Uint32"))
	}
	return callQual(kF64, "math", "Float64frombits", primary(kInt, uint(kI64, "Uint64").code))
}

// write stores v at element i of base.
func (g *gen) write(base *jen.Statement, buf *loop.Buf, mem loop.Mem, i, v value) jen.Code {
	switch mem {
	case loop.MemF16:
		v = callQual(kU16, g.pkg.half(), "ToF16", v)
	case loop.MemBF16:
		v = callQual(kU16, g.pkg.half(), "ToBF16", v)
	}
	if !buf.Bytes {
		return jen.Add(base).Index(i.code).Op("=").Add(narrow(v, elem(buf)).code)
	}
	put := func(name string, v value) jen.Code {
		return jen.Qual(encoding, "LittleEndian").Dot(name).Call(sliceFrom(base, i), v.code)
	}
	switch mem.Bytes() {
	case 1:
		return jen.Add(base).Index(i.code).Op("=").Add(narrow(v, kU8).code)
	case 2:
		return put("PutUint16", narrow(v, kU16))
	case 4:
		if mem == loop.MemF32 {
			v = callQual(kU32, "math", "Float32bits", v)
		}
		return put("PutUint32", narrow(v, kU32))
	}
	if mem == loop.MemF64 {
		return put("PutUint64", callQual(kI64, "math", "Float64bits", v))
	}
	return put("PutUint64", bits64("uint64", v))
}

// narrow keeps the low bits of an integer; literals that don't fit are cut here, since Go
// refuses them.
func narrow(v value, k kind) value {
	if v.literal && v.kind == kInt {
		switch k {
		case kU8:
			return intLiteral(int64(uint8(v.lit)))
		case kI8:
			return intLiteral(int64(int8(v.lit)))
		case kU16:
			return intLiteral(int64(uint16(v.lit)))
		case kI16:
			return intLiteral(int64(int16(v.lit)))
		case kU32:
			return intLiteral(int64(uint32(v.lit)))
		case kI32:
			return intLiteral(int64(int32(v.lit)))
		}
		return v
	}
	return v.to(k)
}

func sliceFrom(base *jen.Statement, i value) *jen.Statement {
	if i.literal && i.lit == 0 {
		return jen.Add(base).Index(jen.Empty(), jen.Empty())
	}
	return jen.Add(base).Index(i.code, jen.Empty())
}

// window is `(*[size]T)(base[i:])`: one check for the whole range.
func (g *gen) window(buf *loop.Buf, i value, size int) *jen.Statement {
	return jen.Parens(jen.Op("*").Index(jen.Id(intText(size))).Id(elemName(buf))).Parens(sliceFrom(g.base(buf), i))
}
