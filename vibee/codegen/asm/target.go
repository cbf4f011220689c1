package asm

import (
	"errors"
	"fmt"
	"go/format"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/mmcloughlin/avo/buildtags"
	"github.com/mmcloughlin/avo/ir"
	"github.com/mmcloughlin/avo/printer"

	"github.com/trinity-engine/trinity/runtime/cpu"
	"github.com/trinity-engine/trinity/vibee/codegen"
	"github.com/trinity-engine/trinity/vibee/codegen/golang"
	"github.com/trinity-engine/trinity/vibee/codegen/manifest"
	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/loop/tiles"
)

// Target generates assembly: for each kernel KERNEL_amd64.s with a function for each variant, and
// KERNEL_amd64.go that enters them; for each package the lists of variants, which are empty
// on other processors.
type Target struct{ Module string }

// Name is "asm".
func (Target) Name() string { return "asm" }

// emission is one kernel's, and what came of it.
type emission struct {
	op    *codegen.Op
	k     int // of the op's kernels
	files manifest.Files
	names []string // of variants
	err   error
}

// Emit gives the files under gen/. Kernels are compiled side by side, each by itself.
func (t Target) Emit(u *codegen.Unit) (manifest.Files, error) {
	var list []*emission
	for i := range u.Ops {
		op := &u.Ops[i]
		for k := range op.Plan.Kernels {
			if len(op.Variants) > 0 && len(op.Variants[k]) > 0 {
				list = append(list, &emission{op: op, k: k, files: manifest.Files{}})
			}
		}
	}
	var next atomic.Int64
	var all sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(len(list)); i = next.Add(1) - 1 {
				e := list[i]
				e.names, e.err = t.kernel(e.files, e.op, e.op.Plan.Kernels[e.k].Name, e.op.Variants[e.k])
			}
		})
	}
	all.Wait()
	out := manifest.Files{}
	lists := map[string]*lists{}
	for _, e := range list {
		if e.err != nil {
			return nil, e.err
		}
		maps.Copy(out, e.files)
		pkg := golang.Folder(e.op.Package)
		if lists[pkg] == nil {
			lists[pkg] = newLists(pkg)
		}
		lists[pkg].add(e.op, e.k, e.names)
	}
	for pkg, l := range lists {
		if err := l.files(t.Module, pkg, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// kernel emits the files of one kernel and names the variants that it has.
func (t Target) kernel(out manifest.Files, op *codegen.Op, name string, programs map[string]*loop.Program) (made []string, err error) {
	file := ir.NewFile()
	file.Includes = []string{"textflag.h"}
	data := newConstants(golang.VariantsName(name))
	source := newEntry(t.Module, op, name)
	missed := map[string]bool{} // by variant
	for _, v := range cpu.Variants {
		p := programs[v.Name]
		isa, ok := isas[v.Name]
		if p == nil || !ok {
			continue
		}
		if of := v.Extends; p == programs[of] && !missed[of] {
			continue // it would be the same again
		}
		if !isa.tiles {
			p = tiles.Expand(p)
		}
		fn, fr, miss, err := compile(p, functionName(name, v.Name), isa, data)
		missed[v.Name] = miss
		if errors.Is(err, errUnsupported) {
			continue // the kernel has its other forms
		}
		if err != nil {
			return nil, err
		}
		file.AddSection(fn)
		source.enter(p, fr, v.Name)
		made = append(made, v.Name)
	}
	if len(made) == 0 {
		return nil, nil
	}
	for _, g := range data.order {
		file.AddSection(g)
	}
	file.Constraints = buildtags.Constraints{}
	text, err := printer.NewGoAsm(printer.Config{Name: "vibeec"}).Print(file)
	if err != nil {
		return nil, err
	}
	code, err := source.file()
	if err != nil {
		return nil, err
	}
	base := golang.Folder(op.Package) + "/" + name + "_amd64"
	out[base+".s"] = withHeader(op, programs[made[0]], text)
	out[base+".go"] = code
	return made, nil
}

// withHeader puts the spec's name and the op's equations in the place of avo's first line.
func withHeader(op *codegen.Op, p *loop.Program, text []byte) []byte {
	_, rest, _ := strings.Cut(string(text), "\n")
	head := golang.Header(op.Source) + "\n"
	if len(p.Math) > 0 {
		head += "\n"
		for _, m := range p.Math {
			head += strings.TrimRight("// "+m, " ") + "\n"
		}
	}
	return []byte(head + rest)
}

// functionName is the assembly function of a kernel's variant.
func functionName(kernel, variant string) string {
	return strings.TrimSuffix(golang.VariantsName(kernel), "Variants") + "_" + variant
}

// enterName is the Go function that checks a call and enters it.
func enterName(kernel, variant string) string { return functionName(kernel, variant) + "_call" }

// lists are the variants of a package's kernels.
type lists struct {
	kernels  []string
	variants map[string][]string // in Go
}

func newLists(string) *lists { return &lists{variants: map[string][]string{}} }

func (l *lists) add(op *codegen.Op, k int, variants []string) {
	kernel := op.Plan.Kernels[k].Name
	l.kernels = append(l.kernels, kernel)
	for _, v := range variants {
		own := ""
		if strip := op.Variants[k][v].Strip; strip > 1 {
			own += fmt.Sprintf("Strip: %d, ", strip)
		}
		if name := op.OwnLoop(k, v); name != "" {
			own += fmt.Sprintf("Loop: %q, ", name)
		}
		l.variants[kernel] = append(l.variants[kernel],
			fmt.Sprintf("{CPU: %q, %sScratch: %s_scratch, Run: %s},\n", v, own, functionName(kernel, v), enterName(kernel, v)))
	}
}

// files writes the lists, and their empty forms.
func (l *lists) files(module, pkg string, out manifest.Files) error {
	if len(l.kernels) == 0 {
		return nil
	}
	slices.Sort(l.kernels)
	var here, elsewhere strings.Builder
	head := func(b *strings.Builder, tag string) {
		fmt.Fprintf(b, "%s\n\n", golang.Header("specs"))
		if tag != "" {
			fmt.Fprintf(b, "//go:build %s\n\n", tag)
		}
		fmt.Fprintf(b, "package %s\n\nimport %q\n\n// Variants of the kernels, the best last.\nvar (\n", pkg, module+"/runtime/plan")
	}
	head(&here, "")
	head(&elsewhere, "!amd64")
	for _, k := range l.kernels {
		list := golang.VariantsName(k)
		fmt.Fprintf(&elsewhere, "%s []plan.Variant\n", list)
		if len(l.variants[k]) == 0 {
			fmt.Fprintf(&here, "%s []plan.Variant\n", list)
			continue
		}
		fmt.Fprintf(&here, "%s = []plan.Variant{\n", list)
		for _, v := range l.variants[k] {
			here.WriteString(v)
		}
		here.WriteString("}\n")
	}
	for name, b := range map[string]*strings.Builder{"variants_amd64.go": &here, "variants_other.go": &elsewhere} {
		b.WriteString(")\n")
		src, err := format.Source([]byte(b.String()))
		if err != nil {
			return fmt.Errorf("asm: %s/%s: %w", pkg, name, err)
		}
		out[pkg+"/"+name] = src
	}
	return nil
}
