package codegen

import (
	"fmt"

	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/codegen/manifest"
	"github.com/trinity-engine/trinity/vibee/ir/loop"
	"github.com/trinity-engine/trinity/vibee/ir/loop/tiles"
)

// Unit is what one run of the compiler hands to every target.
type Unit struct {
	Formats []plan.Format
	Ops     []Op
	Models  []Model
}

// Op is an op with its compiled kernels. For Plan.Kernels[i], Programs[i] is the program
// scheduled for Go, VM[i] the one scheduled for the VM, Exact[i] what the spec says,
// Bounds[i] the bound between them (nil: none).
type Op struct {
	Plan     *plan.Op
	Source   string // "specs/linear.vibee"
	Package  string // "linear"
	Host     string // what the program around the models calls it, or ""
	Programs []*loop.Program
	Variants []map[string]*loop.Program // of each kernel: the programs scheduled for processors, by their names
	VM       []*loop.Program
	Exact    []*loop.Program
	Bounds   []*loop.Program
}

// OwnLoop names the bytecode of kernel k's program for a variant, where that adds in an order of its own; "": its bits are
// the kernel's.
func (o *Op) OwnLoop(k int, variant string) string {
	if p := o.Variants[k][variant]; p == nil || !tiles.SumsFloats(p) {
		return ""
	}
	return o.Plan.Kernels[k].Loop + "." + variant
}

// Model is a model's plan, whose steps point to the Plan of a Unit's ops.
type Model struct {
	Plan   *plan.Model
	Source string
}

// Target generates files from a unit. Paths are relative to the output folder, with slashes.
type Target interface {
	Name() string // "go", "bytecode", "asm"
	Emit(*Unit) (manifest.Files, error)
}

// Generate runs all targets. Two files of one path are an error that names both targets.
func Generate(u *Unit, targets ...Target) (manifest.Files, error) {
	all, from := manifest.Files{}, map[string]string{}
	for _, t := range targets {
		files, err := t.Emit(u)
		if err != nil {
			return nil, fmt.Errorf("codegen: target %s: %w", t.Name(), err)
		}
		for path, data := range files {
			if other, ok := from[path]; ok {
				return nil, fmt.Errorf("codegen: targets %s and %s both generate %s", other, t.Name(), path)
			}
			all[path], from[path] = data, t.Name()
		}
	}
	return all, nil
}
