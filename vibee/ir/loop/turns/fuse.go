package turns

import "github.com/trinity-engine/trinity/vibee/ir/loop"

// fuse writes statements for turns that agree.
func (j *joiner) fuse(turns []*turn, body []loop.Stmt) (out []loop.Stmt) {
	for _, s := range body {
		switch s := s.(type) {
		case *loop.Def:
			out = append(out, j.define(turns, s)...)
		case *loop.Set:
			defs, values := j.read(j.each(turns, s.Value))
			out = append(out, defs...)
			for i, t := range turns {
				out = append(out, &loop.Set{Var: t.vars[s.Var], Value: values[i]})
			}
		case *loop.Store:
			defs, values := j.read(j.each(turns, s.Value))
			out = append(out, defs...)
			for i, t := range turns {
				store := &loop.Store{Buf: s.Buf, Mem: s.Mem, Index: j.place(t, s.Buf, j.of(t, s.Index)), Value: values[i]}
				if s.Stride != nil {
					store.Stride = j.of(t, s.Stride)
				}
				out = append(out, store)
			}
		case *loop.Open:
			out = append(out, j.open(turns, s)...)
		case *loop.If:
			out = append(out, j.choose(turns, s)...)
		case *loop.For:
			out = append(out, j.repeat(turns, s)...)
		default:
			out = append(out, s)
		}
	}
	return out
}

// open opens a view: one for all turns where it is the same for them.
func (j *joiner) open(turns []*turn, s *loop.Open) (out []loop.Stmt) {
	views := make([]*loop.View, len(turns))
	for i, t := range turns {
		v := *s.View
		if v.Name, v.Index = "", j.place(t, v.Buf, j.of(t, v.Index)); v.Stride != nil {
			v.Stride = j.of(t, v.Stride)
		}
		views[i] = &v
	}
	same := len(turns) > 1 && equal(views)
	for i, t := range turns {
		if same {
			views[i] = views[0]
		}
		if t.views[s.View] = views[i]; i == 0 || !same {
			views[i].Name = j.name(s.View.Name)
			out = append(out, &loop.Open{View: views[i]})
		}
	}
	return out
}

// define declares a variable: one for all turns where it is the same for them.
func (j *joiner) define(turns []*turn, s *loop.Def) []loop.Stmt {
	values := j.each(turns, s.Value)
	if !s.Var.Mutable && equal(values) {
		v := j.fresh(s.Var)
		for _, t := range turns {
			t.vars[s.Var] = v
		}
		if len(turns) > 1 && isRead(s.Value) {
			j.shared++
		}
		return []loop.Stmt{&loop.Def{Var: v, Value: values[0]}}
	}
	defs, values := j.read(values)
	for i, t := range turns {
		v := j.fresh(s.Var)
		t.vars[s.Var] = v
		defs = append(defs, &loop.Def{Var: v, Value: values[i]})
	}
	return defs
}

// choose writes an If.
func (j *joiner) choose(turns []*turn, s *loop.If) (out []loop.Stmt) {
	conds := j.each(turns, s.Cond)
	if equal(conds) {
		return []loop.Stmt{&loop.If{Cond: conds[0], Then: j.fuse(turns, s.Then), Else: j.fuse(turns, s.Else)}}
	}
	for i, t := range turns {
		one := []*turn{t}
		out = append(out, &loop.If{Cond: conds[i], Then: j.fuse(one, s.Then), Else: j.fuse(one, s.Else)})
	}
	return out
}

// repeat writes a loop: one for all turns, or, where they would share nothing in it, one for each.
func (j *joiner) repeat(turns []*turn, s *loop.For) (out []loop.Stmt) {
	los, his := j.each(turns, s.Lo), j.each(turns, s.Hi)
	before := j.shared
	switch {
	case equal(los) && equal(his):
		one := j.over(turns, s, los[0], his[0])
		if len(turns) == 1 || j.shared > before {
			return []loop.Stmt{one}
		}
	case s.Step == 1 && !s.Whole:
		if out := j.overlap(turns, s, los, his); j.shared > before {
			return out
		}
	}
	for i, t := range turns {
		out = append(out, j.over([]*turn{t}, s, los[i], his[i]))
	}
	return out
}

// over is a loop of turns from lo to hi.
func (j *joiner) over(turns []*turn, s *loop.For, lo, hi loop.Expr) loop.Stmt {
	v := j.fresh(s.Var)
	for _, t := range turns {
		t.vars[s.Var] = v
	}
	out := &loop.For{Var: v, Lo: lo, Hi: hi, Step: s.Step, Whole: s.Whole, Unroll: s.Unroll, Body: j.fuse(turns, s.Body)}
	if s.Rest != nil {
		out.Rest = j.fresh(s.Rest)
		for _, t := range turns {
			t.vars[s.Rest] = out.Rest
		}
	}
	return out
}

// overlap is a loop whose bounds differ: what only some turns have before what all of them have, that, and what only
// some have after it.
func (j *joiner) overlap(turns []*turn, s *loop.For, los, his []loop.Expr) []loop.Stmt {
	first, last, next := j.counter("first"), j.counter("last"), j.counter("next")
	out := []loop.Stmt{
		&loop.Def{Var: first, Value: fold(loop.Max, los)},
		&loop.Def{Var: last, Value: fold(loop.Min, his)},
		&loop.Def{Var: next, Value: binary(loop.Max, ref(first), ref(last))},
	}
	for i, t := range turns {
		out = append(out, j.over([]*turn{t}, s, los[i], binary(loop.Min, ref(first), his[i])))
	}
	out = append(out, j.over(turns, s, ref(first), ref(last)))
	for i, t := range turns {
		out = append(out, j.over([]*turn{t}, s, ref(next), his[i]))
	}
	return out
}
