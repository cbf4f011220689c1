package eval

import (
	"errors"
	"fmt"
	"math"

	"github.com/trinity-engine/trinity/runtime/plan"
)

// Env tells an expression what its names stand for. A method that does not know a
// name gives an error.
type Env interface {
	Name(name string) (Value, error)
	Index(array string, i int64) (Value, error)
	Present(name string) (bool, error)
	Packable(plan.Packable) (bool, error)
	Rows(weight string, axis int) (int64, error)
}

var errZero = errors.New("division by zero")

// Eval computes e. It does not allocate unless it fails.
func Eval(e plan.Expr, env Env) (Value, error) {
	switch e := e.(type) {
	case plan.Int:
		return OfInt(int64(e)), nil
	case plan.Float:
		return OfFloat(float64(e)), nil
	case plan.Text:
		return OfText(string(e)), nil
	case plan.Flag:
		return OfBool(bool(e)), nil
	case plan.Name:
		return env.Name(string(e))
	case plan.Index:
		i, err := Eval(e.I, env)
		if err != nil {
			return Value{}, err
		}
		if i.Kind != Int {
			return Value{}, fmt.Errorf("%s[%v]: the index is %v", e.Array, i, i.Kind)
		}
		return env.Index(e.Array, i.Int)
	case plan.Present:
		ok, err := env.Present(string(e))
		return OfBool(ok), err
	case plan.Packable:
		ok, err := env.Packable(e)
		return OfBool(ok), err
	case plan.Rows:
		n, err := env.Rows(e.Weight, e.Axis)
		return OfInt(n), err
	case plan.Cond:
		c, err := evalBool(e.If, env)
		switch {
		case err != nil:
			return Value{}, err
		case c:
			return Eval(e.Then, env)
		}
		return Eval(e.Else, env)
	case plan.Unary:
		a, err := Eval(e.A, env)
		if err != nil {
			return Value{}, err
		}
		return unary(e.Op, a)
	case plan.Binary:
		if e.Op == "&&" || e.Op == "||" {
			a, err := evalBool(e.A, env)
			if err != nil || a == (e.Op == "||") {
				return OfBool(a), err
			}
			b, err := evalBool(e.B, env)
			return OfBool(b), err
		}
		a, err := Eval(e.A, env)
		if err != nil {
			return Value{}, err
		}
		b, err := Eval(e.B, env)
		if err != nil {
			return Value{}, err
		}
		return binary(e.Op, a, b)
	}
	return Value{}, fmt.Errorf("%T is no expression", e)
}

func evalBool(e plan.Expr, env Env) (bool, error) {
	v, err := Eval(e, env)
	if err != nil {
		return false, err
	}
	return v.AsBool()
}

func unary(op string, a Value) (Value, error) {
	switch {
	case op == "!" && a.Kind == Bool:
		return OfBool(!a.Bool), nil
	case op == "-" && a.Kind == Int && a.Int != math.MinInt64:
		return OfInt(-a.Int), nil
	case op == "-" && a.Kind == Float:
		return OfFloat(-a.Float), nil
	case op == "int" && a.Kind == Int:
		return a, nil
	case op == "int" && a.Kind == Float:
		if !(math.Abs(a.Float) <= widest) {
			return Value{}, fmt.Errorf("int(%v): out of range", a)
		}
		return OfInt(int64(a.Float)), nil
	case op == "sqrt" || op == "f32":
		f, err := a.AsFloat()
		if err != nil {
			return Value{}, fmt.Errorf("%s: %w", op, err)
		}
		if op == "f32" {
			return OfFloat(float64(float32(f))), nil
		}
		return OfFloat(math.Sqrt(f)), nil
	}
	return Value{}, fmt.Errorf("%s(%v): no such operation on %v", op, a, a.Kind)
}

func binary(op string, a, b Value) (Value, error) {
	switch {
	case a.Kind == Int && b.Kind == Int:
		return integers(op, a.Int, b.Int)
	case a.Kind == Text && b.Kind == Text && op == "==":
		return OfBool(a.Text == b.Text), nil
	case a.Kind == Text && b.Kind == Text && op == "!=":
		return OfBool(a.Text != b.Text), nil
	case a.Kind == Bool && b.Kind == Bool && op == "==":
		return OfBool(a.Bool == b.Bool), nil
	case a.Kind == Bool && b.Kind == Bool && op == "!=":
		return OfBool(a.Bool != b.Bool), nil
	}
	x, err := a.AsFloat()
	if err != nil {
		return Value{}, fmt.Errorf("%v %s %v: %w", a, op, b, err)
	}
	y, err := b.AsFloat()
	if err != nil {
		return Value{}, fmt.Errorf("%v %s %v: %w", a, op, b, err)
	}
	return floats(op, x, y)
}

// floats computes in f64; no product feeds a sum within one operation.
func floats(op string, a, b float64) (Value, error) {
	switch op {
	case "+":
		return OfFloat(a + b), nil
	case "-":
		return OfFloat(a - b), nil
	case "*":
		return OfFloat(a * b), nil
	case "/":
		return OfFloat(a / b), nil
	case "min":
		if a < b {
			return OfFloat(a), nil
		}
		return OfFloat(b), nil
	case "max":
		if a > b {
			return OfFloat(a), nil
		}
		return OfFloat(b), nil
	}
	return compare(op, a, b)
}

func compare[N int64 | float64](op string, a, b N) (Value, error) {
	switch op {
	case "==":
		return OfBool(a == b), nil
	case "!=":
		return OfBool(a != b), nil
	case "<":
		return OfBool(a < b), nil
	case "<=":
		return OfBool(a <= b), nil
	case ">":
		return OfBool(a > b), nil
	case ">=":
		return OfBool(a >= b), nil
	}
	return Value{}, fmt.Errorf("%v %s %v: no such operation on numbers", a, op, b)
}
