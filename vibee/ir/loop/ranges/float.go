package ranges

import (
	"math"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// Float is a proved range of floats, both ends included, none of which is NaN.
type Float struct{ Lo, Hi float64 }

var anyFloat = Float{math.Inf(-1), math.Inf(1)}

// Known reports whether both ends are finite.
func (f Float) Known() bool { return !math.IsInf(f.Lo, 0) && !math.IsInf(f.Hi, 0) }

// Float bounds a float expression, all lanes together; only what a clamp, a constant or an integer
// proves is known.
func (r *Ranges) Float(e loop.Expr) Float {
	switch e := e.(type) {
	case *loop.ConstFloat:
		if e.V == e.V {
			return Float{e.V, e.V}
		}
	case *loop.Splat:
		return r.Float(e.A)
	case *loop.Ref:
		if f, ok := r.floats[e.Var]; ok {
			return f
		}
	case *loop.Convert:
		if e.A.Type() != loop.Int {
			return r.Float(e.A)
		}
		if i := r.Int(e.A); i.Within(-1<<24, 1<<24) {
			return Float{float64(i.Lo), float64(i.Hi)}
		}
	case *loop.Unary:
		a := r.Float(e.A)
		switch e.Op {
		case loop.Rint, loop.Floor, loop.Ceil, loop.Trunc:
			return Float{math.Floor(a.Lo), math.Ceil(a.Hi)}
		case loop.Neg:
			return Float{-a.Hi, -a.Lo}
		}
	case *loop.Binary:
		c, ok := constant(e.B)
		if !ok {
			break
		}
		a := r.Float(e.A)
		switch e.Op { // a NaN gives the constant
		case loop.Max:
			return Float{max(a.Lo, c), max(a.Hi, c)}
		case loop.Min:
			return Float{min(a.Lo, c), min(a.Hi, c)}
		}
	}
	return anyFloat
}

func constant(e loop.Expr) (float64, bool) {
	if s, ok := e.(*loop.Splat); ok {
		return constant(s.A)
	}
	if c, ok := e.(*loop.ConstFloat); ok && c.V == c.V {
		return c.V, true
	}
	return 0, false
}
