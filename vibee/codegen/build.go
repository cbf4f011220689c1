package codegen

import (
	"cmp"
	"maps"
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

// Build lowers everything that a checked program declares.
func Build(prog *check.Program) (*Unit, error) {
	u := &Unit{}
	for _, f := range prog.Formats {
		if !f.Page {
			u.Formats = append(u.Formats, models.Format(f))
		}
	}
	slices.SortFunc(u.Formats, func(a, b plan.Format) int { return cmp.Compare(a.Name, b.Name) })
	plans := map[*spec.Op]*plan.Op{}
	for _, o := range prog.Ops {
		if o.Scalar() {
			continue
		}
		op, err := buildOp(o, prog.Formats)
		if err != nil {
			return nil, err
		}
		plans[o] = op.Plan
		u.Ops = append(u.Ops, *op)
	}
	encoders, err := buildEncoders(prog.Formats)
	if err != nil {
		return nil, err
	}
	for _, op := range encoders {
		u.Ops = append(u.Ops, *op)
	}
	slices.SortFunc(u.Ops, func(a, b Op) int { return cmp.Compare(a.Plan.Name, b.Plan.Name) })
	built, err := models.Build(prog, plans)
	if err != nil {
		return nil, err
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

func buildOp(o *spec.Op, formats []*spec.Format) (*Op, error) {
	op := &Op{Plan: models.Op(o), Source: source(o.Pos), Package: o.Package}
	for _, choice := range lower.FormatChoices(o, formats) {
		if err := op.kernel(o, choice); err != nil {
			return nil, err
		}
	}
	return op, nil
}

// buildEncoders gives each package of formats its op encode, with a kernel for each format that
// says how it is encoded.
func buildEncoders(formats []*spec.Format) ([]*Op, error) {
	ops := map[string]*Op{}
	for _, f := range formats {
		o := lower.Encoder(f)
		if o == nil {
			continue
		}
		op := ops[f.Package]
		if op == nil {
			op = &Op{Plan: models.Op(o), Source: "specs", Package: f.Package}
			op.Plan.Facts = nil // K is a multiple of each kernel's own block
			ops[f.Package] = op
		}
		if err := op.kernel(o, []*spec.Format{f}); err != nil {
			return nil, err
		}
	}
	return slices.Collect(maps.Values(ops)), nil
}

// kernel adds the kernel of o for a choice of formats.
func (op *Op) kernel(o *spec.Op, choice []*spec.Format) error {
	lowered := func(opt lower.Options) (*loop.Program, error) {
		opt.Formats = choice
		return lower.Op(o, opt)
	}
	native, err := lowered(lower.Options{Target: "go"})
	if err != nil {
		return err
	}
	variants := map[string]*loop.Program{}
	for _, v := range cpu.Variants {
		if variants[v.Name], err = lowered(lower.Options{Target: v.Name, Instead: "go"}); err != nil {
			return err
		}
	}
	reference, err := lowered(lower.Options{Target: "vm"})
	if err != nil {
		return err
	}
	exact, err := lowered(lower.Options{Mode: lower.Exact})
	if err != nil {
		return err
	}
	var bound *loop.Program
	if len(o.Tolerances) > 0 {
		if bound, err = lowered(lower.Options{Mode: lower.Tolerance}); err != nil {
			return err
		}
	}
	name := o.Package + "." + lower.Name(o, choice)
	k := plan.Kernel{Name: lower.Name(o, choice), Grain: native.Grain, Loop: name + ".loop", Spec: name + ".spec"}
	if bound != nil {
		k.Tolerance = name + ".tolerance"
	}
	for _, f := range choice {
		k.Formats = append(k.Formats, f.Name)
	}
	op.Plan.Kernels = append(op.Plan.Kernels, k)
	op.Programs = append(op.Programs, native)
	op.Variants = append(op.Variants, variants)
	op.VM = append(op.VM, reference)
	op.Exact = append(op.Exact, exact)
	op.Bounds = append(op.Bounds, bound)
	return nil
}
