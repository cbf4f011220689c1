package lower

import "github.com/trinity-engine/trinity/vibee/ir/spec"

// touches reports whether computing e reads memory at an index that a condition may guard.
func touches(e spec.Expr) bool {
	found := false
	spec.Walk(e, func(e spec.Expr) bool {
		switch e := e.(type) {
		case *spec.WeightRef, *spec.StateRef, *spec.TableRef, *spec.Reduce:
			found = true
		case *spec.TensorRef:
			found = found || !throughout(e.At, e.Param.Shape)
		case *spec.PlaceRef:
			found = found || !throughout([]spec.Expr{e.At}, e.Param.Shape)
		case *spec.FieldRef:
			found = found || e.At != nil
		case *spec.LetRef:
			found = found || !everywhere(e)
		}
		return !found
	})
	return found
}

// throughout reports whether the indices of a tensor are those that run over its dims.
func throughout(at, shape []spec.Expr) bool {
	for k, e := range at {
		r, ok := e.(*spec.IndexRef)
		if !ok || spec.Text(r.Index.Lo) != "0" || spec.Text(r.Index.Hi) != spec.Text(shape[k]) {
			return false
		}
	}
	return true
}

// everywhere reports whether a let is read where its own indices run: by the same name, or between the same
// numbers.
func everywhere(l *spec.LetRef) bool {
	for k, e := range l.At {
		r, ok := e.(*spec.IndexRef)
		if !ok {
			return false
		}
		own := l.Let.Index[k]
		same := spec.Text(r.Index.Lo) == spec.Text(own.Lo) && spec.Text(r.Index.Hi) == spec.Text(own.Hi)
		if !same || r.Index.Name != own.Name && !(number(own.Lo) && number(own.Hi)) {
			return false
		}
	}
	return true
}

func number(e spec.Expr) bool {
	_, ok := e.(*spec.IntLit)
	return ok
}
