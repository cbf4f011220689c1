package golang

import (
	"math"
	"strconv"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/loop/ranges"
)

// kind is the Go type of an emitted expression. Integers keep the type they have in
// memory as long as that changes no value: float32(w[4] & 15), not float32(int(w[4]) & 15).
type kind uint8

const (
	kInt kind = iota
	kU8
	kI8
	kU16
	kI16
	kU32
	kI32
	kI64
	kU64
	kF32
	kF64
	kBool
)

var kindNames = [...]string{"int", "uint8", "int8", "uint16", "int16", "uint32", "int32", "int64", "uint64", "float32", "float64", "bool"}

// Go's binding strengths.
const (
	precOr = iota + 1
	precAnd
	precCompare
	precAdd
	precMul
	precUnary
	precPrimary
)

// value is an emitted Go expression. A literal is untyped and fits its context.
type value struct {
	code    *jen.Statement
	prec    int
	kind    kind
	literal bool
	name    bool  // a variable
	lit     int64 // of an integer literal
}

func primary(k kind, c *jen.Statement) value { return value{code: c, prec: precPrimary, kind: k} }

func ident(k kind, name string) value {
	return value{code: jen.Id(name), prec: precPrimary, kind: k, name: true}
}

// at gives v's code for a place that binds at least as tightly as prec.
func (v value) at(prec int) *jen.Statement {
	if v.prec < prec {
		return jen.Parens(v.code)
	}
	return jen.Add(v.code)
}

// infix joins operands, which associate to the left.
func infix(k kind, op string, prec int, a, b value) value {
	return value{code: a.at(prec).Op(op).Add(b.at(prec + 1)), prec: prec, kind: k}
}

func call(k kind, name string, args ...value) value {
	return primary(k, jen.Id(name).CallFunc(arguments(args)))
}

func callQual(k kind, pkg, name string, args ...value) value {
	return primary(k, jen.Qual(pkg, name).CallFunc(arguments(args)))
}

func arguments(args []value) func(*jen.Group) {
	return func(g *jen.Group) {
		for _, a := range args {
			g.Add(a.code)
		}
	}
}

// to converts v to Go type k.
func (v value) to(k kind) value {
	if v.kind == k || v.literal {
		return v
	}
	return call(k, kindNames[k], v)
}

func intLiteral(i int64) value {
	v := value{code: jen.Id(strconv.FormatInt(i, 10)), prec: precPrimary, kind: kInt, literal: true, lit: i}
	if i < 0 {
		v.prec = precUnary
	}
	return v
}

// floatText writes f so that Go reads the same float of type t back.
func floatText(f float64, t loop.Type) string {
	bits := 64
	if t == loop.F32 {
		bits = 32
	}
	s := strconv.FormatFloat(f, 'g', -1, bits)
	return strings.Replace(strings.Replace(s, "e+0", "e", 1), "e+", "e", 1)
}

func floatLiteral(f float64, t loop.Type) value {
	k := kindOf(t)
	switch {
	case math.IsNaN(f):
		return callQual(kF64, "math", "NaN").to(k)
	case math.IsInf(f, 1):
		return callQual(kF64, "math", "Inf", intLiteral(1)).to(k)
	case math.IsInf(f, -1):
		return callQual(kF64, "math", "Inf", intLiteral(-1)).to(k)
	case f == 0 && math.Signbit(f):
		return callQual(kF64, "math", "Copysign", intLiteral(0), intLiteral(-1)).to(k)
	}
	v := value{code: jen.Id(floatText(f, t)), prec: precPrimary, kind: k, literal: true}
	if f < 0 {
		v.prec = precUnary
	}
	return v
}

// typed is v as the right side of `x := …`.
func (v value) typed() *jen.Statement {
	if v.literal && v.kind != kInt && v.kind != kBool {
		return jen.Id(kindNames[v.kind]).Call(v.code)
	}
	return v.code
}

func kindOf(t loop.Type) kind {
	switch t {
	case loop.Bool:
		return kBool
	case loop.F32:
		return kF32
	case loop.F64:
		return kF64
	}
	return kInt
}

// memKinds are the Go element types of typed buffers; halves are kept as their bits.
var memKinds = [...]kind{kU8, kI8, kU16, kI16, kU32, kI32, kI64, kU16, kU16, kF32, kF64}

func elem(b *loop.Buf) kind {
	if b.Bytes {
		return kU8
	}
	return memKinds[b.Elem]
}

// elemName is the type in source: byte where a buffer is a sequence of bytes.
func elemName(b *loop.Buf) string {
	if b.Bytes {
		return "byte"
	}
	return kindNames[memKinds[b.Elem]]
}

var kindRanges = map[kind]ranges.Int{kU8: ranges.OfMem(loop.MemU8), kU16: ranges.OfMem(loop.MemU16), kU32: ranges.OfMem(loop.MemU32)}

// unsigned reports whether bit operations on k give the same value as on 64 bits.
func (k kind) unsigned() bool { return k == kU8 || k == kU16 || k == kU32 }
