package golang

import (
	"fmt"
	"go/token"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/dave/jennifer/jen"

	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/codegen"
	"github.com/trinity-engine/trinity/vibee/codegen/manifest"
)

// Target generates Go: a package of kernels for each package of specs, one of models,
// and gen itself, which lists them.
type Target struct{ Module string }

// Name is "go".
func (Target) Name() string { return "go" }

// Emit gives the files under gen/.
func (t Target) Emit(u *codegen.Unit) (manifest.Files, error) {
	out := manifest.Files{"half/half.go": Half("specs")}
	packages := map[string]*Package{}
	lits := map[string]Literals{}
	for _, op := range u.Ops {
		p := packages[op.Package]
		if p == nil {
			name := Folder(op.Package)
			p = NewPackage(Config{Module: t.Module, Path: "gen/" + name, Name: name,
				Doc: fmt.Sprintf("Package %s holds the kernels of the ops of package %s of the specs.", name, op.Package)})
			packages[op.Package], lits[op.Package] = p, Literals{Functions: map[string]Functions{}}
		}
		for i, k := range op.Plan.Kernels {
			f := p.File(k.Name+".go", op.Source)
			fn, err := f.Kernel(op.Programs[i])
			if err != nil {
				return nil, err
			}
			if len(op.Variants) > 0 && len(op.Variants[i]) > 0 {
				fn.Variants = VariantsName(k.Name)
			}
			lits[op.Package].Functions[k.Name] = fn
		}
	}
	for _, op := range u.Ops {
		p := packages[op.Package]
		code, err := p.Value(*op.Plan, lits[op.Package])
		if err != nil {
			return nil, err
		}
		name := opVar(op.Plan)
		p.File("op_"+strings.ToLower(name)+".go", op.Source).Add(
			jen.Commentf("%s is the op %s.", name, op.Plan.Name).Line().Var().Id(name).Op("=").Add(code))
	}
	models := NewPackage(Config{Module: t.Module, Path: "gen/models", Name: "models", Doc: "Package models holds the plan of each architecture, as data."})
	ref := func(v any) *jen.Statement {
		if op, ok := v.(*plan.Op); ok {
			return jen.Op("&").Qual(t.Module+"/gen/"+Folder(packageOf(op)), opVar(op))
		}
		return nil
	}
	var archs []jen.Code
	for _, m := range u.Models {
		code, err := models.Value(*m.Plan, Literals{Ref: ref})
		if err != nil {
			return nil, err
		}
		name := exported(m.Plan.Name)
		models.File(m.Plan.Name+".go", m.Source).Add(
			jen.Commentf("%s reads files of the architecture %q.", name, m.Plan.Arch).Line().Var().Id(name).Op("=").Add(code))
		archs = append(archs, jen.Lit(m.Plan.Arch).Op(":").Op("&").Qual(t.Module+"/gen/models", name))
	}
	gen := NewPackage(Config{Module: t.Module, Path: "gen", Name: "gen", Doc: "Package gen lists what is generated: the formats, ops and models of the specs."})
	file := gen.File("gen.go", "specs")
	formats, err := gen.Value(u.Formats, Literals{})
	if err != nil {
		return nil, err
	}
	var ops, hosts []jen.Code
	for _, op := range u.Ops {
		if op.Host != "" {
			hosts = append(hosts, jen.Lit(op.Host).Op(":").Op("&").Qual(t.Module+"/gen/"+Folder(op.Package), opVar(op.Plan)))
		}
		ops = append(ops, jen.Op("&").Qual(t.Module+"/gen/"+Folder(op.Package), opVar(op.Plan)))
	}
	file.Add(jen.Comment("Models are the architectures, by general.architecture.").Line().Var().Id("Models").Op("=").
		Map(jen.String()).Op("*").Qual(gen.plan(), "Model").Values(lines(archs)...))
	file.Add(jen.Comment("Ops are all ops that have kernels.").Line().Var().Id("Ops").Op("=").Index().Op("*").Qual(gen.plan(), "Op").Values(lines(ops)...))
	file.Add(jen.Comment("Host are the ops that the program around the models calls, by the names that it knows.").Line().Var().Id("Host").Op("=").
		Map(jen.String()).Op("*").Qual(gen.plan(), "Op").Values(lines(hosts)...))
	file.Add(jen.Comment("Formats are the formats of weights.").Line().Var().Id("Formats").Op("=").Add(formats))
	for _, p := range append(slices.Collect(maps.Values(packages)), models, gen) {
		files, err := p.Files()
		if err != nil {
			return nil, err
		}
		for name, src := range files {
			out[strings.TrimPrefix(path.Join(p.Path, name), "gen/")] = src
		}
	}
	return out, nil
}

// Folder is the Go package of a package's ops. Names that mean something to Go, or to what is generated
// besides, get a suffix.
func Folder(pkg string) string {
	switch pkg {
	case "models", "half", "bytecode", "plan", "main", "internal", "vendor", "testdata":
		return pkg + "ops"
	}
	if token.IsKeyword(pkg) || strings.HasPrefix(pkg, "_") {
		return "ops" + pkg
	}
	return pkg
}

// lines puts each item on a line of its own.
func lines(items []jen.Code) []jen.Code {
	out := make([]jen.Code, 0, len(items)+1)
	for _, i := range items {
		out = append(out, jen.Line().Add(i))
	}
	return append(out, jen.Line())
}

func packageOf(op *plan.Op) string {
	pkg, _, _ := strings.Cut(op.Name, ".")
	return pkg
}

// opVar is the variable of an op: linear.matmul is linear.Matmul.
func opVar(op *plan.Op) string {
	_, name, _ := strings.Cut(op.Name, ".")
	return exported(name)
}

func exported(name string) string {
	name = camel(strings.ReplaceAll(name, ".", "_"))
	return strings.ToUpper(name[:1]) + name[1:]
}
