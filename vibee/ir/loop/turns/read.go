package turns

import (
	"reflect"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// read names what all turns read alike in values of one form, and floats that all of them make of it. Integers that they
// make keep their form, which tells in how many bits they fit.
func (j *joiner) read(values []loop.Expr) (defs []loop.Stmt, named []loop.Expr) {
	if len(values) < 2 {
		return nil, values
	}
	alike := equal(values)
	if isRead(values[0]) && !alike {
		return nil, values
	}
	if alike && reads(values[0]) {
		j.shared++
		v := &loop.Var{Name: j.name("read"), Type: values[0].Type(), Lanes: values[0].Lanes()}
		for range values {
			named = append(named, ref(v))
		}
		return []loop.Stmt{&loop.Def{Var: v, Value: values[0]}}, named
	}
	parts := operands(values)
	for k := range parts {
		var more []loop.Stmt
		more, parts[k] = j.read(parts[k])
		defs = append(defs, more...)
	}
	for i, v := range values {
		k := -1
		named = append(named, loop.Rebuild(v, func(loop.Expr) loop.Expr {
			k++
			return parts[k][i]
		}))
	}
	return defs, named
}

// reads reports whether an expression is what memory holds, or a float that is made of that.
func reads(e loop.Expr) (found bool) {
	if !e.Type().Float() {
		return isRead(e)
	}
	loop.Walk(e, func(e loop.Expr) { found = found || isRead(e) })
	return found
}

// isRead reports whether an expression is what memory holds, or that repeated. An integer of one lane is a place, or a count.
func isRead(e loop.Expr) bool {
	if e.Type() == loop.Int && e.Lanes() == 1 {
		return false
	}
	if s, ok := e.(*loop.Splat); ok {
		e = s.A
	}
	switch e.(type) {
	case *loop.Load, *loop.Peek:
		return true
	}
	return false
}

// operands lists the operands of values of one form: of each the first, of each the second, and so on.
func operands(values []loop.Expr) (out [][]loop.Expr) {
	for _, v := range values {
		for k, o := range loop.Operands(v) {
			if k == len(out) {
				out = append(out, nil)
			}
			out[k] = append(out[k], o)
		}
	}
	return out
}

// equal reports whether all of a list are of one form.
func equal[T any](list []T) bool {
	for _, e := range list[1:] {
		if !reflect.DeepEqual(e, list[0]) {
			return false
		}
	}
	return true
}
