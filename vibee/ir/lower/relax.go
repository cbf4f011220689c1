package lower

import "github.com/trinity-engine/trinity/vibee/ir/spec"

// relaxed is the op's body under eval(f32): what is said in f64 is computed in f32.
func (b *builder) relaxed(o *spec.Op) *spec.Body {
	r := &relaxer{b: b, lets: map[*spec.Let]*spec.Let{}}
	out := &spec.Body{Tables: o.Body.Tables, Orders: o.Body.Orders}
	for _, l := range o.Body.Lets {
		b.here = l.Pos
		n := *l
		n.Value = r.expr(l.Value)
		r.lets[l] = &n
		out.Lets = append(out.Lets, &n)
	}
	for _, s := range o.Body.Sets {
		b.here = s.Pos
		n := *s
		n.Value = r.expr(s.Value)
		out.Sets = append(out.Sets, &n)
	}
	return out
}

type relaxer struct {
	b    *builder
	lets map[*spec.Let]*spec.Let
}

func (r *relaxer) list(list []spec.Expr) []spec.Expr {
	out := make([]spec.Expr, len(list))
	for i, e := range list {
		out[i] = r.expr(e)
	}
	return out
}

func (r *relaxer) expr(e spec.Expr) spec.Expr {
	switch e := e.(type) {
	case *spec.FloatLit:
		return &spec.FloatLit{T: spec.F32, V: float64(float32(e.V))}
	case *spec.ValueRef:
		if e.Type() == spec.F64 {
			return &spec.Convert{To: spec.F32, A: e}
		}
		return e
	case *spec.Convert:
		a := r.expr(e.A)
		if e.To == spec.Int {
			return &spec.Convert{To: spec.Int, A: a}
		}
		if a.Type() == spec.F32 {
			return a
		}
		return &spec.Convert{To: spec.F32, A: a}
	case *spec.LetRef:
		l := r.lets[e.Let]
		if l == nil {
			l = e.Let
		}
		return &spec.LetRef{Let: l, At: r.list(e.At)}
	case *spec.TensorRef, *spec.TableRef:
		n := spec.Rebuild(e, r.expr)
		if e.Type() == spec.F64 {
			n = &spec.Convert{To: spec.F32, A: n}
		}
		return n
	case *spec.Bits:
		if e.To == spec.F64 || e.A.Type() == spec.F64 {
			r.b.failf("eval(f32) can't take the bits of an f64")
		}
		return &spec.Bits{To: e.To, A: r.expr(e.A)}
	case *spec.Apply:
		op := e.Op
		if to, ok := r.b.op.Approx[op]; ok {
			op = to
		} else if op.Outs[0].Elem.Type == spec.F64 {
			r.b.here = e.Pos
			r.b.failf("eval(f32) has no f32 form of %s: say `relax approx(%[1]s, …)`", op.FullName())
		}
		return &spec.Apply{Pos: e.Pos, Op: op, Args: r.list(e.Args)}
	}
	return spec.Rebuild(e, r.expr)
}
