package lower

import "github.com/trinity-engine/trinity/vibee/ir/spec"

// affine is a format's decode as A*code + B; A nil is 1, B nil is 0.
type affine struct {
	a, code, b spec.Expr // code is an integer
}

// affineOf takes decode apart; ok is false where the format names no code or decode is not of that form.
func affineOf(f *spec.Format) (affine, bool) { return takeApart(f.Decode) }

func takeApart(e spec.Expr) (affine, bool) {
	switch e := e.(type) {
	case *spec.Convert:
		if e.To == spec.F32 && e.A.Type() == spec.Int && holdsCode(e.A) {
			return affine{code: e.A}, true
		}
	case *spec.Binary:
		l, r := holdsCode(e.A), holdsCode(e.B)
		if l == r {
			return affine{}, false
		}
		inner, other := e.A, e.B
		if r {
			inner, other = e.B, e.A
		}
		x, ok := takeApart(inner)
		if !ok {
			return affine{}, false
		}
		switch e.Op {
		case "*":
			return affine{times(x.a, other, l), x.code, times0(x.b, other, l)}, true
		case "+":
			return affine{x.a, x.code, plus(x.b, other, l)}, true
		case "-":
			if l {
				if x.b == nil {
					return affine{x.a, x.code, &spec.Unary{Op: "neg", A: other}}, true
				}
				return affine{x.a, x.code, &spec.Binary{Op: "-", A: x.b, B: other}}, true
			}
			if x.a == nil {
				return affine{&spec.FloatLit{T: spec.F32, V: -1}, x.code, plus(negate(x.b), other, false)}, true
			}
			return affine{negate(x.a), x.code, plus(negate(x.b), other, false)}, true
		}
	}
	return affine{}, false
}

func negate(e spec.Expr) spec.Expr {
	if e == nil {
		return nil
	}
	return &spec.Unary{Op: "neg", A: e}
}

// times is the scale after one more factor, on the side where it was written.
func times(a, by spec.Expr, right bool) spec.Expr {
	switch {
	case a == nil:
		return by
	case right:
		return &spec.Binary{Op: "*", A: a, B: by}
	}
	return &spec.Binary{Op: "*", A: by, B: a}
}

func times0(b, by spec.Expr, right bool) spec.Expr {
	if b == nil {
		return nil
	}
	return times(b, by, right)
}

func plus(b, more spec.Expr, right bool) spec.Expr {
	switch {
	case b == nil:
		return more
	case right:
		return &spec.Binary{Op: "+", A: b, B: more}
	}
	return &spec.Binary{Op: "+", A: more, B: b}
}

func holdsCode(e spec.Expr) bool {
	found := false
	spec.Walk(e, func(e spec.Expr) bool {
		if l, ok := e.(*spec.LetRef); ok && l.Let.Code {
			found = true
		}
		return !found
	})
	return found
}
