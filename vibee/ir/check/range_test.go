package check

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/trinity-engine/trinity/vibee/ir/spec"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

// TestRange: an expression's value lies in the interval that is proved of it, for random expressions over
// parameters, indices and tables, at the ends of their ranges above all.
func TestRange(t *testing.T) {
	const seed = 1
	r := &ranger{rand.New(rand.NewPCG(seed, 1))}
	ints, floats := 0, 0
	for trial := range 40000 {
		e := r.int(3)
		if trial%2 == 1 {
			e = r.float(3)
		}
		lo, hi, proved := floatRange(e)
		for range 8 {
			v, defined := r.value(e, map[any]float64{})
			if !defined {
				continue
			}
			if e.Type() == spec.Int {
				if p := Range(e); v < float64(p.Lo) || v > float64(p.Hi) {
					t.Fatalf("seed %d, trial %d: %v is not within %s: %s", seed, trial, v, interval(p), show(e))
				}
				ints++
			} else if proved {
				if !(v >= lo && v <= hi) {
					t.Fatalf("seed %d, trial %d: %v is not within %v..%v: %s", seed, trial, v, lo, hi, show(e))
				}
				floats++
			}
		}
	}
	if ints < 50000 || floats < 10000 {
		t.Errorf("only %d integers and %d floats were compared", ints, floats)
	}
}

// ranger makes expressions and values of what they read.
type ranger struct{ *rand.Rand }

func choose[T any](r *ranger, list ...T) T { return list[r.IntN(len(list))] }

func (r *ranger) int(depth int) spec.Expr {
	if depth == 0 || r.IntN(6) == 0 {
		switch r.IntN(4) {
		case 0:
			return &spec.IntLit{V: r.Int64N(12) - 3}
		case 1:
			lo := r.Int64N(4)
			return &spec.IndexRef{Index: &spec.Index{Name: "i", Lo: &spec.IntLit{V: lo}, Hi: &spec.IntLit{V: lo + 1 + r.Int64N(5)}}}
		case 2:
			return &spec.TableRef{Table: &spec.Table{Elem: spec.Elems["i8"], Ints: []int64{r.Int64N(9) - 4, r.Int64N(9) - 4, 3}}}
		}
		return &spec.ValueRef{Param: &spec.Param{Elem: spec.Elems[choose(r, "u8", "i8", "u16")]}}
	}
	switch r.IntN(8) {
	case 0:
		return &spec.Unary{Op: choose(r, "neg", "abs"), A: r.int(depth - 1)}
	case 1:
		return &spec.Wrap{Elem: spec.Elems[choose(r, "u8", "i8")], A: r.int(depth - 1)}
	case 2:
		return &spec.Cond{Then: r.int(depth - 1), Else: r.int(depth - 1)}
	case 3: // clamped: so it is proved
		bound := func(v float64) spec.Expr { return &spec.FloatLit{T: spec.F32, V: v} }
		low := &spec.Binary{Op: "max", A: r.float(depth - 1), B: bound(-2.5)}
		return &spec.Convert{To: spec.Int, A: &spec.Binary{Op: "min", A: low, B: bound(9.75)}}
	}
	op := choose(r, "+", "-", "*", "/", "%", "min", "max", "&", "|", "xor", "<<", ">>")
	return &spec.Binary{Op: op, A: r.int(depth - 1), B: r.int(depth - 1)}
}

func (r *ranger) float(depth int) spec.Expr {
	if depth == 0 || r.IntN(6) == 0 {
		switch r.IntN(3) {
		case 0:
			return &spec.FloatLit{T: spec.F64, V: choose(r, -2.5, -1, 0, 0.5, 3)}
		case 1:
			return &spec.Convert{To: spec.F64, A: r.int(1)}
		}
		return &spec.ValueRef{Param: &spec.Param{Elem: spec.Elems["f64"]}}
	}
	switch r.IntN(6) {
	case 0:
		return &spec.Unary{Op: choose(r, "neg", "abs", "floor", "ceil", "trunc", "rint"), A: r.float(depth - 1)}
	case 1:
		return &spec.Cond{Then: r.float(depth - 1), Else: r.float(depth - 1)}
	}
	return &spec.Binary{Op: choose(r, "+", "-", "*", "min", "max"), A: r.float(depth - 1), B: r.float(depth - 1)}
}

