package check

import (
	"fmt"
	"math"

	"github.com/trinity-engine/trinity/vibee/ir/spec"
	"github.com/trinity-engine/trinity/vibee/ir/sym"
)

func interval(r sym.Interval) string {
	lo, hi := fmt.Sprint(r.Lo), fmt.Sprint(r.Hi)
	if r.Lo == math.MinInt64 {
		lo = "-∞"
	}
	if r.Hi == math.MaxInt64 {
		hi = "∞"
	}
	return lo + ".." + hi
}

// Range bounds an integer expression.
func Range(e spec.Expr) sym.Interval {
	switch e := e.(type) {
	case *spec.IntLit:
		return sym.Exactly(e.V)
	case *spec.IndexRef:
		hi := Range(e.Index.Hi)
		return sym.Interval{Lo: Range(e.Index.Lo).Lo, Hi: hi.Add(sym.Exactly(-1)).Hi}
	case *spec.DimRef, *spec.PlaceRef:
		return sym.Natural
	case *spec.TensorRef:
		return e.Param.Elem.Range
	case *spec.StateRef:
		return e.Field.Elem.Range
	case *spec.ValueRef:
		return e.Param.Elem.Range
	case *spec.FieldRef:
		return e.Field.Elem.Range
	case *spec.InRow:
		return Range(e.A)
	case *spec.LetRef:
		return e.Let.Ints
	case *spec.TableRef:
		return tableRange(e.Table)
	case *spec.Wrap:
		return e.Elem.Range
	case *spec.Cond:
		return Range(e.Then).Union(Range(e.Else))
	case *spec.Convert:
		if lo, hi, ok := floatRange(e.A); ok {
			return sym.Interval{Lo: int64(lo), Hi: int64(hi)}
		}
	case *spec.Bits:
		if e.A.Type() == spec.F32 {
			return sym.Interval{Lo: 0, Hi: 1<<32 - 1}
		}
	case *spec.Reduce:
		if e.Kind == "min" || e.Kind == "max" {
			return Range(e.Body)
		}
	case *spec.Unary:
		return unaryRange(e)
	case *spec.Binary:
		return binaryRange(e)
	}
	return sym.All
}

// prove notes what is known of a let's value, so that it is worked out once and not at each use.
func prove(l *spec.Let) *spec.Let {
	if l.Value.Type() == spec.Int {
		l.Ints = Range(l.Value)
	} else if lo, hi, ok := floatRange(l.Value); ok {
		l.Floats = &[2]float64{lo, hi}
	}
	return l
}

func tableRange(t *spec.Table) sym.Interval {
	if len(t.Ints) == 0 {
		return sym.All
	}
	r := sym.Exactly(t.Ints[0])
	for _, v := range t.Ints[1:] {
		r = r.Union(sym.Exactly(v))
	}
	return r
}

func unaryRange(e *spec.Unary) sym.Interval {
	r := Range(e.A)
	switch e.Op {
	case "neg":
		return r.Neg()
	case "abs":
		if r.Lo >= 0 {
			return r
		}
		return sym.Interval{Lo: 0, Hi: max(r.Neg().Hi, r.Hi)}
	}
	return sym.All
}

func binaryRange(e *spec.Binary) sym.Interval {
	a, b := Range(e.A), Range(e.B)
	switch e.Op {
	case "+":
		return a.Add(b)
	case "-":
		return a.Add(b.Neg())
	case "*":
		return a.Mul(b)
	case "/":
		return a.Div(b)
	case "%":
		return a.Mod(b)
	case "min":
		return sym.Interval{Lo: min(a.Lo, b.Lo), Hi: min(a.Hi, b.Hi)}
	case "max":
		return sym.Interval{Lo: max(a.Lo, b.Lo), Hi: max(a.Hi, b.Hi)}
	case "&":
		switch {
		case b.Lo >= 0 && a.Lo >= 0:
			return sym.Interval{Lo: 0, Hi: min(a.Hi, b.Hi)}
		case b.Lo >= 0:
			return sym.Interval{Lo: 0, Hi: b.Hi}
		case a.Lo >= 0:
			return sym.Interval{Lo: 0, Hi: a.Hi}
		}
	case "|", "xor":
		if a.Lo >= 0 && b.Lo >= 0 && a.Hi < 1<<62 && b.Hi < 1<<62 {
			top := int64(1)
			for top <= max(a.Hi, b.Hi) {
				top <<= 1
			}
			return sym.Interval{Lo: 0, Hi: top - 1}
		}
	case "<<":
		if a.Lo >= 0 && b.Lo >= 0 && b.Hi < 62 {
			return a.Mul(sym.Interval{Lo: 1 << b.Lo, Hi: 1 << b.Hi})
		}
	case ">>":
		if a.Lo >= 0 && b.Lo >= 0 && b.Lo <= 63 {
			return sym.Interval{Lo: 0, Hi: a.Hi >> b.Lo}
		}
	}
	return sym.All
}

// floatRange bounds a float that is proved to be no NaN.
func floatRange(e spec.Expr) (lo, hi float64, ok bool) {
	switch e := e.(type) {
	case *spec.FloatLit:
		return e.V, e.V, !math.IsNaN(e.V)
	case *spec.LetRef:
		if e.Let.Floats == nil {
			return 0, 0, false
		}
		return e.Let.Floats[0], e.Let.Floats[1], true
	case *spec.Convert:
		if e.A.Type() == spec.Int {
			r := Range(e.A)
			return float64(r.Lo), float64(r.Hi), true
		}
		return floatRange(e.A)
	case *spec.Cond:
		al, ah, aok := floatRange(e.Then)
		bl, bh, bok := floatRange(e.Else)
		return min(al, bl), max(ah, bh), aok && bok
	case *spec.Unary:
		l, h, ok := floatRange(e.A)
		switch e.Op {
		case "floor", "ceil", "trunc", "rint":
			return math.Floor(l), math.Ceil(h), ok
		case "neg":
			return -h, -l, ok
		case "abs":
			return 0, max(math.Abs(l), math.Abs(h)), ok
		}
	case *spec.Binary:
		al, ah, aok := floatRange(e.A)
		bl, bh, bok := floatRange(e.B)
		switch e.Op {
		case "max": // a > b ? a : b: never NaN where b is none
			if !aok {
				return bl, math.Inf(1), bok
			}
			return max(al, bl), max(ah, bh), bok
		case "min":
			if !aok {
				return math.Inf(-1), bh, bok
			}
			return min(al, bl), min(ah, bh), bok
		}
		if !aok || !bok || math.IsInf(al, 0) || math.IsInf(ah, 0) || math.IsInf(bl, 0) || math.IsInf(bh, 0) {
			return 0, 0, false
		}
		switch e.Op {
		case "+":
			return al + bl, ah + bh, true
		case "-":
			return al - bh, ah - bl, true
		case "*":
			p := [4]float64{al * bl, al * bh, ah * bl, ah * bh}
			return min(p[0], p[1], p[2], p[3]), max(p[0], p[1], p[2], p[3]), true
		}
	}
	return 0, 0, false
}
