package eval

import (
	"fmt"
	"strconv"

	"github.com/trinity-engine/trinity/runtime/plan"
)

// Kind is the type of a Value.
type Kind uint8

const (
	None Kind = iota // no value
	Int
	Float
	Text
	Bool
)

func (k Kind) String() string {
	return [...]string{"nothing", "an integer", "a float", "a text", "a bool"}[k]
}

// Value is a config value or what an expression gives: one of its fields, by Kind.
type Value struct {
	Kind  Kind
	Int   int64
	Float float64
	Text  string
	Bool  bool
}

// OfInt, OfFloat, OfText and OfBool make values.
func OfInt(v int64) Value     { return Value{Kind: Int, Int: v} }
func OfFloat(v float64) Value { return Value{Kind: Float, Float: v} }
func OfText(v string) Value   { return Value{Kind: Text, Text: v} }
func OfBool(v bool) Value     { return Value{Kind: Bool, Bool: v} }

func (v Value) String() string {
	switch v.Kind {
	case Int:
		return strconv.FormatInt(v.Int, 10)
	case Float:
		return strconv.FormatFloat(v.Float, 'g', -1, 64)
	case Text:
		return strconv.Quote(v.Text)
	case Bool:
		return strconv.FormatBool(v.Bool)
	}
	return "nothing"
}

// Expr gives the constant that v is.
func (v Value) Expr() plan.Expr {
	switch v.Kind {
	case Int:
		return plan.Int(v.Int)
	case Float:
		return plan.Float(v.Float)
	case Text:
		return plan.Text(v.Text)
	case Bool:
		return plan.Flag(v.Bool)
	}
	return nil
}

// widest is the largest magnitude up to which every integer is a float.
const widest = 1 << 53

// AsFloat gives a float, or an integer that a float holds exactly.
func (v Value) AsFloat() (float64, error) {
	switch {
	case v.Kind == Float:
		return v.Float, nil
	case v.Kind == Int && -widest <= v.Int && v.Int <= widest:
		return float64(v.Int), nil
	case v.Kind == Int:
		return 0, fmt.Errorf("%d is too large for a float", v.Int)
	}
	return 0, fmt.Errorf("%v is %v where a number is asked for", v, v.Kind)
}

// AsF32 gives a float, or an exact integer, rounded to f32.
func (v Value) AsF32() (float32, error) {
	f, err := v.AsFloat()
	return float32(f), err
}

// AsDim gives an integer that is not negative.
func (v Value) AsDim() (int, error) {
	switch {
	case v.Kind != Int:
		return 0, fmt.Errorf("%v is %v where an integer is asked for", v, v.Kind)
	case v.Int < 0:
		return 0, fmt.Errorf("%d is negative", v.Int)
	case v.Int > widest:
		return 0, fmt.Errorf("%d is too large", v.Int)
	}
	return int(v.Int), nil
}

// AsBool gives a bool.
func (v Value) AsBool() (bool, error) {
	if v.Kind != Bool {
		return false, fmt.Errorf("%v is %v where a bool is asked for", v, v.Kind)
	}
	return v.Bool, nil
}
