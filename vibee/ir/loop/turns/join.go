package turns

import (
	"errors"
	"fmt"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// Join gives the statements that run the turns of f, a loop by steps of 1, in groups of n: those of a group are n
// neighbours, from a multiple of n on. The temps that f writes become n times as large. name makes a name that is not taken.
func Join(f *loop.For, n int, name func(string) string) ([]loop.Stmt, error) {
	if f.Step != 1 || f.Whole || n < 2 {
		return nil, fmt.Errorf("%d turns of a loop by steps of %d", n, f.Step)
	}
	j := &joiner{loop: f, n: n, name: name, size: map[*loop.Buf]loop.Expr{}, settled: map[*loop.Var]*loop.Def{}, same: map[string]bool{}}
	if !j.temps() {
		return nil, errors.New("tiles stand in no loop whose turns run side by side")
	}
	j.inner = definitions(f.Body)
	j.divide()
	j.compare()
	out := j.groups()
	if j.shared == 0 {
		return nil, errors.New("its turns read nothing in common")
	}
	for b, size := range j.size {
		b.Size = times(size, num(n))
	}
	return out, nil
}

type joiner struct {
	loop  *loop.For
	n     int
	name  func(string) string
	inner map[*loop.Var]bool      // what the body declares
	size  map[*loop.Buf]loop.Expr // of the temps of the body: what one turn has of each

	settled map[*loop.Var]*loop.Def // integers of a turn that depend on nothing that it computes
	order   []*loop.Def             // the same, in order
	parts   [][]loop.Stmt           // the rest of the body: where turns run side by side, all have done one before the next begins
	agree   []loop.Expr             // in what the turns of a group must agree
	same    map[string]bool         // the same, as text
	shared  int                     // reads that are one for all turns of a group
}

// temps finds the scratch memory that a turn writes; false where it has tiles.
func (j *joiner) temps() bool {
	tiles := false
	loop.WalkStmts(j.loop.Body, func(s loop.Stmt) {
		switch s := s.(type) {
		case *loop.Store:
			if s.Buf.Role == loop.Temp {
				j.size[s.Buf] = s.Buf.Size
			}
		case *loop.Tiled:
			tiles = true
		}
	})
	return !tiles
}

// constant reports whether a buffer stays as it is while turns run.
func (j *joiner) constant(b *loop.Buf) bool {
	return b.Role == loop.In || b.Role == loop.Table || b.Role == loop.Temp && j.size[b] == nil
}

// groups writes the loop over groups. The first and the last may have fewer turns: they go one by one, as turns do that
// don't agree.
func (j *joiner) groups() []loop.Stmt {
	g, from, end, alike := j.counter("group"), j.counter("from"), j.counter("end"), &loop.Var{Name: j.name("alike"), Type: loop.Bool, Lanes: 1, Mutable: true}
	lo, hi, n := j.loop.Lo, j.loop.Hi, num(j.n)
	body := []loop.Stmt{
		&loop.Def{Var: from, Value: binary(loop.Max, lo, times(ref(g), n))},
		&loop.Def{Var: end, Value: binary(loop.Min, hi, plus(times(ref(g), n), n))},
		&loop.Def{Var: alike, Value: binary(loop.Ne, num(0), num(0))},
		j.agreement(alike, from, end),
		&loop.If{Cond: ref(alike), Then: j.sideBySide(from, end), Else: []loop.Stmt{j.oneByOne(j.loop.Body, from, end, false)}},
	}
	groups := binary(loop.Div, plus(hi, num(j.n-1)), n)
	return []loop.Stmt{&loop.For{Var: g, Lo: binary(loop.Div, lo, n), Hi: groups, Step: 1, Body: body}}
}

// sideBySide runs a full group whose turns agree: part by part, together where that joins what they read.
func (j *joiner) sideBySide(from, end *loop.Var) (out []loop.Stmt) {
	var alone []loop.Stmt
	flush := func() {
		if len(alone) > 0 {
			out = append(out, j.oneByOne(alone, from, end, true))
			alone = nil
		}
	}
	for _, p := range j.parts {
		f := j.together(p, from, end)
		if f == nil {
			alone = append(alone, p...)
			continue
		}
		flush()
		out = append(out, f)
	}
	flush()
	return out
}

// together is a part for a full group whose turns agree, or nil where nothing is gained by it.
func (j *joiner) together(part []loop.Stmt, from, end *loop.Var) loop.Stmt {
	before := j.shared
	f, turns := j.full(from, end)
	for _, t := range turns[1:] {
		t.like = turns[0]
	}
	for _, t := range turns {
		f.Body = append(f.Body, j.settle(t, j.needs(t, part))...)
	}
	f.Body = append(f.Body, j.fuse(turns, part)...)
	if j.shared == before {
		return nil
	}
	return f
}

// oneByOne runs a body for each turn of a group. Where other parts are run together, each turn has its part of the temps.
func (j *joiner) oneByOne(body []loop.Stmt, from, end *loop.Var, own bool) loop.Stmt {
	w := j.fresh(j.loop.Var)
	t := newTurn(j.loop.Var, w, num(0))
	f := &loop.For{Var: w, Lo: ref(from), Hi: ref(end), Step: 1}
	if own {
		t.number = binary(loop.Mod, ref(w), num(j.n))
		f.Body = j.settle(t, j.needs(t, body))
	}
	f.Body = append(f.Body, j.fuse([]*turn{t}, body)...)
	return f
}

// full is a loop that runs once where a group is full, which defines its turns.
func (j *joiner) full(from, end *loop.Var) (*loop.For, []*turn) {
	first := j.fresh(j.loop.Var)
	f := &loop.For{Var: first, Lo: ref(from), Hi: ref(end), Step: int64(j.n), Whole: true}
	turns := []*turn{newTurn(j.loop.Var, first, num(0))}
	for i := 1; i < j.n; i++ {
		w := j.fresh(j.loop.Var)
		f.Body = append(f.Body, &loop.Def{Var: w, Value: plus(ref(first), num(i))})
		turns = append(turns, newTurn(j.loop.Var, w, num(i)))
	}
	return f, turns
}
