package words

import (
	"fmt"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// size is how many bytes a word has.
const size = 4

// Join gives a body that reads words.
func Join(body []loop.Stmt) []loop.Stmt {
	out := make([]loop.Stmt, len(body))
	for i, s := range body {
		switch s := s.(type) {
		case *loop.For:
			f := *s
			f.Body = Join(s.Body)
			out[i] = joined(&f)
		case *loop.If:
			out[i] = &loop.If{Cond: s.Cond, Then: Join(s.Then), Else: Join(s.Else)}
		case *loop.Tiled:
			out[i] = &loop.Tiled{Tiles: s.Tiles, Body: Join(s.Body)}
		default:
			out[i] = s
		}
	}
	return out
}

// joined is f with steps of four, or f where it reads no bytes in order.
func joined(f *loop.For) loop.Stmt {
	lo, okLo := f.Lo.(*loop.ConstInt)
	hi, okHi := f.Hi.(*loop.ConstInt)
	if !okLo || !okHi || f.Step != 1 || f.Whole || (hi.V-lo.V)%size != 0 || hi.V <= lo.V {
		return f
	}
	w := &joiner{counter: f.Var}
	for _, s := range f.Body {
		switch s.(type) {
		case *loop.Def, *loop.Set, *loop.Note:
		default:
			return f
		}
		for _, e := range loop.Exprs(s) {
			loop.Walk(e, w.look)
		}
	}
	if len(w.words) == 0 {
		return f
	}
	out := *f
	out.Step, out.Body = size, nil
	for _, d := range w.words {
		out.Body = append(out.Body, d.def)
	}
	for k := range int64(size) {
		out.Body = append(out.Body, w.step(f.Body, k)...)
	}
	return &out
}

// joiner rewrites the body of one loop.
type joiner struct {
	counter *loop.Var
	words   []word
	renamed map[*loop.Var]*loop.Var // in the step that is being written
}

// word holds four bytes of each lane of a view, from the place that peek reads in a step.
type word struct {
	view *loop.View
	text string // of the index
	def  *loop.Def
}

// look notes the bytes that e reads in order.
func (w *joiner) look(e loop.Expr) {
	p, ok := e.(*loop.Peek)
	if !ok || !w.ordered(p) || w.find(p) != nil {
		return
	}
	name := fmt.Sprintf("%s_%s_word%d", p.View.Name, w.counter.Name, len(w.words))
	v := &loop.Var{Name: name, Type: loop.Int, Lanes: p.View.Lanes}
	w.words = append(w.words, word{p.View, loop.Text(p.Index), &loop.Def{Var: v, Value: &loop.Peek{View: p.View, Mem: loop.MemU32, Index: p.Index}}})
}

func (w *joiner) find(p *loop.Peek) *loop.Var {
	for _, d := range w.words {
		if d.view == p.View && d.text == loop.Text(p.Index) {
			return d.def.Var
		}
	}
	return nil
}

// ordered reports whether p reads the byte after the one of the step before.
func (w *joiner) ordered(p *loop.Peek) bool {
	if p.View.Lanes == 1 || p.Mem.Bytes() != 1 {
		return false
	}
	n, plain := w.coefficient(p.Index)
	return plain && n == 1
}

// coefficient is how often e, a sum, adds the counter; false where e holds it elsewhere.
func (w *joiner) coefficient(e loop.Expr) (n int, plain bool) {
	if r, ok := e.(*loop.Ref); ok && r.Var == w.counter {
		return 1, true
	}
	if b, ok := e.(*loop.Binary); ok && b.Op == loop.Add {
		x, okX := w.coefficient(b.A)
		y, okY := w.coefficient(b.B)
		return x + y, okX && okY
	}
	plain = true
	loop.Walk(e, func(e loop.Expr) {
		if r, ok := e.(*loop.Ref); ok && r.Var == w.counter {
			plain = false
		}
	})
	return 0, plain
}

// step is the body for the counter's value plus k.
func (w *joiner) step(body []loop.Stmt, k int64) []loop.Stmt {
	w.renamed = map[*loop.Var]*loop.Var{}
	var out []loop.Stmt
	for _, s := range body {
		switch s := s.(type) {
		case *loop.Def:
			v := *s.Var
			v.Name = fmt.Sprintf("%s_%d", v.Name, k)
			value := w.at(s.Value, k)
			w.renamed[s.Var] = &v
			out = append(out, &loop.Def{Var: &v, Value: value})
		case *loop.Set:
			v := s.Var
			if n := w.renamed[v]; n != nil {
				v = n
			}
			out = append(out, &loop.Set{Var: v, Value: w.at(s.Value, k)})
		default:
			if k == 0 {
				out = append(out, s)
			}
		}
	}
	return out
}

// at is e in step k.
func (w *joiner) at(e loop.Expr, k int64) loop.Expr {
	switch x := e.(type) {
	case *loop.Ref:
		if x.Var == w.counter && k > 0 {
			return &loop.Binary{Op: loop.Add, A: x, B: &loop.ConstInt{V: k}}
		}
		if v := w.renamed[x.Var]; v != nil {
			return &loop.Ref{Var: v}
		}
		return x
	case *loop.Peek:
		if v := w.find(x); v != nil && w.ordered(x) {
			return byteOf(v, x.Mem, k)
		}
	}
	return simplify(loop.Rebuild(e, func(e loop.Expr) loop.Expr { return w.at(e, k) }))
}

// byteOf is byte k of a word.
func byteOf(v *loop.Var, m loop.Mem, k int64) loop.Expr {
	shifted := simplify(&loop.Binary{Op: loop.Shr, A: &loop.Ref{Var: v}, B: repeat(8*k, v.Lanes)})
	if m == loop.MemI8 {
		return &loop.Wrap{Mem: m, A: shifted}
	}
	return &loop.Binary{Op: loop.And, A: shifted, B: repeat(255, v.Lanes)}
}

func repeat(v int64, n int) loop.Expr { return &loop.Splat{A: &loop.ConstInt{V: v}, N: n} }

// simplify joins shifts and masks by constants with those that their operand ends in.
func simplify(e loop.Expr) loop.Expr {
	b, ok := e.(*loop.Binary)
	if !ok || b.Op != loop.Shr && b.Op != loop.And {
		return e
	}
	n, ok := constant(b.B)
	if !ok {
		return e
	}
	if b.Op == loop.Shr && n == 0 {
		return b.A
	}
	a, ok := b.A.(*loop.Binary)
	if !ok {
		return e
	}
	m, ok := constant(a.B)
	if !ok || m < 0 || n < 0 {
		return e
	}
	switch {
	case b.Op == loop.Shr && a.Op == loop.Shr && m+n < 64:
		return &loop.Binary{Op: loop.Shr, A: a.A, B: repeat(m+n, e.Lanes())}
	case b.Op == loop.Shr && a.Op == loop.And:
		return &loop.Binary{Op: loop.And, A: simplify(&loop.Binary{Op: loop.Shr, A: a.A, B: b.B}), B: repeat(m>>uint(n), e.Lanes())}
	case b.Op == loop.And && a.Op == loop.And:
		return &loop.Binary{Op: loop.And, A: a.A, B: repeat(m&n, e.Lanes())}
	}
	return e
}

func constant(e loop.Expr) (int64, bool) {
	switch e := e.(type) {
	case *loop.Splat:
		return constant(e.A)
	case *loop.ConstInt:
		return e.V, true
	}
	return 0, false
}
