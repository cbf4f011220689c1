package cpu

import (
	"fmt"
	"strings"

	"github.com/trinity-engine/trinity/runtime/plan"
)

// Variant is a set of instructions that kernels are generated for.
type Variant struct {
	Name string
	Has  string // what it needs, for readers

	// Extends is a variant whose kernels are as good, but for those that profit from what this one has besides.
	Extends string
	// Tiles: a kernel has a form for it only where a schedule names it, and else that of the one before.
	Tiles bool
}

// Variants lists them, each better than the one before it. Generic is none of them: it is plain Go.
var Variants = []Variant{
	{Name: "avx2", Has: "AVX2, F16C, BMI2"},
	{Name: "avx512", Has: "AVX-512 F, BW, VL, DQ and VNNI"},
	{Name: "avx512vbmi", Has: "those of avx512, and AVX-512 VBMI", Extends: "avx512"},
	{Name: "amx", Has: "AMX-TILE, AMX-INT8, AMX-BF16 and the kernel's leave to use them", Tiles: true},
}

// Generic is the name of what runs everywhere.
const Generic = "generic"

// Has reports whether this processor, and its operating system, can run a variant.
func Has(name string) bool { return name == Generic || supported(name) }

// Best is the last variant that can run.
func Best() string {
	best := Generic
	for _, v := range Variants {
		if Has(v.Name) {
			best = v.Name
		}
	}
	return best
}

// Choose gives the variant of a name, or the best one for "". A name that is unknown, or of
// what this processor lacks, is an error.
func Choose(name string) (string, error) {
	if name == "" {
		return Best(), nil
	}
	names := []string{Generic}
	for _, v := range Variants {
		names = append(names, v.Name)
		if v.Name == name && !Has(name) {
			return "", fmt.Errorf("cpu: this processor lacks %s (%s): it has %s", name, v.Has, Best())
		}
	}
	for _, n := range names {
		if n == name {
			return name, nil
		}
	}
	return "", fmt.Errorf("cpu: %q is no variant: there are %s", name, strings.Join(names, ", "))
}

// Kernel gives k as a variant runs it: in its form for the best set of instructions that is not better than name.
func Kernel(k *plan.Kernel, name string) *plan.Kernel {
	var chosen *plan.Variant
	for _, v := range Variants {
		for i := range k.Variants {
			if k.Variants[i].CPU == v.Name && name != Generic {
				chosen = &k.Variants[i]
			}
		}
		if v.Name == name {
			break
		}
	}
	if chosen == nil {
		return k
	}
	out := *k
	out.Scratch = chosen.Scratch
	if chosen.Loop != "" {
		out.Loop = chosen.Loop
	}
	run, generic := chosen.Run, k
	out.Run = func(c *plan.Call, lo, hi int, scratch []byte) {
		if lo = pace(generic, chosen.Strip, run, since, c, lo, hi, scratch); lo < hi { // says what is wrong
			generic.Run(c, lo, hi, make([]byte, generic.Scratch(c)))
		}
	}
	return &out
}
