package codegen

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/trinity-engine/trinity/runtime/cpu"
	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/check"
	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/lower"
	"github.com/trinity-engine/trinity/vibee/ir/models"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
)

// Compile checks files and lowers everything that they declare. The error is grammar.Errors: of
// everything that does not depend on what is wrong, too.
func Compile(files []*grammar.File) (*Unit, error) {
	prog, err := check.Check(files)
	errs, _ := err.(grammar.Errors)
	unit, err := Build(prog)
	more, _ := err.(grammar.Errors)
	if errs = append(errs, more...); len(errs) > 0 {
		return nil, errs.Sorted()
	}
	return unit, nil
}

// Build lowers everything that is right in a program. The error is grammar.Errors.
func Build(prog *check.Program) (*Unit, error) {
	u := &Unit{}
	for _, f := range prog.Formats {
		if !f.Page {
			u.Formats = append(u.Formats, models.Format(f))
		}
	}
	slices.SortFunc(u.Formats, func(a, b plan.Format) int { return cmp.Compare(a.Name, b.Name) })
	plans := map[*spec.Op]*plan.Op{}
	var errs grammar.Errors
	for _, o := range prog.Ops {
		if o.Scalar() {
			continue
		}
		op, bad := buildOp(o, prog.Formats)
		errs = append(errs, bad...)
		plans[o] = op.Plan
		u.Ops = append(u.Ops, *op)
	}
	slices.SortFunc(u.Ops, func(a, b Op) int { return cmp.Compare(a.Plan.Name, b.Plan.Name) })
	built, err := models.Build(prog, plans)
	if bad, ok := err.(grammar.Errors); ok {
		errs = append(errs, bad...)
	}
	if len(errs) > 0 {
		return nil, errs.Sorted().Quote(prog.Files)
	}
	for i, m := range built {
		u.Models = append(u.Models, Model{Plan: m, Source: source(prog.Models[i].Pos)})
	}
	slices.SortFunc(u.Models, func(a, b Model) int { return cmp.Compare(a.Plan.Name, b.Plan.Name) })
	return u, nil
}

// source is a spec's path from the project's root.
func source(pos grammar.Pos) string {
	if i := strings.LastIndex(pos.File, "specs/"); i >= 0 {
		return pos.File[i:]
	}
	return pos.File
}

// maxKernels bounds the kernels of an op.
const maxKernels = 1 << 10

// buildOp lowers an op for all formats of its weights, up to the first error.
func buildOp(o *spec.Op, formats []*spec.Format) (*Op, grammar.Errors) {
	op := &Op{Plan: models.Op(o), Source: source(o.Pos), Package: o.Package, Host: o.Host}
	if n := lower.CountChoices(o, formats); n > maxKernels {
		return op, grammar.Errors{{Pos: o.Pos, Message: fmt.Sprintf("%s is compiled for all formats of its weights, which makes %d kernels: the limit is %d", o.Name, n, maxKernels)}}
	}
	for _, choice := range lower.FormatChoices(o, formats) {
		if err := op.kernel(o, choice); err != nil {
			return op, grammar.Errors{err} // most likely it would be the same for others
		}
	}
	return op, nil
}

// kernel adds the kernel of o for a choice of formats.
func (op *Op) kernel(o *spec.Op, choice []*spec.Format) (bad *grammar.Error) {
	lowered := func(opt lower.Options) *loop.Program {
		if bad != nil {
			return nil
		}
		opt.Formats = choice
		p, err := lower.Op(o, opt)
		bad, _ = err.(*grammar.Error)
		return p
	}
	name := o.Package + "." + lower.Name(o, choice)
	k := plan.Kernel{Name: lower.Name(o, choice), Loop: name + ".loop", Spec: name + ".spec"}
	for _, f := range choice {
		k.Formats = append(k.Formats, f.Name)
	}
	native, reference, exact := lowered(lower.Options{Target: "go"}), lowered(lower.Options{Target: "vm"}), lowered(lower.Options{Mode: lower.Exact})
	variants := map[string]*loop.Program{}
	for _, v := range cpu.Variants {
		of := variants[v.Extends]
		switch {
		case o.Arranged(v.Name):
		case v.Tiles:
			continue
		case of != nil:
			variants[v.Name] = of
			continue
		}
		variants[v.Name] = lowered(lower.Options{Target: v.Name, Instead: "go"})
	}
	var bound *loop.Program
	if len(o.Tolerances) > 0 {
		k.Tolerance = name + ".tolerance"
		bound = lowered(lower.Options{Mode: lower.Tolerance})
	}
	if bad != nil {
		return bad
	}
	k.Grain = native.Grain
	if native.Rows > 1 {
		k.Rows = native.Rows
	}
	op.Plan.Kernels = append(op.Plan.Kernels, k)
	op.Programs = append(op.Programs, native)
	op.Variants = append(op.Variants, variants)
	op.VM = append(op.VM, reference)
	op.Exact = append(op.Exact, exact)
	op.Bounds = append(op.Bounds, bound)
	return nil
}
