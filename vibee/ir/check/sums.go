package check

import (
	"strconv"

	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// sums notes that a field holds sums: one of integers those of codes, or a multiple of them, one of f32 those of values.
func (c *checker) sums(f *spec.Format, a *grammar.Sums) {
	by, _ := strconv.Atoi(a.By.Text)
	times := int64(1)
	if a.Times != nil {
		n, err := strconv.ParseInt(a.Times.Text, 10, 32)
		if err != nil || n == 0 {
			c.errorf(a.Times.Pos, "times %s: an integer other than 0 is expected", a.Times.Text)
			return
		}
		if times = n; a.Minus {
			times = -n
		}
	}
	for _, field := range f.Fields {
		if field.Name != a.Field.Text {
			continue
		}
		values := field.Elem.Type == spec.F32
		switch {
		case by < 1 || f.Count%by != 0:
			c.errorf(a.By.Pos, "a block of %d values has no sums by %s: that divides %[1]d", f.Count, a.By.Text)
		case len(field.Shape) != 1 || field.Len != f.Count/by || field.Elem.Type != spec.Int && field.Elem != spec.Elems["f32"]:
			n := f.Count / by
			c.errorf(a.Field.Pos, "sums by %d of %d values are %d %s, or %[3]d f32: %[5]s : i16[%[3]d], say", by, f.Count, n, plural(n, "integer"), field.Name)
		case values && times != 1:
			c.errorf(a.Times.Pos, "the sums of values are no multiple of them: leave out times %d", times)
		default:
			for _, s := range f.Sums {
				if s.By == by && s.Times == times && (s.Field.Elem.Type == spec.F32) == values {
					c.errorf(a.Pos, "format %s has a field of such sums: %s", f.Name, s.Field.Name)
				}
			}
			f.Sums = append(f.Sums, &spec.Sums{Field: field, By: by, Times: times})
		}
		return
	}
	c.errorf(a.Field.Pos, "format %s has no field %s", f.Name, a.Field.Text)
}
