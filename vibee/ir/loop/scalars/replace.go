package scalars

import (
	"maps"
	"slices"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// small is how many elements of scratch memory may become variables.
const small = 64

// Replace makes variables of p's small scratch memory, where all of its places are known. name makes a name that is not taken.
func Replace(p *loop.Program, name func(string) string) {
	temps := map[*loop.Buf]bool{}
	for _, t := range p.Temps {
		if n, ok := t.Size.(*loop.ConstInt); ok && n.V <= small && !t.Bytes && whole(t.Elem) {
			temps[t] = true
		}
	}
	if len(temps) == 0 {
		return
	}
	u := &unroller{temps: temps, name: name, as: map[*loop.Var]loop.Expr{}}
	body := u.block(p.Body)
	if u.failed {
		return
	}
	places := map[*loop.Buf]map[int64]*loop.Var{}
	for t := range temps {
		if known(body, t) {
			places[t] = map[int64]*loop.Var{}
		}
	}
	if len(places) == 0 {
		return
	}
	r := &replacer{places: places, name: name}
	p.Body = r.block(body)
	p.Temps = slices.DeleteFunc(p.Temps, func(t *loop.Buf) bool { return places[t] != nil })
}

// whole reports whether memory of an element type holds a value as a variable does.
func whole(m loop.Mem) bool { return m == loop.MemI64 || m == loop.MemF32 || m == loop.MemF64 }

// known reports whether t is only read and written in strips of one width at constant places, each of which is written
// once, before it is read.
func known(body []loop.Stmt, t *loop.Buf) bool {
	width, ok := 0, true
	written := map[int64]bool{}
	at := func(index, stride loop.Expr, n int) int64 {
		i, constant := index.(*loop.ConstInt)
		step, even := stride.(*loop.ConstInt)
		if !constant || n > 1 && (!even || step.V != 1) || width != 0 && n != width || i.V%int64(n) != 0 {
			ok = false
			return -1
		}
		width = n
		return i.V
	}
	var walk func(body []loop.Stmt, seen map[int64]bool)
	walk = func(body []loop.Stmt, seen map[int64]bool) {
		seen = maps.Clone(seen)
		for _, s := range body {
			for _, e := range loop.Exprs(s) {
				loop.Walk(e, func(e loop.Expr) {
					if l, is := e.(*loop.Load); is && l.Buf == t && !seen[at(l.Index, l.Stride, l.Lanes())] {
						ok = false
					}
				})
			}
			if s, is := s.(*loop.Store); is && s.Buf == t {
				i := at(s.Index, s.Stride, s.Value.Lanes())
				ok = ok && !written[i]
				written[i], seen[i] = true, true
			}
			for _, b := range loop.Blocks(s) {
				walk(b, seen)
			}
		}
	}
	walk(body, map[int64]bool{})
	return ok && width > 0
}

// replacer writes variables for places.
type replacer struct {
	places map[*loop.Buf]map[int64]*loop.Var
	name   func(string) string
}

func (r *replacer) block(body []loop.Stmt) []loop.Stmt {
	out := make([]loop.Stmt, len(body))
	for i, s := range body {
		switch s := s.(type) {
		case *loop.Store:
			if vars := r.places[s.Buf]; vars != nil {
				v := &loop.Var{Name: r.name(s.Buf.Name), Type: s.Value.Type(), Lanes: s.Value.Lanes()}
				vars[s.Index.(*loop.ConstInt).V] = v
				out[i] = &loop.Def{Var: v, Value: r.expr(s.Value)}
				continue
			}
		}
		out[i] = loop.RebuildStmt(s, r.expr, r.block)
	}
	return out
}

func (r *replacer) expr(e loop.Expr) loop.Expr {
	if l, ok := e.(*loop.Load); ok {
		if vars := r.places[l.Buf]; vars != nil {
			return &loop.Ref{Var: vars[l.Index.(*loop.ConstInt).V]}
		}
	}
	return loop.Rebuild(e, r.expr)
}
