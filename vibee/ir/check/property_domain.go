package check

import (
	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// domain checks what values an input takes: those of a tensor, of the floats in a weight's blocks or a
// state's pages, of a place's positions.
func (p *claim) domain(a *grammar.Param, q *spec.Param) *spec.Domain {
	of := spec.F32
	switch q.Kind {
	case spec.Tensor, spec.Value:
		of = q.Elem.Type
	case spec.Dim, spec.Place:
		of = spec.Int
	}
	d := &spec.Domain{Magnitude: a.Domain.Magnitude}
	if d.Magnitude && of == spec.Int {
		p.errorf(a.Domain.Pos, "magnitudes are of floats: write %s in lo .. hi", q.Name)
		return nil
	}
	ok := true
	value := func(e grammar.Expr) spec.Expr {
		p.note(e)
		v := p.typed(p.expr(e), of, e.At())
		switch {
		case isBad(v):
			ok = false
		case v.Type() != of:
			p.errorf(e.At(), "%s takes %s, this is %s", q.Name, of, v.Type())
			ok = false
		case !p.fixed(v, q.Kind != spec.Dim && of == spec.Int):
			p.errorf(e.At(), "a domain is given by constants; that of integers in a tensor may name dims")
			ok = false
		}
		return v
	}
	if a.Domain.Set != nil {
		for _, e := range a.Domain.Set {
			d.Set = append(d.Set, value(e))
		}
	} else {
		d.Lo, d.Hi = value(a.Domain.Lo), value(a.Domain.Hi)
	}
	if !ok {
		return nil
	}
	if lo, hi, constant := bounds(d); constant && (lo > hi || of == spec.Int && lo == hi) {
		p.errorf(a.Domain.Pos, "the domain of %s is empty", q.Name)
		return nil
	} else if constant && d.Magnitude && lo <= 0 || constant && lo < 0 && (q.Kind == spec.Dim || q.Kind == spec.Place) {
		p.errorf(a.Domain.Pos, "the domain of %s begins below what it can be", q.Name)
		return nil
	}
	return d
}

// fixed reports whether a value is a constant, or, where dims may be named, an integer over them.
func (p *claim) fixed(e spec.Expr, dims bool) bool {
	switch e := e.(type) {
	case *spec.IntLit, *spec.FloatLit:
		return true
	case *spec.DimRef:
		return dims
	case *spec.Binary:
		return p.fixed(e.A, dims) && p.fixed(e.B, dims)
	}
	return false
}

func bounds(d *spec.Domain) (lo, hi float64, constant bool) {
	if d.Set != nil {
		return 0, 0, false
	}
	lo, a := literal(d.Lo)
	hi, b := literal(d.Hi)
	return lo, hi, a && b
}

func literal(e spec.Expr) (float64, bool) {
	switch e := e.(type) {
	case *spec.IntLit:
		return float64(e.V), true
	case *spec.FloatLit:
		return e.V, true
	}
	return 0, false
}
