package lower

import (
	"fmt"

	"github.com/trinity-engine/trinity/vibee/ir/check"
	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

var types = [...]loop.Type{spec.Bool: loop.Bool, spec.Int: loop.Int, spec.F32: loop.F32, spec.F64: loop.F64}

var binaryOps = map[string]loop.Op{
	"+": loop.Add, "-": loop.Sub, "*": loop.Mul, "/": loop.Div, "%": loop.Mod, "min": loop.Min, "max": loop.Max,
	"&": loop.And, "|": loop.Or, "xor": loop.Xor, "<<": loop.Shl, ">>": loop.Shr, "&&": loop.And, "||": loop.Or,
	"==": loop.Eq, "!=": loop.Ne, "<": loop.Lt, "<=": loop.Le, ">": loop.Gt, ">=": loop.Ge,
}

var unaryOps = map[string]loop.Op{
	"neg": loop.Neg, "abs": loop.Abs, "not": loop.Not, "sqrt": loop.Sqrt, "floor": loop.Floor, "ceil": loop.Ceil, "trunc": loop.Trunc, "rint": loop.Rint,
}

func memOf(e *spec.Elem) loop.Mem {
	for m := loop.MemU8; m <= loop.MemF64; m++ {
		if m.String() == e.Name {
			return m
		}
	}
	panic("lower: no memory type " + e.Name)
}

// value computes an expression; it has the strip's lanes where it varies along the strip.
func (b *builder) value(e spec.Expr) loop.Expr {
	b.step()
	if e.Type() == spec.Int && check.Arithmetic(e) {
		return b.compute(b.poly(e))
	}
	switch e := e.(type) {
	case *spec.IntLit:
		return &loop.ConstInt{V: e.V}
	case *spec.FloatLit:
		return &loop.ConstFloat{T: types[e.T], V: e.V}
	case *spec.BoolLit:
		return &loop.Binary{Op: loop.Eq, A: &loop.ConstInt{}, B: &loop.ConstInt{V: map[bool]int64{true: 0, false: 1}[e.V]}}
	case *spec.ValueRef:
		return b.parameter(e.Param)
	case *spec.DimRef: // a parameter of a scalar op that is a dim
		return b.args[b.dimParam(e.Name)]
	case *spec.TensorRef:
		if b.input != nil && e.Param == b.input.param {
			return b.inputAt(e)
		}
		buf := b.bufs[e.Param][0]
		return b.load(buf, buf.Elem, b.flat(b.polys(e.At), b.polys(e.Param.Shape)))
	case *spec.PlaceRef:
		buf := b.bufs[e.Param][map[string]int{"seq": 0, "pos": 1}[e.Part]]
		return b.load(buf, buf.Elem, b.poly(e.At))
	case *spec.StateRef:
		buf := b.bufs[e.Param][0]
		return b.load(buf, memOf(e.Field.Elem), b.slot(e.Param, e.Field, e.At))
	case *spec.WeightRef:
		return b.decode(e)
	case *spec.FieldRef:
		return b.field(e)
	case *spec.InRow:
		return b.inRow(e)
	case *spec.LetRef:
		return b.let(e)
	case *spec.TableRef:
		return b.lookup(e)
	case *spec.Unary:
		return &loop.Unary{Op: unaryOps[e.Op], A: b.value(e.A)}
	case *spec.Binary:
		return b.join(binaryOps[e.Op], b.value(e.A), b.value(e.B))
	case *spec.Convert:
		return &loop.Convert{To: types[e.To], A: b.value(e.A)}
	case *spec.Wrap:
		return &loop.Wrap{Mem: memOf(e.Elem), A: b.value(e.A)}
	case *spec.Bits:
		return &loop.Bits{To: types[e.To], A: b.value(e.A)}
	case *spec.Round:
		return &loop.Round{Mem: memOf(e.Elem), A: b.value(e.A)}
	case *spec.Cond:
		return b.cond(e)
	case *spec.Apply:
		return b.apply(e)
	case *spec.Reduce:
		return b.reduce(e)
	}
	b.failf("%T has no loops", e)
	return nil
}

func (b *builder) parameter(p *spec.Param) loop.Expr {
	if a, ok := b.args[p]; ok {
		return a
	}
	if v, ok := b.values[p]; ok {
		e := loop.Expr(&loop.Ref{Var: v})
		if want := types[p.Elem.Type]; want != e.Type() {
			e = &loop.Convert{To: want, A: e}
		}
		return e
	}
	if v, ok := b.dims[p.Name]; ok {
		return &loop.Ref{Var: v}
	}
	b.failf("parameter %s is not bound", p.Name)
	return nil
}

func (b *builder) dimParam(name string) *spec.Param {
	for p := range b.args {
		if p.Name == name && p.Kind == spec.Dim {
			return p
		}
	}
	b.failf("dim %s is not bound", name)
	return nil
}

func (b *builder) table(t *spec.Table) *loop.Buf {
	if buf, ok := b.tables[t]; ok {
		return buf
	}
	buf := &loop.Buf{Name: b.unique(t.Name), Role: loop.Table, Elem: memOf(t.Elem), Data: t.Ints}
	buf.Shape = fmt.Sprintf("[%d]", max(len(t.Ints), len(t.Floats)))
	for _, f := range t.Floats {
		buf.Data = append(buf.Data, floatBits(t.Elem, f))
	}
	buf.Size = &loop.ConstInt{V: int64(len(buf.Data))}
	b.tables[t] = buf
	b.prog.Tables = append(b.prog.Tables, buf)
	return buf
}

// lookup reads a table; lanes at an index of each one's own.
func (b *builder) lookup(e *spec.TableRef) loop.Expr {
	buf := b.table(e.Table)
	if check.Arithmetic(e.At) {
		return b.load(buf, buf.Elem, b.poly(e.At))
	}
	at := b.value(e.At)
	if at.Lanes() == 1 || !b.columns() {
		return b.load(buf, buf.Elem, b.polyOf(e.At, at))
	}
	return b.shared(e.Table.Name, &loop.Load{Buf: buf, Mem: buf.Elem, Index: at})
}

// let reads a let's value from where it is; the lets of a format are computed in place.
func (b *builder) let(e *spec.LetRef) loop.Expr {
	pl := b.lets[e.Let]
	switch {
	case pl == nil && b.cell != nil:
		for i, v := range e.Let.Index {
			b.index[v] = b.poly(e.At[i])
		}
		v := b.value(e.Let.Value)
		if e.Let.Code {
			return v
		}
		return b.shared(e.Let.Name, v)
	case pl == nil:
		b.failf("%s is used where its indices are not known", e.Let.Name)
	case pl.temp == nil:
		return pl.value
	}
	at := make([]spec.Expr, len(pl.own))
	for i, k := range pl.own {
		at[i] = e.At[k]
	}
	return b.load(pl.temp, pl.temp.Elem, b.flat(b.polys(at), pl.size))
}

// apply computes a scalar op in place.
func (b *builder) apply(e *spec.Apply) loop.Expr {
	saved := clone(b.args)
	bound := map[*spec.Param]loop.Expr{}
	for i, p := range e.Op.Params {
		bound[p] = b.define(p.Name, b.value(e.Args[i]))
	}
	for p, v := range bound {
		b.args[p] = v
	}
	lets, outer := clone(b.lets), b.body
	body := e.Op.Body
	b.body = body // whose sums have its orders
	defer func() { b.args, b.lets, b.body = saved, lets, outer }()
	for _, l := range body.Lets {
		b.lets[l] = &place{value: b.define(l.Name, b.value(l.Value))}
	}
	return b.define(e.Op.Outs[0].Name, b.value(body.Sets[0].Value))
}

// cond decides where intervals do, selects where both sides are cheap, and branches
// where a side reads memory.
func (b *builder) cond(e *spec.Cond) loop.Expr {
	if v, known := b.decide(e.If); known {
		if v {
			return b.value(e.Then)
		}
		return b.value(e.Else)
	}
	c := b.value(e.If)
	if !touches(e.Then) && !touches(e.Else) {
		x, y := b.value(e.Then), b.value(e.Else)
		n := max(c.Lanes(), x.Lanes(), y.Lanes())
		return &loop.Select{Cond: spread(c, n), A: spread(x, n), B: spread(y, n)}
	}
	if c.Lanes() > 1 {
		panic(noStrip{})
	}
	v := b.variable("v", types[e.Type()], b.lanes(), true)
	b.emit(&loop.Def{Var: v, Value: spread(zero(v.Type), v.Lanes)})
	side := func(e spec.Expr) []loop.Stmt {
		b.push(true)
		b.emit(&loop.Set{Var: v, Value: spread(b.value(e), v.Lanes)})
		return b.pop()
	}
	b.emit(&loop.If{Cond: c, Then: side(e.Then), Else: side(e.Else)})
	return &loop.Ref{Var: v}
}

// decide evaluates a comparison of indices by their intervals.
func (b *builder) decide(e spec.Expr) (value, known bool) {
	c, ok := e.(*spec.Binary)
	if !ok {
		return false, false
	}
	switch c.Op {
	case "&&", "||":
		x, xk := b.decide(c.A)
		y, yk := b.decide(c.B)
		stop := c.Op == "||" // the value that settles it
		switch {
		case xk && x == stop, yk && y == stop:
			return stop, true
		}
		return !stop, xk && yk
	}
	if c.A.Type() != spec.Int || !check.Arithmetic(c.A) || !check.Arithmetic(c.B) {
		return false, false
	}
	r := b.poly(c.A).Sub(b.poly(c.B)).Range()
	switch c.Op {
	case "<":
		return r.Hi < 0, r.Hi < 0 || r.Lo >= 0
	case "<=":
		return r.Hi <= 0, r.Hi <= 0 || r.Lo > 0
	case ">":
		return r.Lo > 0, r.Lo > 0 || r.Hi <= 0
	case ">=":
		return r.Lo >= 0, r.Lo >= 0 || r.Hi < 0
	case "==", "!=":
		equal := r.Lo == 0 && r.Hi == 0
		return equal == (c.Op == "=="), equal || r.Lo > 0 || r.Hi < 0
	}
	return false, false
}

func zero(t loop.Type) loop.Expr {
	switch t {
	case loop.Int:
		return &loop.ConstInt{}
	case loop.Bool:
		return &loop.Binary{Op: loop.Ne, A: &loop.ConstInt{}, B: &loop.ConstInt{}}
	}
	return &loop.ConstFloat{T: t}
}
