package turns

import "github.com/trinity-engine/trinity/vibee/ir/loop"

// compare finds in what turns must agree: the bounds of loops, and what the places that are read are sums and products of,
// as far as that is settled. The loop's counter, and what is computed from it alone, may differ: each turn has its own operands.
func (j *joiner) compare() {
	for _, p := range j.parts {
		loop.WalkStmts(p, func(s loop.Stmt) {
			switch s := s.(type) {
			case *loop.For:
				for _, e := range []loop.Expr{s.Lo, s.Hi} {
					if j.known(e) {
						j.factors(e)
					}
				}
			case *loop.Open:
				if j.constant(s.View.Buf) {
					j.factors(s.View.Index)
				}
			}
			for _, e := range loop.Exprs(s) {
				loop.Walk(e, func(e loop.Expr) {
					if l, ok := e.(*loop.Load); ok && j.constant(l.Buf) {
						j.factors(l.Index)
					}
				})
			}
		})
	}
}

// factors notes what a sum of products is made of, where turns must agree in it.
func (j *joiner) factors(e loop.Expr) {
	switch e := e.(type) {
	case *loop.Splat:
		j.factors(e.A)
		return
	case *loop.Binary:
		if e.Op == loop.Add || e.Op == loop.Sub || e.Op == loop.Mul {
			j.factors(e.A)
			j.factors(e.B)
			return
		}
	}
	r, isRef := e.(*loop.Ref)
	text := loop.Text(e)
	if e.Lanes() > 1 || j.same[text] || !j.known(e) || !j.differs(e) || isRef && !j.fromMemory(r.Var) {
		return
	}
	j.same[text] = true
	j.agree = append(j.agree, e)
}

// differs reports whether a settled expression may be another in another turn.
func (j *joiner) differs(e loop.Expr) (found bool) {
	loop.Walk(e, func(e loop.Expr) {
		if r, ok := e.(*loop.Ref); ok {
			d := j.settled[r.Var]
			found = found || r.Var == j.loop.Var || d != nil && j.differs(d.Value)
		}
	})
	return found
}

// fromMemory reports whether a settled variable depends on memory.
func (j *joiner) fromMemory(v *loop.Var) (found bool) {
	d := j.settled[v]
	if d == nil {
		return false
	}
	loop.Walk(d.Value, func(e loop.Expr) {
		switch e := e.(type) {
		case *loop.Load:
			found = true
		case *loop.Ref:
			found = found || j.fromMemory(e.Var)
		}
	})
	return found
}

// agreement sets alike where a group is full and its turns agree.
func (j *joiner) agreement(alike, from, end *loop.Var) loop.Stmt {
	f, turns := j.full(from, end)
	for _, t := range turns {
		needed := map[*loop.Var]bool{}
		for _, e := range j.agree {
			j.mention(t, needed, e)
		}
		f.Body = append(f.Body, j.settle(t, needed)...)
	}
	yes := binary(loop.Eq, num(0), num(0))
	for i, e := range j.agree {
		for k, t := range turns[1:] {
			same := binary(loop.Eq, j.of(t, e), j.of(turns[0], e))
			if i+k == 0 {
				yes = same
				continue
			}
			yes = binary(loop.And, yes, same)
		}
	}
	f.Body = append(f.Body, &loop.Set{Var: alike, Value: yes})
	return f
}
