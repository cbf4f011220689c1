package eval

import "github.com/trinity-engine/trinity/runtime/plan"

// Fold computes all of e that does not hold a name for which later is true, and gives
// what is left: a constant where nothing is.
func Fold(e plan.Expr, env Env, later func(plan.Name) bool) (plan.Expr, error) {
	switch x := e.(type) {
	case plan.Name:
		if later(x) {
			return x, nil
		}
	case plan.Cond:
		c, err := Fold(x.If, env, later)
		if err != nil {
			return nil, err
		}
		if k, ok := c.(plan.Flag); ok {
			if k {
				return Fold(x.Then, env, later)
			}
			return Fold(x.Else, env, later)
		}
		then, err := Fold(x.Then, env, later)
		if err != nil {
			return nil, err
		}
		other, err := Fold(x.Else, env, later)
		return plan.Cond{If: c, Then: then, Else: other}, err
	case plan.Unary:
		a, err := Fold(x.A, env, later)
		if err != nil {
			return nil, err
		}
		if e = (plan.Unary{Op: x.Op, A: a}); !constant(a) {
			return e, nil
		}
	case plan.Binary:
		a, err := Fold(x.A, env, later)
		if err != nil {
			return nil, err
		}
		if k, ok := a.(plan.Flag); ok && (x.Op == "&&" && !bool(k) || x.Op == "||" && bool(k)) {
			return a, nil
		}
		b, err := Fold(x.B, env, later)
		if err != nil {
			return nil, err
		}
		if e = (plan.Binary{Op: x.Op, A: a, B: b}); !constant(a) || !constant(b) {
			return e, nil
		}
	}
	v, err := Eval(e, env)
	if err != nil {
		return nil, err
	}
	return v.Expr(), nil
}

func constant(e plan.Expr) bool {
	switch e.(type) {
	case plan.Int, plan.Float, plan.Text, plan.Flag:
		return true
	}
	return false
}
