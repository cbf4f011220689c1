package golang

import (
	"fmt"
	"math"

	"github.com/dave/jennifer/jen"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// constantTable names the package's array with b's values; equal tables are one.
func (p *Package) constantTable(b *loop.Buf) string {
	typ := elemName(b)
	key := typ
	var values []*jen.Statement
	for _, d := range b.Data {
		v := constant(b, d)
		values = append(values, v)
		key += "," + v.GoString()
	}
	if name, ok := p.constants[key]; ok {
		return name
	}
	name := p.names.fresh(camel(b.Name))
	p.constants[key] = name
	code := jen.Var().Id(name).Op("=").Index(jen.Op("...")).Id(typ).ValuesFunc(func(g *jen.Group) {
		for i, v := range values {
			if i%16 == 0 {
				g.Line().Add(v)
			} else {
				g.Add(v)
			}
		}
		g.Line()
	})
	p.tables = append(p.tables, code)
	return name
}

func constant(b *loop.Buf, d int64) *jen.Statement {
	if b.Bytes {
		return intLiteral(int64(uint8(d))).code
	}
	switch b.Elem {
	case loop.MemF32:
		return floatLiteral(float64(math.Float32frombits(uint32(d))), loop.F32).code
	case loop.MemF64:
		return floatLiteral(math.Float64frombits(uint64(d)), loop.F64).code
	case loop.MemF16, loop.MemBF16:
		return jen.Id(fmt.Sprintf("%#04x", uint16(d)))
	}
	return narrow(intLiteral(d), memKinds[b.Elem]).code
}
