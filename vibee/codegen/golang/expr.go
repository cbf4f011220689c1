package golang

import (
	"strconv"

	"github.com/dave/jennifer/jen"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

func intText(i int) string { return strconv.Itoa(i) }

// lane says which lane of a wide expression is meant: number k, or the one that Var
// counts in a loop over lanes; or, with of set, number k of so many that make up that one.
type lane struct {
	k   int
	Var *loop.Var
	of  int
}

// number is the lane's index as an expression.
func (l lane) number() loop.Expr {
	switch {
	case l.of > 0:
		first := &loop.Binary{Op: loop.Mul, A: &loop.Ref{Var: l.Var}, B: &loop.ConstInt{V: int64(l.of)}}
		return &loop.Binary{Op: loop.Add, A: first, B: &loop.ConstInt{V: int64(l.k)}}
	case l.Var != nil:
		return &loop.Ref{Var: l.Var}
	}
	return &loop.ConstInt{V: int64(l.k)}
}

// part is lane j of the n that make up l.
func (l lane) part(j, n int) lane {
	if l.Var == nil {
		return lane{k: n*l.k + j}
	}
	return lane{k: j, Var: l.Var, of: n}
}

// special gives e for lane l, where that is a number: Iota is a constant then.
func (g *gen) special(e loop.Expr, l lane) loop.Expr {
	if l.Var != nil || e.Lanes() == 1 {
		return e
	}
	var replace func(loop.Expr) loop.Expr
	replace = func(e loop.Expr) loop.Expr {
		switch e := e.(type) {
		case *loop.Iota:
			return &loop.Splat{A: &loop.ConstInt{V: int64(l.k)}, N: e.N}
		case *loop.Splat, *loop.Peek, *loop.Dot:
			return e
		}
		if e.Lanes() == 1 {
			return e
		}
		return loop.Rebuild(e, replace)
	}
	if r := replace(e); r != e {
		return g.fold(r)
	}
	return e
}

// eval emits lane l of e, which is folded. It may first append statements to the block.
func (g *gen) eval(e loop.Expr, l lane) value {
	if v, ok := g.findShared(e); ok {
		return v
	}
	if !g.inLanes {
		switch e.(type) {
		case *loop.Splat, *loop.Peek, *loop.Load:
			if e.Lanes() > 1 {
				g.share(e)
			}
		}
	}
	switch e := e.(type) {
	case *loop.ConstInt:
		return intLiteral(e.V)
	case *loop.ConstFloat:
		return floatLiteral(e.V, e.T)
	case *loop.Ref:
		return g.evalRef(e.Var, l)
	case *loop.Load:
		return g.evalLoad(e, l)
	case *loop.Peek:
		return g.read(g.viewLane(e.View, l), e.View.Buf, e.Mem, g.eval(e.Index, lane{}))
	case *loop.Binary:
		return g.evalBinary(e, l)
	case *loop.Unary:
		return g.evalUnary(e, l)
	case *loop.Convert:
		return g.evalConvert(e, l)
	case *loop.Wrap:
		return g.evalWrap(e, l)
	case *loop.Bits:
		return g.evalBits(e, l)
	case *loop.Round:
		to, from := "ToF16", "F16"
		if e.Mem == loop.MemBF16 {
			to, from = "ToBF16", "BF16"
		}
		return callQual(kF32, g.pkg.half(), from, callQual(kU16, g.pkg.half(), to, g.eval(e.A, l)))
	case *loop.Splat:
		return g.eval(e.A, lane{})
	case *loop.Iota:
		return g.eval(l.number(), lane{})
	case *loop.Dot:
		return g.evalDot(e, l)
	case *loop.Select, *loop.Reduce:
		return g.evalInto(e, l)
	}
	panic("golang: unknown expression")
}

// evalInto computes e in a variable of its own.
func (g *gen) evalInto(e loop.Expr, l lane) value {
	if r, ok := e.(*loop.Reduce); ok {
		v := g.evalReduce(r)
		g.shareValue(e, v)
		return v
	}
	name := g.temp(e)
	g.assign(jen.Id(name), true, e, l)
	return ident(kindOf(e.Type()), name)
}

func (g *gen) evalRef(v *loop.Var, l lane) value {
	p := g.vars[v]
	g.usedVars[v] = true
	switch {
	case p.kind != kInt:
		return ident(p.kind, p.name)
	case p.name == "": // one name a lane
		g.usedLanes[p.lanes[l.k]] = true
		return ident(kindOf(v.Type), p.lanes[l.k])
	case p.array:
		return primary(kindOf(v.Type), jen.Id(p.name).Index(g.eval(g.fold(l.number()), lane{}).code))
	}
	return ident(kindOf(v.Type), p.name)
}

// viewLane is the window of lane l.
func (g *gen) viewLane(v *loop.View, l lane) *jen.Statement {
	p := g.views[v]
	g.usedViews[v] = true
	switch {
	case p.name == "":
		return jen.Id(p.lanes[l.k])
	case p.array:
		return jen.Id(p.name).Index(g.eval(l.number(), lane{}).code)
	}
	return jen.Id(p.name)
}

// laneIndex is where lane l of a strided access is.
func (g *gen) laneIndex(index, stride loop.Expr, l lane) loop.Expr {
	return g.fold(&loop.Binary{Op: loop.Add, A: index, B: &loop.Binary{Op: loop.Mul, A: l.number(), B: stride}})
}

func (g *gen) evalLoad(e *loop.Load, l lane) value {
	if s, ok := g.findStrided(e); ok {
		base := g.base(e.Buf)
		if s.window != "" {
			base = jen.Id(s.window)
		}
		return g.read(base, e.Buf, e.Mem, g.eval(g.laneIndex(s.index, s.stride, l), lane{}))
	}
	if e.Stride != nil {
		return g.read(g.base(e.Buf), e.Buf, e.Mem, g.eval(g.laneIndex(e.Index, e.Stride, l), lane{}))
	}
	return g.read(g.base(e.Buf), e.Buf, e.Mem, g.eval(e.Index, l))
}

var infixes = map[loop.Op]struct {
	text string
	prec int
}{
	loop.Add: {"+", precAdd}, loop.Sub: {"-", precAdd}, loop.Mul: {"*", precMul}, loop.Div: {"/", precMul}, loop.Mod: {"%", precMul},
	loop.And: {"&", precMul}, loop.Or: {"|", precAdd}, loop.Xor: {"^", precAdd}, loop.Shl: {"<<", precMul}, loop.Shr: {">>", precMul},
	loop.Eq: {"==", precCompare}, loop.Ne: {"!=", precCompare}, loop.Lt: {"<", precCompare}, loop.Le: {"<=", precCompare},
	loop.Gt: {">", precCompare}, loop.Ge: {">=", precCompare},
}

func (g *gen) evalBinary(e *loop.Binary, l lane) value {
	op := infixes[e.Op]
	switch t := e.A.Type(); {
	case t == loop.Bool:
		a, b := g.eval(e.A, l), g.eval(e.B, l)
		switch e.Op {
		case loop.And:
			return infix(kBool, "&&", precAnd, a, b)
		case loop.Or:
			return infix(kBool, "||", precOr, a, b)
		}
		return infix(kBool, op.text, op.prec, a, b)
	case t.Float():
		if e.Op == loop.Min || e.Op == loop.Max {
			return g.evalInto(e, l)
		}
		a, b := g.eval(e.A, l), g.eval(e.B, l)
		if e.Op.Compare() {
			return infix(kBool, op.text, op.prec, a, b)
		}
		v := infix(kindOf(t), op.text, op.prec, a, b)
		if e.Op == loop.Mul { // the conversion rounds: no fused multiply-add
			return call(v.kind, kindNames[v.kind], v)
		}
		return v
	}
	return g.evalInt(e, l)
}

func (g *gen) evalInt(e *loop.Binary, l lane) value {
	a, b := g.eval(e.A, l), g.eval(e.B, l)
	op := infixes[e.Op]
	switch {
	case e.Op == loop.Min:
		return call(kInt, "min", a.to(kInt), b.to(kInt))
	case e.Op == loop.Max:
		return call(kInt, "max", a.to(kInt), b.to(kInt))
	case e.Op == loop.Shl || e.Op == loop.Shr:
		return g.shift(e, a, b)
	case e.Op.Compare():
		if a, b, _, ok := alike(a, b); ok {
			return infix(kBool, op.text, op.prec, a, b)
		}
		return infix(kBool, op.text, op.prec, a.to(kInt), b.to(kInt))
	case e.Op == loop.And || e.Op == loop.Or || e.Op == loop.Xor:
		if a, b, k, ok := alike(a, b); ok && k.unsigned() {
			return infix(k, op.text, op.prec, a, b)
		}
	}
	a, b = a.to(kInt), b.to(kInt)
	if low := ^b.lit; e.Op == loop.And && b.literal && b.lit < -1 && low&(low+1) == 0 { // n &^ 63
		return infix(kInt, "&^", precMul, a, intLiteral(low))
	}
	if e.Op == loop.Mul && b.literal && a.prec > precMul { // 20*b reads better than b*20
		a, b = b, a
	}
	return infix(kInt, op.text, op.prec, a, b)
}

// alike reports whether a and b are of one unsigned type, or one is a literal that fits the
// other's.
func alike(a, b value) (value, value, kind, bool) {
	switch {
	case a.literal && b.literal || a.kind == kInt && b.kind == kInt:
		return a, b, kInt, true
	case a.literal:
		s, ok := kindRanges[b.kind]
		return a, b, b.kind, ok && a.lit >= s.Lo && a.lit <= s.Hi
	case b.literal:
		s, ok := kindRanges[a.kind]
		return a, b, a.kind, ok && b.lit >= s.Lo && b.lit <= s.Hi
	}
	return a, b, a.kind, a.kind == b.kind && a.kind.unsigned()
}

// shift is logical. A count that is no constant is masked: so Go adds no checks of its own.
func (g *gen) shift(e *loop.Binary, a, b value) value {
	op := infixes[e.Op]
	count := b
	if b.literal {
		count = intLiteral(b.lit & 63)
	} else if s := g.ranges.Int(e.B); !(s.Known() && s.Within(0, 63)) {
		count = infix(b.kind, "&", precMul, b, intLiteral(63))
	}
	if a.literal && e.Op == loop.Shl {
		a = call(kInt, "int", a)
	}
	if e.Op == loop.Shr && b.literal && a.kind.unsigned() {
		return infix(a.kind, op.text, op.prec, a, count)
	}
	if fits, ok := kindRanges[a.kind]; ok && e.Op == loop.Shl && b.literal {
		if s := g.ranges.Int(e); s.Known() && s.Within(fits.Lo, fits.Hi) { // no bit is lost
			return infix(a.kind, op.text, op.prec, a, count)
		}
	}
	a = a.to(kInt)
	if s := g.ranges.Int(e.A); e.Op == loop.Shr && !(s.Known() && s.Lo >= 0) {
		return infix(kInt, op.text, op.prec, bits64("uint", a), count).wrapped("int", kInt)
	}
	if a.literal {
		a = call(kInt, "int", a)
	}
	return infix(kInt, op.text, op.prec, a, count)
}

// bits64 converts an int to an unsigned type of 64 bits.
func bits64(name string, a value) value {
	if a.literal {
		a = primary(kInt, jen.Id(strconv.FormatUint(uint64(a.lit), 10)))
	}
	return call(kInt, name, a)
}

func (v value) wrapped(name string, k kind) value { return call(k, name, v) }

func (g *gen) evalUnary(e *loop.Unary, l lane) value {
	a := g.eval(e.A, l)
	t := e.A.Type()
	k := kindOf(t)
	switch e.Op {
	case loop.Neg:
		return value{code: jen.Op("-").Add(a.to(k).at(precUnary + 1)), prec: precUnary, kind: k}
	case loop.Not:
		return value{code: jen.Op("!").Add(a.at(precUnary)), prec: precUnary, kind: kBool}
	case loop.Abs:
		switch t {
		case loop.F64:
			return callQual(kF64, "math", "Abs", a)
		case loop.F32:
			bits := callQual(kU32, "math", "Float32bits", a)
			return callQual(kF32, "math", "Float32frombits", infix(kU32, "&^", precMul, bits, primary(kU32, jen.Parens(jen.Id("1").Op("<<").Id("31")))))
		}
		if a.literal {
			return intLiteral(max(a.lit, -a.lit))
		}
		a = g.named(e.A, a.to(kInt))
		return call(kInt, "max", a, value{code: jen.Op("-").Add(a.code), prec: precUnary})
	}
	name := map[loop.Op]string{loop.Sqrt: "Sqrt", loop.Floor: "Floor", loop.Ceil: "Ceil", loop.Trunc: "Trunc", loop.Rint: "RoundToEven"}[e.Op]
	return callQual(kF64, "math", name, a.to(kF64)).to(k)
}

// named gives v a name, unless it is one or a literal.
func (g *gen) named(e loop.Expr, v value) value {
	if v.literal || v.name {
		return v
	}
	name := g.temp(e)
	g.emit(jen.Id(name).Op(":=").Add(v.typed()))
	return ident(v.kind, name)
}

func (g *gen) evalConvert(e *loop.Convert, l lane) value {
	if e.To == loop.F32 && e.A.Type() == loop.Int && g.depth > 0 {
		if v, ok := g.tableLookup(e.A, l); ok {
			return v
		}
	}
	a := g.eval(e.A, l)
	if e.To == loop.Int {
		return call(kInt, "int", a)
	}
	return call(kindOf(e.To), kindNames[kindOf(e.To)], a)
}

func (g *gen) evalWrap(e *loop.Wrap, l lane) value {
	a := g.eval(e.A, l)
	k := memKinds[e.Mem]
	if a.literal {
		return narrow(a, k)
	}
	return call(k, kindNames[k], a)
}

func (g *gen) evalBits(e *loop.Bits, l lane) value {
	a := g.eval(e.A, l)
	switch {
	case e.To == loop.F32:
		return callQual(kF32, "math", "Float32frombits", narrow(a, kU32))
	case e.To == loop.F64:
		return callQual(kF64, "math", "Float64frombits", bits64("uint64", a))
	case e.A.Type() == loop.F32:
		return callQual(kU32, "math", "Float32bits", a)
	}
	return primary(kInt, callQual(kI64, "math", "Float64bits", a).code).wrapped("int", kInt)
}
