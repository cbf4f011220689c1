package jinja

import "unicode/utf8"

// size is Python's len(v), false where v has none.
func size(v Value) (int, bool) {
	switch v := v.(type) {
	case Str:
		return utf8.RuneCountInString(string(v)), true
	case *List:
		return len(v.items), true
	case *tuple:
		return len(v.items), true
	case *Dict:
		return v.Len(), true
	case *rangeValue:
		return int(v.n), true
	case *view:
		return len(v.items), true
	case *undefined:
		return 0, true
	}
	return 0, false
}

// items are the values that iterating v gives, not to be changed; false where v
// can't be iterated. A generator's are gone afterwards.
func (r *renderer) items(v Value) ([]Value, bool) {
	switch v := v.(type) {
	case *List:
		return v.items, true
	case *tuple:
		return v.items, true
	case *Dict:
		return v.keys, true
	case *view:
		return v.items, true
	case *generator:
		return v.drain(), true
	case *undefined:
		return nil, true
	case Str:
		var items []Value
		r.step(len(v))
		for _, c := range string(v) {
			items = append(items, Str(c))
		}
		return items, true
	case *rangeValue:
		r.step(int(v.n))
		items := make([]Value, v.n)
		for i := range items {
			items[i] = v.at(int64(i))
		}
		return items, true
	}
	return nil, false
}

func (r *renderer) iterate(v Value) []Value {
	items, ok := r.items(v)
	if !ok {
		r.fail("a '%s' can't be iterated over", v.pyType())
	}
	return items
}

func (v *rangeValue) at(i int64) Value { return Int(v.start + i*v.step) }
