package golang

import (
	"fmt"

	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// field is a value at a constant place of a view: a scale, a word of high bits.
type field struct {
	mem loop.Mem
	at  int64
}

// hoistFields reads fields of several bytes that a body uses more than once, or in a loop,
// where their view is opened: Go neither moves such reads out of loops nor, in a
// large function, inlines them.
func hoistFields(body []loop.Stmt) []loop.Stmt {
	out := make([]loop.Stmt, 0, len(body))
	for i, s := range body {
		open, ok := s.(*loop.Open)
		if !ok || open.View.Buf.Role != loop.In || !open.View.Buf.Bytes || open.View.Lanes > scalarLanes {
			out = append(out, hoistInside(s))
			continue
		}
		out = append(out, s)
		uses := map[field]int{}
		var order []field
		countFields(open.View, body[i+1:], 1, func(f field, n int) {
			if uses[f] == 0 {
				order = append(order, f)
			}
			uses[f] += n
		})
		vars := map[field]*loop.Var{}
		for _, f := range order {
			if uses[f] < 2 {
				continue
			}
			v := &loop.Var{Name: fmt.Sprintf("%s_%s_%d", open.View.Name, f.mem, f.at), Type: f.mem.Type(), Lanes: open.View.Lanes}
			vars[f] = v
			out = append(out, &loop.Def{Var: v, Value: &loop.Peek{View: open.View, Mem: f.mem, Index: &loop.ConstInt{V: f.at}}})
		}
		if len(vars) == 0 {
			continue
		}
		rest := replaceFields(open.View, vars, body[i+1:])
		return append(out, hoistFields(rest)...)
	}
	return out
}

func hoistInside(s loop.Stmt) loop.Stmt {
	switch s := s.(type) {
	case *loop.For:
		f := *s
		f.Body = hoistFields(s.Body)
		return &f
	case *loop.If:
		return &loop.If{Cond: s.Cond, Then: hoistFields(s.Then), Else: hoistFields(s.Else)}
	}
	return s
}

// fieldOf recognizes a read of several bytes at a constant place of v.
func fieldOf(v *loop.View, e loop.Expr) (field, bool) {
	p, ok := e.(*loop.Peek)
	if !ok || p.View != v || p.Mem.Bytes() == 1 {
		return field{}, false
	}
	c, ok := p.Index.(*loop.ConstInt)
	if !ok {
		return field{}, false
	}
	return field{p.Mem, c.V}, true
}

// countFields reports each use; one inside a loop counts twice.
func countFields(v *loop.View, body []loop.Stmt, weight int, count func(field, int)) {
	for _, s := range body {
		for _, e := range loop.Exprs(s) {
			loop.Walk(e, func(e loop.Expr) {
				if f, ok := fieldOf(v, e); ok {
					count(f, weight)
				}
			})
		}
		inner := weight
		if _, ok := s.(*loop.For); ok {
			inner = 2
		}
		for _, b := range loop.Blocks(s) {
			countFields(v, b, inner, count)
		}
	}
}

func replaceFields(v *loop.View, vars map[field]*loop.Var, body []loop.Stmt) []loop.Stmt {
	var replace func(loop.Expr) loop.Expr
	replace = func(e loop.Expr) loop.Expr {
		if f, ok := fieldOf(v, e); ok && vars[f] != nil {
			return &loop.Ref{Var: vars[f]}
		}
		return loop.Rebuild(e, replace)
	}
	var block func([]loop.Stmt) []loop.Stmt
	block = func(body []loop.Stmt) []loop.Stmt {
		out := make([]loop.Stmt, len(body))
		for i, s := range body {
			out[i] = loop.RebuildStmt(s, replace, block)
		}
		return out
	}
	return block(body)
}
