package asm

import (
	"fmt"
	"go/format"
	"slices"
	"strconv"
	"strings"

	"github.com/trinity-engine/trinity/vibee/codegen"
	"github.com/trinity-engine/trinity/vibee/codegen/golang"
	"github.com/trinity-engine/trinity/vibee/ir/loop"
)

// entry is the Go file that enters a kernel's assembly.
type entry struct {
	strings.Builder
	kernel, path string
}

func newEntry(module string, op *codegen.Op, kernel string) *entry {
	s := &entry{kernel: kernel, path: golang.Folder(op.Package) + "/" + kernel}
	fmt.Fprintf(s, "%s\n\npackage %s\n\nimport %q\n", golang.Header(op.Source), golang.Folder(op.Package), module+"/runtime/plan")
	return s
}

func (s *entry) file() ([]byte, error) {
	out, err := format.Source([]byte(s.String()))
	if err != nil {
		return nil, fmt.Errorf("asm: %s: %w", s.path, err)
	}
	return out, nil
}

// enter declares the assembly function, and writes the Go function that checks the memory of a call, once,
// and the one that says how much scratch it needs.
func (s *entry) enter(p *loop.Program, f frame, variant string) {
	fn := functionName(s.kernel, variant)
	fmt.Fprintf(s, "\n//go:noescape\nfunc %s%s\n", fn, strings.TrimPrefix(f.signature(), "func"))
	call := enterName(s.kernel, variant)
	fmt.Fprintf(s, "\n// %s enters %s if the call's memory is as large as its dims say.\n", call, fn)
	fmt.Fprintf(s, "func %s(call *plan.Call, lo, hi int, scratch []byte) bool {\n", call)
	used := []loop.Expr{p.Work}
	for _, b := range slices.Concat(p.Bufs, p.Temps) {
		if b.Size != nil {
			used = append(used, b.Size)
		}
	}
	s.dims(p, used...)
	var checks []string
	for i, b := range p.Bufs {
		if b.Size == nil {
			continue
		}
		factors := []string{strconv.FormatInt(unit(b), 10)}
		for _, e := range product(b.Size) {
			factors = append(factors, goText(e))
		}
		checks = append(checks, fmt.Sprintf("!call.Buf[%d].Holds(%s)", i, strings.Join(factors, ", ")))
	}
	fmt.Fprintf(s, "if !call.Sane(lo, hi, %s)", goText(p.Work))
	for _, c := range checks {
		fmt.Fprintf(s, " ||\n%s", c)
	}
	s.WriteString(" {\nreturn false\n}\n")
	for i, t := range p.Temps {
		rest := "scratch"
		if i == len(p.Temps)-1 {
			rest = "_"
		}
		fmt.Fprintf(s, "%s, %s := plan.Carve[byte](scratch, %d*%s)\n", tempName(t), rest, unit(t), goText(t.Size))
	}
	s.WriteString("return " + fn + "(")
	args := map[string]string{p.Lo.Name: "lo", p.Hi.Name: "hi"}
	for i, b := range p.Bufs {
		args[b.Name] = fmt.Sprintf("call.Buf[%d].Bytes()", i)
		args[lengthName(b)] = fmt.Sprintf("call.Buf[%d].Len/%d", i, unit(b))
	}
	for _, t := range p.Temps {
		args[t.Name] = fmt.Sprintf("plan.Of(%s).Bytes()", tempName(t))
	}
	for i, d := range p.Dims {
		args[d.Name] = fmt.Sprintf("call.Dim[%d]", i)
	}
	for i, v := range p.Scalars {
		args[v.Name] = fmt.Sprintf("call.F[%d]", i)
	}
	for i, a := range f.params {
		if i > 0 {
			s.WriteString(", ")
		}
		s.WriteString(args[a.of])
	}
	s.WriteString(")\n}\n")
	s.scratch(p, fn)
}

// scratch sums the temps as plan.Carve takes them.
func (s *entry) scratch(p *loop.Program, fn string) {
	param := "*plan.Call"
	var sizes []loop.Expr
	for _, t := range p.Temps {
		sizes = append(sizes, t.Size)
	}
	if mentioned(sizes) != nil {
		param = "call *plan.Call"
	}
	fmt.Fprintf(s, "\n// %s_scratch is the scratch memory of a call in bytes.\nfunc %[1]s_scratch(%s) int {\n", fn, param)
	s.dims(p, sizes...)
	if len(sizes) == 0 {
		s.WriteString("return 0\n}\n")
		return
	}
	s.WriteString("return ")
	for i, t := range p.Temps {
		if i > 0 {
			s.WriteString(" + ")
		}
		fmt.Fprintf(s, "(%d*%s + 63) &^ 63", unit(t), goText(t.Size))
	}
	s.WriteString("\n}\n")
}

// mentioned lists the variables in expressions.
func mentioned(list []loop.Expr) map[*loop.Var]bool {
	var out map[*loop.Var]bool
	for _, e := range list {
		loop.Walk(e, func(e loop.Expr) {
			if r, ok := e.(*loop.Ref); ok {
				if out == nil {
					out = map[*loop.Var]bool{}
				}
				out[r.Var] = true
			}
		})
	}
	return out
}

// dims names the dims of a call that expressions use.
func (s *entry) dims(p *loop.Program, used ...loop.Expr) {
	found := mentioned(used)
	var names, values []string
	for i, d := range p.Dims {
		if found[d] {
			names = append(names, dimName(d))
			values = append(values, fmt.Sprintf("call.Dim[%d]", i))
		}
	}
	if len(names) > 0 {
		fmt.Fprintf(s, "%s := %s\n", strings.Join(names, ", "), strings.Join(values, ", "))
	}
}

func tempName(t *loop.Buf) string { return t.Name + "Temp" }

func dimName(d *loop.Var) string { return d.Name + "Dim" }

// product lists the factors of an expression.
func product(e loop.Expr) []loop.Expr {
	if b, ok := e.(*loop.Binary); ok && b.Op == loop.Mul {
		return append(product(b.A), product(b.B)...)
	}
	return []loop.Expr{e}
}

// goText writes an Int expression over dims in Go.
func goText(e loop.Expr) string {
	switch e := e.(type) {
	case *loop.ConstInt:
		return strconv.FormatInt(e.V, 10)
	case *loop.Ref:
		return dimName(e.Var)
	case *loop.Binary:
		a, b := goText(e.A), goText(e.B)
		switch e.Op {
		case loop.Add, loop.Sub, loop.Mul, loop.Div, loop.Mod, loop.And, loop.Or:
			return "(" + a + e.Op.String() + b + ")"
		case loop.Min, loop.Max:
			return e.Op.String() + "(" + a + ", " + b + ")"
		}
	}
	unsupported("a size of %s", loop.Text(e))
	return ""
}
