package oracle

import (
	"fmt"
	"slices"
	"strings"

	"github.com/trinity-engine/trinity/gen"
	"github.com/trinity-engine/trinity/gen/bytecode"
	"github.com/trinity-engine/trinity/internal/amxemu"
	"github.com/trinity-engine/trinity/runtime/cpu"
	"github.com/trinity-engine/trinity/runtime/plan"
	"github.com/trinity-engine/trinity/vibee/vm"
)

// Kernel is one kernel with all that is known about it.
type Kernel struct {
	*plan.Kernel
	Op      *plan.Op
	Formats []*plan.Format // of the op's weights, in order
	Loop    *vm.Program    // the scheduled program
	Spec    *vm.Program    // the exact one
	Bound   *vm.Program    // the tolerance between them; nil: none, they agree in every bit

	// Variants are the native forms of the kernel that this machine runs.
	Variants []Variant
	Own      map[string]*vm.Program // scheduled programs of variants that add in an order of their own, on whatever machine
	encoders []*Kernel              // of Formats; nil: a format says nothing of how it is encoded
}

// Name is the kernel's with its package's: "linear.matmul_q4_1".
func (k *Kernel) Name() string {
	pkg, _, _ := strings.Cut(k.Op.Name, ".")
	return pkg + "." + k.Kernel.Name
}

// A Variant is one native form of a kernel.
type Variant struct {
	Name    string
	Scratch func(*plan.Call) int
	Run     func(c *plan.Call, lo, hi int, scratch []byte)
}

// variants are the forms of k that this machine runs. No call of a case is one to refuse.
func variants(k *plan.Kernel) []Variant {
	out := []Variant{{"go", k.Scratch, k.Run}}
	for _, v := range k.Variants {
		if cpu.Has(v.CPU) || tiled(v.CPU) && amxemu.Active() {
			out = append(out, Variant{v.CPU, v.Scratch, func(c *plan.Call, lo, hi int, scratch []byte) {
				if !v.Run(c, lo, hi, scratch) {
					panic("the call is refused")
				}
			}})
		}
	}
	return out
}

// tiled reports whether a variant has tiles.
func tiled(variant string) bool {
	return slices.ContainsFunc(cpu.Variants, func(v cpu.Variant) bool { return v.Tiles && v.Name == variant })
}

// Tiled reports whether the kernel has a form with tiles, on whatever machine.
func (k *Kernel) Tiled() bool {
	return slices.ContainsFunc(k.Kernel.Variants, func(v plan.Variant) bool { return tiled(v.CPU) })
}

// Kernels are all kernels of all ops.
func Kernels() ([]*Kernel, error) {
	formats := map[string]*plan.Format{}
	for i := range gen.Formats {
		formats[gen.Formats[i].Name] = &gen.Formats[i]
	}
	var out []*Kernel
	for _, op := range gen.Ops {
		for i := range op.Kernels {
			k := &Kernel{Kernel: &op.Kernels[i], Op: op, Variants: variants(&op.Kernels[i]), Own: map[string]*vm.Program{}}
			any := k.Kernel.Formats
			for _, p := range op.Params {
				if p.Kind != plan.ParamWeight {
					continue
				}
				name := p.Elem
				if name == "" {
					name, any = any[0], any[1:]
				}
				k.Formats = append(k.Formats, formats[name])
			}
			var err error
			if k.Loop, err = program(k.Kernel.Loop); err != nil {
				return nil, err
			}
			if k.Spec, err = program(k.Kernel.Spec); err != nil {
				return nil, err
			}
			if k.Tolerance != "" {
				if k.Bound, err = program(k.Tolerance); err != nil {
					return nil, err
				}
			}
			for _, v := range k.Kernel.Variants {
				if v.Loop != "" {
					if k.Own[v.CPU], err = program(v.Loop); err != nil {
						return nil, err
					}
				}
			}
			out = append(out, k)
		}
	}
	for _, k := range out {
		for _, f := range k.Formats {
			k.encoders = append(k.encoders, encoder(out, f.Name))
		}
	}
	return out, nil
}

// encoder is the kernel that writes weights of a format; nil: none does.
func encoder(kernels []*Kernel, format string) *Kernel {
	for _, k := range kernels {
		last := k.Op.Params[len(k.Op.Params)-1]
		if last.Kind == plan.ParamWeight && last.Write && (last.Elem == format || slices.Equal(k.Kernel.Formats, []string{format})) {
			return k
		}
	}
	return nil
}

func program(name string) (*vm.Program, error) {
	data, err := bytecode.Programs.ReadFile(name + ".vbc")
	if err != nil {
		return nil, err
	}
	p, err := vm.Decode(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return p, nil
}
