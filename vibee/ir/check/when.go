package check

import (
	"slices"
	"strconv"

	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// maxWhen bounds the constants of a case, and maxPeriod the remainders that cases together tell apart,
// so that trying values proves what holds for all.
const (
	maxWhen   = 1 << 16
	maxPeriod = 1 << 16
)

// when reads T <= 8 && T % 4 == 0.
func (c *checker) when(o *spec.Op, out *spec.Schedule, e grammar.Expr) {
	b, ok := e.(*grammar.Binary)
	if ok && b.Op == "&&" {
		c.when(o, out, b.X)
		c.when(o, out, b.Y)
		return
	}
	form := func(pos grammar.Pos) {
		c.errorf(pos, "a case compares one dim with constants: T <= 8, D %% 64 == 0, joined by &&")
	}
	if !ok {
		form(e.At())
		return
	}
	t := spec.Test{Op: b.Op}
	x := b.X
	if mod, ok := x.(*grammar.Binary); ok && mod.Op == "%" {
		if t.Mod, ok = natural(mod.Y); !ok || t.Mod < 1 {
			form(mod.Y.At())
			return
		}
		x = mod.X
	}
	id, isName := x.(*grammar.Ident)
	than, isNumber := natural(b.Y)
	switch {
	case !isName || !isNumber || !slices.Contains([]string{"==", "!=", "<", "<=", ">", ">="}, b.Op):
		form(b.Pos)
		return
	case !slices.Contains(dimsOf(o), id.Text):
		c.suggest(id.Pos, id.Text, dimsOf(o), "%s has no dim %s", o.Name, id.Text)
		return
	case out.Dim != "" && out.Dim != id.Text:
		c.errorf(id.Pos, "a case tests one dim: %s or %s", out.Dim, id.Text)
		return
	}
	t.Than = than
	out.Dim, out.When = id.Text, append(out.When, t)
}

// natural reads a constant of a case.
func natural(e grammar.Expr) (int64, bool) {
	n, ok := e.(*grammar.Number)
	if !ok {
		return 0, false
	}
	v, err := strconv.ParseInt(n.Text, 0, 64)
	return v, err == nil && v >= 0 && v <= maxWhen
}

// dimsOf are the dims that a schedule may look at.
func dimsOf(o *spec.Op) []string {
	names := slices.Clone(o.Dims)
	for _, p := range o.Params {
		if p.Kind == spec.Dim {
			names = append(names, p.Name)
		}
	}
	return names
}

// cases proves of each op and target that exactly one schedule holds for every value of the dim.
func (c *checker) cases(all []*decl) {
	for _, d := range all {
		if d.op == nil {
			continue
		}
		before := len(c.errs)
		for _, t := range targets {
			var list []*spec.Schedule
			for _, s := range d.op.Schedules {
				if slices.Contains(s.For, t) {
					list = append(list, s)
				}
			}
			c.exactlyOne(d, t, list)
			if len(c.errs) > before {
				break // the next target's would be the same
			}
		}
		d.broken = d.broken || len(c.errs) > before
	}
}

func (c *checker) exactlyOne(d *decl, target string, list []*spec.Schedule) {
	if len(list) == 0 || d.broken {
		return
	}
	first := list[0]
	top, period := int64(0), int64(1)
	for _, s := range list {
		switch {
		case s.Dim == "" && len(list) > 1:
			c.errorf(list[1].Pos, "%s has a schedule for %s already, at %s:%d: several are cases of one dim, as in `when T <= 8`",
				d.op.Name, target, first.Pos.File, first.Pos.Line)
			return
		case s.Dim != first.Dim:
			c.errorf(s.Pos, "the cases of %s for %s test one dim: %s here, %s at %s:%d", d.op.Name, target, s.Dim, first.Dim, first.Pos.File, first.Pos.Line)
			return
		}
		for _, t := range s.When {
			if top = max(top, t.Than); t.Mod > 0 {
				period = lcm(period, t.Mod)
			}
			if period > maxPeriod {
				c.errorf(s.Pos, "the remainders of these cases repeat only after %d values: the limit is %d", period, maxPeriod)
				return
			}
		}
	}
	// Beyond the largest constant nothing but remainders decides, and they repeat.
	for n := int64(0); n <= top+period; n++ {
		var held *spec.Schedule
		for _, s := range list {
			if !s.Holds(n) {
				continue
			}
			if held != nil {
				c.errorf(s.Pos, "two cases for %s hold for %s = %d: this one and that at %s:%d", target, s.Dim, n, held.Pos.File, held.Pos.Line)
				return
			}
			held = s
		}
		if held == nil {
			c.errorf(first.Pos, "no case for %s holds for %s = %d", target, first.Dim, n)
			return
		}
	}
}

func lcm(a, b int64) int64 {
	x, y := a, b
	for y != 0 {
		x, y = y, x%y
	}
	return a / x * b
}
