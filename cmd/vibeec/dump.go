package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/trinity-engine/trinity/runtime/cpu"
	"github.com/trinity-engine/trinity/vibee/codegen"
	"github.com/trinity-engine/trinity/vibee/codegen/bytecode"
	"github.com/trinity-engine/trinity/vibee/grammar"
	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/spec"
	"github.com/trinity-engine/trinity/vibee/source"
	"github.com/trinity-engine/trinity/vibee/vm"
)

var stages = map[string]func(name, specs, program string, out io.Writer) error{
	"ast": dumpTree, "spec": dumpMeaning, "loop": dumpLoops, "bytecode": dumpBytecode,
}

// dump prints what a stage makes of a declaration or of a program.
func dump(args []string, out io.Writer) error {
	flags := newFlags("dump")
	stage := flags.String("stage", "bytecode", "")
	program := flags.String("program", "", "")
	rest, err := parse(flags, args, 1, 2)
	if err != nil {
		return err
	}
	f := stages[*stage]
	switch {
	case f == nil:
		return mistake{fmt.Sprintf("dump: there is no stage %s%s: there are ast, spec, loop and bytecode", *stage, meant(*stage, "ast", "spec", "loop", "bytecode"))}
	case *program != "" && (*stage == "ast" || *stage == "spec"):
		return mistake{"dump: --program is for the stages loop and bytecode"}
	}
	return f(rest[0], append(rest, "specs")[1], *program, out)
}

// meant is a suggestion, where a name is near.
func meant(name string, among ...string) string {
	slices.Sort(among)
	if n := grammar.Nearest(name, among); n != "" {
		return fmt.Sprintf(" (did you mean %s?)", n)
	}
	return ""
}

// dumpTree prints the declarations of a name: an op comes with its schedules.
func dumpTree(name, specs, _ string, out io.Writer) error {
	files, err := source.Read(specs)
	if err != nil {
		return err
	}
	var known []string
	found := false
	for _, f := range files {
		for _, d := range f.Decls {
			full := f.Package.Text + "." + d.Named()
			if known = append(known, full); full == name {
				found = true
				fmt.Fprintf(out, "%s:\n%s", d.At().File, grammar.Dump(d))
			}
		}
	}
	if !found {
		return fmt.Errorf("dump: there is no declaration %s%s: write PACKAGE.NAME", name, meant(name, known...))
	}
	return nil
}

// dumpMeaning prints an op or a format in the Spec IR.
func dumpMeaning(name, specs, _ string, out io.Writer) error {
	prog, err := source.Load(specs)
	if err != nil {
		return err
	}
	var known []string
	for _, o := range prog.Ops {
		if known = append(known, o.FullName()); o.FullName() == name {
			fmt.Fprint(out, spec.PrintOp(o))
			return nil
		}
	}
	for _, f := range prog.Formats {
		full := f.Package + "." + f.Name
		if known = append(known, full); full == name {
			fmt.Fprint(out, spec.PrintFormat(f))
			return nil
		}
	}
	for d, p := range prog.Owner {
		if p+"."+d.Named() == name {
			return fmt.Errorf("dump: %s is no op and no format, so it has no Spec IR: layers and models become plans", name)
		}
	}
	return fmt.Errorf("dump: there is no op or format %s%s: write PACKAGE.NAME", name, meant(name, known...))
}

func dumpLoops(name, specs, program string, out io.Writer) error {
	p, err := programOf(name, specs, program, "go")
	if err != nil {
		return err
	}
	_, err = io.WriteString(out, loop.Print(p))
	return err
}

func dumpBytecode(name, specs, program string, out io.Writer) error {
	p, err := programOf(name, specs, program, "vm")
	if err != nil {
		return err
	}
	code, err := bytecode.Compile(p)
	if err != nil {
		return err
	}
	_, err = io.WriteString(out, vm.Disassemble(code))
	return err
}

// programOf is one program of a kernel.
func programOf(name, specs, program, otherwise string) (*loop.Program, error) {
	if program == "" {
		program = otherwise
	}
	pick := map[string]func(*codegen.Op, int) *loop.Program{
		"go":        func(o *codegen.Op, k int) *loop.Program { return o.Programs[k] },
		"vm":        func(o *codegen.Op, k int) *loop.Program { return o.VM[k] },
		"exact":     func(o *codegen.Op, k int) *loop.Program { return o.Exact[k] },
		"tolerance": func(o *codegen.Op, k int) *loop.Program { return o.Bounds[k] },
	}
	for _, v := range cpu.Variants {
		pick[v.Name] = func(o *codegen.Op, k int) *loop.Program { return o.Variants[k][v.Name] }
	}
	if pick[program] == nil {
		names := slices.Sorted(maps.Keys(pick))
		return nil, mistake{fmt.Sprintf("dump: there is no program %s%s: there are %s", program, meant(program, names...), strings.Join(names, ", "))}
	}
	unit, err := lowered(specs)
	if err != nil {
		return nil, err
	}
	var known []string
	for _, op := range unit.Ops {
		var forms []string
		for i, k := range op.Plan.Kernels {
			full := op.Package + "." + k.Name
			forms = append(forms, full)
			if full != name {
				continue
			}
			if p := pick[program](&op, i); p != nil {
				return p, nil
			}
			return nil, fmt.Errorf("dump: there is no program %s of %s", program, name)
		}
		if op.Plan.Name == name && len(forms) == 0 {
			return nil, fmt.Errorf("dump: %s is compiled for no format: none of its kind has an id, as in `gguf 8`", name)
		}
		if op.Plan.Name == name {
			return nil, fmt.Errorf("dump: %s is compiled once for each format: %s", name, strings.Join(forms, ", "))
		}
		known = append(known, forms...)
	}
	return nil, fmt.Errorf("dump: there is no program %s%s: write PACKAGE.OP_FORMAT; an op on single values is part of those that call it", name, meant(name, known...))
}