// value evaluates e; what is read takes a value of its range. It is not defined where the language does not define
// it, or where 2^53 is passed.
func (r *ranger) value(e spec.Expr, read map[any]float64) (v float64, defined bool) {
	within := func(key any, p sym.Interval) float64 {
		if _, ok := read[key]; !ok {
			read[key] = float64(choose(r, p.Lo, p.Hi, p.Lo+r.Int64N(p.Hi-p.Lo+1), max(p.Lo, min(p.Hi, choose[int64](r, -1, 0, 1)))))
		}
		return read[key]
	}
	switch e := e.(type) {
	case *spec.IntLit:
		return float64(e.V), true
	case *spec.FloatLit:
		return e.V, true
	case *spec.IndexRef:
		return within(e, sym.Interval{Lo: e.Index.Lo.(*spec.IntLit).V, Hi: e.Index.Hi.(*spec.IntLit).V - 1}), true
	case *spec.TableRef:
		return float64(choose(r, e.Table.Ints...)), true
	case *spec.ValueRef:
		if e.Type() == spec.Int {
			return within(e, e.Param.Elem.Range), true
		}
		return choose(r, math.NaN(), math.Inf(1), math.Inf(-1), -1e9, r.NormFloat64(), 0, 7), true
	case *spec.Wrap:
		v, defined = r.value(e.A, read)
		if e.Elem.Range.Lo < 0 {
			return float64(int8(int64(v))), defined
		}
		return float64(uint8(int64(v))), defined
	case *spec.Cond:
		return r.value(choose(r, e.Then, e.Else), read)
	case *spec.Convert:
		v, defined = r.value(e.A, read)
		if e.To == spec.Int {
			v = math.Trunc(v)
		}
		return v, defined
	case *spec.Unary:
		v, defined = r.value(e.A, read)
		return map[string]func(float64) float64{"neg": func(v float64) float64 { return -v }, "abs": math.Abs,
			"floor": math.Floor, "ceil": math.Ceil, "trunc": math.Trunc, "rint": math.RoundToEven}[e.Op](v), defined
	case *spec.Binary:
		a, okA := r.value(e.A, read)
		b, okB := r.value(e.B, read)
		if e.Type().Float() {
			return floatOp(e.Op, a, b), okA && okB
		}
		if !okA || !okB {
			return 0, false
		}
		v, defined = intOp(e.Op, int64(a), int64(b))
		return v, defined && math.Abs(v) <= 1<<53
	}
	return 0, false
}

func floatOp(op string, a, b float64) float64 {
	switch {
	case op == "+":
		return a + b
	case op == "-":
		return a - b
	case op == "*":
		return a * b
	case op == "min" && a < b, op == "max" && a > b:
		return a
	}
	return b
}

func intOp(op string, a, b int64) (v float64, defined bool) {
	switch op {
	case "/":
		if a < 0 || b <= 0 {
			return 0, false
		}
		return float64(a / b), true
	case "%":
		if a < 0 || b <= 0 {
			return 0, false
		}
		return float64(a % b), true
	case "&":
		return float64(a & b), true
	case "|":
		return float64(a | b), true
	case "xor":
		return float64(a ^ b), true
	case "<<":
		return math.Ldexp(float64(a), int(b)), b >= 0 && b < 64
	case ">>":
		return float64(uint64(a) >> uint64(b)), b >= 0 && b < 64
	}
	return floatOp(op, float64(a), float64(b)), true
}

// show writes what the random expressions hold.
func show(e spec.Expr) string {
	switch e := e.(type) {
	case *spec.Unary:
		return e.Op + "(" + show(e.A) + ")"
	case *spec.Binary:
		return "(" + show(e.A) + " " + e.Op + " " + show(e.B) + ")"
	case *spec.Cond:
		return "(if … " + show(e.Then) + " else " + show(e.Else) + ")"
	case *spec.Convert:
		return e.To.String() + "(" + show(e.A) + ")"
	case *spec.Wrap:
		return "wrap_" + e.Elem.Name + "(" + show(e.A) + ")"
	}
	if e.Type().Float() {
		if lo, hi, ok := floatRange(e); ok {
			return fmt.Sprintf("%v..%v", lo, hi)
		}
		return "any float"
	}
	return interval(Range(e))
}
